// One fingerprint for all weights: who has the same has trained the same.
import { type Net, parametersOf } from './model.ts'
import { checkWeights } from './weights-for.ts'

/** SHA-256, in hexadecimal, over name, shape and little-endian float32 bytes of each parameter, in model order. */
export async function weightsHash(net: Net, weights: ReadonlyMap<string, Float32Array>): Promise<string> {
  checkWeights(net, weights, 'weightsHash')
  const parts = parametersOf(net).flatMap(({ name, shape }) => [
    new TextEncoder().encode(`${name}[${shape}]`),
    bytesOf(weights.get(name)!),
  ])
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', all))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function bytesOf(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4))
  for (const [index, value] of values.entries()) view.setFloat32(index * 4, value, true)
  return new Uint8Array(view.buffer)
}
