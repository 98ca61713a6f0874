// ONNX Runtime in wasm, one thread, on the model that lenet exported.
//   node bench/peers/onnx-web.ts inference BATCH 1 MODEL.onnx CHANNELS
import { readFileSync } from 'node:fs'
import { serve, versionOf } from './serve.ts'

await serve(async ({ batch, rest: [model, channels] }) => {
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web' as string)
  env.wasm.numThreads = 1
  const session = await InferenceSession.create(new Uint8Array(readFileSync(model!)), { executionProviders: ['wasm'] })
  const shape = [batch, Number(channels), 32, 32]
  const size = shape.reduce((product, extent) => product * extent, 1)
  const images = new Tensor(
    'float32',
    Float32Array.from({ length: size }, () => Math.random() * 2 - 1),
    shape,
  )
  const feeds = { [session.inputNames[0]]: images }
  return { version: versionOf('onnxruntime-web'), step: () => session.run(feeds) }
})
