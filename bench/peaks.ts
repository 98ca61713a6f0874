// What one core of this machine can do, in operations a second: the better of strict and fused arithmetic.
import { wasmPeak } from '../packages/lenet/src/measure/wasm-peak.ts'
import { nativePeak } from '../packages/lenet/src/node/native-peak.ts'

export interface Peaks {
  readonly native: number
  readonly wasm: number
  /** In words. */
  readonly text: string
}

export function measurePeaks(): Peaks {
  const [wasm, wasmFast] = [wasmPeak(), wasmPeak(true)]
  const [native, nativeFast] = nativePeaks()
  const giga = (rate: number): string => (rate / 1e9).toFixed(0)
  return {
    native: Math.max(native, nativeFast),
    wasm: Math.max(wasm, wasmFast),
    text: `One core reaches ${giga(native)} GFLOP/s in C with separate, ${giga(nativeFast)} with fused multiplication and addition; in wasm ${giga(wasm)} and ${giga(wasmFast)}.`,
  }
}

function nativePeaks(): [strict: number, fast: number] {
  try {
    return [nativePeak(), nativePeak(true)]
  } catch (error) {
    console.error((error as Error).message)
    return [Number.NaN, Number.NaN]
  }
}
