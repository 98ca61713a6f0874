// The probes in wasm.

import {
  assemble,
  type Code,
  get,
  i32,
  LANES,
  load,
  newBody,
  op,
  repeat,
  set,
  store,
  tee,
  type WasmFunction,
} from '../engine/wasm/assemble.ts'
import { type Probe, peakOf, sources, widths } from './peak.ts'

/** Bytes that are walked: half of a first-level cache. The factor lies behind them. */
const WALKED = 16384

/** Operations a second that one core reaches in wasm, a multiplication and its addition rounded once where `fast`. */
export function wasmPeak(fast = false): number {
  const code = assemble(
    sources.flatMap((source) => widths.map((width) => printProbe(source, width, fast))),
    { initial: 1, maximum: 1, shared: false },
  )
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  new Float32Array(memory.buffer, 0, (WALKED + 1024) / 4).fill(1)
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } })
  return peakOf(
    sources.flatMap((source) =>
      widths.map((width): Probe => {
        const run = exports[`${source} ${width}`] as (times: number) => void
        return { width, lanes: LANES, run }
      }),
    ),
  )
}

/** (times): sums that grow by a product each, of a number that is multiplied on or that comes from memory. */
function printProbe(source: (typeof sources)[number], width: number, fast: boolean): WasmFunction {
  const body = newBody(['i32'])
  const vectors = (count: number): number[] => Array.from({ length: count }, () => body.local('v128'))
  const [factor, at] = [body.local('v128'), body.local('i32')]
  const [sums, products] = [vectors(width), vectors(source === 'registers' && !fast ? width : 0)]
  const begin = [factor, ...sums, ...products].map((local): Code => [i32(WALKED), load.v128(0), set(local)])
  const one = (sum: number, n: number): Code => {
    if (source === 'cache') return [growBy(get(sum), [get(at), load.v128(16 * n)], get(factor), fast), set(sum)]
    if (fast) return [op('f32x4.relaxed_madd', get(sum), get(factor), get(factor)), set(sum)]
    const product = products[n]!
    return [op('f32x4.add', get(sum), [op('f32x4.mul', get(product), get(factor)), tee(product)]), set(sum)]
  }
  const move = [op('i32.and', op('i32.add', get(at), i32(16 * width)), i32(WALKED - 1)), set(at)]
  const next: Code = [op('i32.sub', get(0), i32(1)), tee(0)]
  return {
    body,
    code: [
      begin,
      repeat(sums.map(one), source === 'cache' ? move : [], next),
      sums.map((sum, n): Code => [i32(WALKED), get(sum), store.v128(512 + 16 * n)]),
    ],
    name: `${source} ${width}`,
  }
}

const growBy = (sum: Code, a: Code, b: Code, fast: boolean): Code =>
  fast ? op('f32x4.relaxed_madd', a, b, sum) : op('f32x4.add', sum, op('f32x4.mul', a, b))
