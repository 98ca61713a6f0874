// ONNX Runtime's native library, on the model that lenet exported.
//   node bench/peers/onnx-node.ts inference BATCH THREADS MODEL.onnx CHANNELS
import { serve, versionOf } from './serve.ts'

await serve(async ({ batch, threads, rest: [model, channels] }) => {
  const { InferenceSession, Tensor } = await import('onnxruntime-node' as string)
  const session = await InferenceSession.create(model, { intraOpNumThreads: threads, interOpNumThreads: 1 })
  const shape = [batch, Number(channels), 32, 32]
  const size = shape.reduce((product, extent) => product * extent, 1)
  const images = new Tensor(
    'float32',
    Float32Array.from({ length: size }, () => Math.random() * 2 - 1),
    shape,
  )
  const feeds = { [session.inputNames[0]]: images }
  return { version: versionOf('onnxruntime-node'), step: () => session.run(feeds) }
})
