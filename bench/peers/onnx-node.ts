// ONNX Runtime's native library, on the model that lenet exported.
//   node bench/peers/onnx-node.ts inference BATCH THREADS MODEL.onnx
import { serve, versionOf } from './serve.ts'

await serve(async ({ batch, threads, rest: [model] }) => {
  const { InferenceSession, Tensor } = await import('onnxruntime-node' as string)
  const session = await InferenceSession.create(model, { intraOpNumThreads: threads, interOpNumThreads: 1 })
  const images = new Tensor(
    'float32',
    Float32Array.from({ length: batch * 3072 }, () => Math.random() * 2 - 1),
    [batch, 3, 32, 32],
  )
  const feeds = { [session.inputNames[0]]: images }
  return { version: versionOf('onnxruntime-node'), step: () => session.run(feeds) }
})
