// jax-js on wasm, one thread.
//   node bench/peers/jax.ts training|inference BATCH
import { serve, versionOf } from './serve.ts'

await serve(async ({ mode, batch }) => {
  const jax = await import('@jax-js/jax' as string)
  const { numpy: np, nn, lax, tree } = jax
  await jax.init('wasm')
  jax.defaultDevice('wasm')
  const noise = (...shape: number[]) => {
    const size = shape.reduce((product, extent) => product * extent, 1)
    const width = 1 / Math.sqrt(size / shape[0]!)
    return np.array(Float32Array.from({ length: size }, () => (2 * Math.random() - 1) * width)).reshape(shape)
  }
  type Value = ReturnType<typeof noise>
  // A use takes a value away unless it is one of `.ref`.
  let weights = {
    conv1: [noise(6, 3, 5, 5), noise(6)],
    conv2: [noise(16, 6, 5, 5), noise(16)],
    fc1: [noise(120, 400), noise(120)],
    fc2: [noise(84, 120), noise(84)],
    fc3: [noise(10, 84), noise(10)],
  }
  const convolve = (x: Value, [weight, bias]: Value) =>
    lax.conv(x, weight, [1, 1], 'VALID').add(bias.reshape([1, -1, 1, 1]))
  const pool = (x: Value) => {
    const [n, c, h, w] = x.shape
    return np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5])
  }
  const connect = (x: Value, [weight, bias]: Value) => np.matmul(x, weight.transpose()).add(bias)
  const scores = ({ conv1, conv2, fc1, fc2, fc3 }: Value, x: Value) => {
    const features = pool(nn.relu(convolve(pool(nn.relu(convolve(x, conv1))), conv2)))
    return connect(nn.relu(connect(nn.relu(connect(features.reshape([batch, 400]), fc1)), fc2)), fc3)
  }
  const images = noise(batch, 3, 32, 32)
  const version = versionOf('@jax-js/jax')
  if (mode === 'inference') {
    const predict = jax.jit(scores)
    return { version, step: async () => void (await predict(tree.ref(weights), images.ref).data()) }
  }
  const targets = nn.oneHot(
    np.array(
      Int32Array.from({ length: batch }, (_, n) => n % 10),
      { dtype: np.int32 },
    ),
    10,
  )
  const loss = (parameters: Value, x: Value, y: Value) =>
    np.mean(np.sum(nn.logSoftmax(scores(parameters, x), -1).mul(y), -1)).mul(-1)
  const update = jax.jit((parameters: Value, velocity: Value, x: Value, y: Value) => {
    const gradient = jax.grad(loss)(tree.ref(parameters), x, y)
    const moved = tree.map((v: Value, g: Value) => v.mul(0.9).add(g), velocity, gradient)
    return [tree.map((p: Value, v: Value) => p.sub(v.mul(0.001)), parameters, tree.ref(moved)), moved]
  })
  let velocity = tree.map((p: Value) => p.mul(0), tree.ref(weights))
  return {
    version,
    step: async () => {
      ;[weights, velocity] = update(weights, velocity, images.ref, targets.ref)
      await jax.blockUntilReady(tree.ref(weights))
    },
  }
})
