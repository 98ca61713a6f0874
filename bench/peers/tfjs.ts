// TensorFlow.js: inference on wasm, one thread; training in plain JavaScript, since its wasm has no gradient of a
// convolution.
//   node bench/peers/tfjs.ts training|inference BATCH
import { serve, versionOf } from './serve.ts'

await serve(async ({ mode, batch }) => {
  // Says how much faster another package would be.
  console.warn = () => undefined
  const tf = await import('@tensorflow/tfjs' as string)
  if (mode === 'inference') await import('@tensorflow/tfjs-backend-wasm' as string)
  await tf.setBackend(mode === 'inference' ? 'wasm' : 'cpu')
  await tf.ready()
  const { layers } = tf
  const convolve = (filters: number, rest: object = {}) =>
    layers.conv2d({ filters, kernelSize: 5, activation: 'relu', ...rest })
  const pool = () => layers.maxPooling2d({ poolSize: 2 })
  const net = tf.sequential({
    layers: [
      convolve(6, { inputShape: [32, 32, 3] }),
      pool(),
      convolve(16),
      pool(),
      layers.flatten(),
      layers.dense({ units: 120, activation: 'relu' }),
      layers.dense({ units: 84, activation: 'relu' }),
      layers.dense({ units: 10 }),
    ],
  })
  const images = tf.randomNormal([batch, 32, 32, 3])
  const version = versionOf('@tensorflow/tfjs')
  if (mode === 'inference')
    return {
      version,
      step: () => {
        const scores = net.predict(images)
        scores.dataSync()
        scores.dispose()
      },
    }
  const labels = tf.oneHot(tf.range(0, batch, 1, 'int32').mod(tf.scalar(10, 'int32')), 10)
  const optimizer = tf.train.momentum(0.001, 0.9)
  return {
    version,
    step: () => optimizer.minimize(() => tf.losses.softmaxCrossEntropy(labels, net.apply(images))),
  }
})
