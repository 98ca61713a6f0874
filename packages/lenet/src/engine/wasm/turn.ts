// Four samples, one after the other, as four lanes. Bytes become floats.
import {
  type Body,
  type Code,
  f32x4,
  get,
  load,
  loadLane,
  op,
  set,
  shuffle,
  shuffleLanes,
  store,
  storeLane,
} from './assemble.ts'

interface At {
  readonly local: number
  readonly offset: number
}

/** Byte `from` of a vector in the low byte of lane n, for each n-th `from`; the second operand is zero. */
const spread = (from: readonly number[]): Code => shuffle(from.flatMap((byte) => [byte, 16, 16, 16]))

/** Up to four bytes become as many floats. */
export function widenBytes(body: Body, to: At, from: At, count: number): Code {
  const floats = body.local('v128')
  const bytes: Code = [get(from.local), load.zero(from.offset)]
  const read: Code = [op('f32x4.convert_u32', [bytes, f32x4(0), spread([0, 1, 2, 3])]), set(floats)]
  if (count === 4) return [read, get(to.local), get(floats), store.v128(to.offset)]
  const one = (lane: number): Code => [get(to.local), get(floats), storeLane(lane, to.offset + lane * 4)]
  return [read, Array.from({ length: count }, (_, lane) => one(lane))]
}

/** Four bytes of four samples: element e of each sample becomes the low byte of its lane. */
export function turnBytes(body: Body, rows: readonly number[], { local, offset }: At, stride: number): Code {
  const bytes = body.local('v128')
  const gather = [0, 1, 2, 3].reduce<Code>(
    (vector, lane) => [get(local), vector, loadLane(lane, offset + lane * stride)],
    f32x4(0),
  )
  const floats = (e: number) => op('f32x4.convert_u32', [get(bytes), f32x4(0), spread([e, 4 + e, 8 + e, 12 + e])])
  return [gather, set(bytes), rows.map((row, e) => [floats(e), set(row)])]
}

/** Transposes four floats of four samples. */
export function turnFloats(body: Body, rows: readonly number[], { local, offset }: At, stride: number): Code {
  const samples = rows.map(() => body.local('v128'))
  const [low01, low23, high01, high23] = rows.map(() => body.local('v128')) as [number, number, number, number]
  const pair = (a: number, b: number, lanes: readonly number[], to: number): Code => [
    [get(a), get(b), shuffleLanes(...lanes)],
    set(to),
  ]
  const [a, b, c, d] = samples as [number, number, number, number]
  return [
    samples.map((sample, lane) => [get(local), load.v128(offset + lane * stride), set(sample)]),
    [pair(a, b, [0, 4, 1, 5], low01), pair(c, d, [0, 4, 1, 5], low23)],
    [pair(a, b, [2, 6, 3, 7], high01), pair(c, d, [2, 6, 3, 7], high23)],
    [pair(low01, low23, [0, 1, 4, 5], rows[0]!), pair(low01, low23, [2, 3, 6, 7], rows[1]!)],
    [pair(high01, high23, [0, 1, 4, 5], rows[2]!), pair(high01, high23, [2, 3, 6, 7], rows[3]!)],
  ]
}
