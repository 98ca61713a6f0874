// Samples lie one after the other outside, four side by side inside: these functions turn one into the other. Where a block
// is one sample, they copy.

import { type Run, runsOf } from '../compile/runs.ts'
import type { Place } from '../compile/storage.ts'
import { sizeOf } from '../program.ts'
import {
  type Body,
  type Code,
  copyMemory,
  f32x4,
  get,
  i32,
  load,
  loadLane,
  newBody,
  op,
  repeat,
  set,
  shuffle,
  shuffleLanes,
  store,
  storeLane,
  tee,
  type WasmFunction,
} from './assemble.ts'

const BLOCK = 0
const OUTSIDE = 1

/** (block, address of its first sample): reads four samples of a shape into lanes at their place. */
export function printPack(
  element: 'uint8' | 'float32',
  shape: readonly number[],
  place: Place,
  samples: number,
): WasmFunction {
  const body = newBody(['i32', 'i32'])
  if (samples === 1) return { body, code: overRows(body, runsOf(shape, place, 1), copyRow(body, element, place)) }
  const four = element === 'uint8' ? packBytes : packFloats
  const width = element === 'uint8' ? 1 : 4
  const size = sizeOf(shape)
  const some = (count: number): Code => [
    four(body, size, place.offset, count),
    move(BLOCK, count * 16),
    move(OUTSIDE, count * width),
  ]
  const row = (count: number): Code => [
    count < 4 ? [] : countedLoop(body, Math.floor(count / 4), some(4)),
    count % 4 === 0 ? [] : some(count % 4),
  ]
  return { body, code: overRows(body, runsOf(shape, place, 4), row) }
}

/** (block, address of its first sample): writes lanes out as four samples of float32. */
export function printUnpack(shape: readonly number[], place: Place, samples: number): WasmFunction {
  const body = newBody(['i32', 'i32'])
  if (samples === 1) {
    const copy = (count: number): Code => [
      [get(OUTSIDE), op('i32.add', get(BLOCK), i32(place.offset)), i32(count * 4), copyMemory],
      [move(BLOCK, count * 4), move(OUTSIDE, count * 4)],
    ]
    return { body, code: overRows(body, runsOf(shape, place, 1), copy) }
  }
  const lanes = [0, 1, 2, 3].map((lane) => [
    get(OUTSIDE),
    [get(BLOCK), load.v128(place.offset)],
    storeLane(lane, lane * sizeOf(shape) * 4),
  ])
  const row = (count: number): Code => countedLoop(body, count, [lanes, move(BLOCK, 16), move(OUTSIDE, 4)])
  return { body, code: overRows(body, runsOf(shape, place, 4), row) }
}

/** Loops over all axes but the last, which `row` walks. */
function overRows(body: Body, [run, ...rest]: readonly Run[], row: (count: number) => Code): Code {
  if (rest.length === 0) return row(run!.count)
  const [inner] = rest
  return countedLoop(body, run!.count, [
    overRows(body, rest, row),
    move(BLOCK, run!.stride - inner!.count * inner!.stride),
  ])
}

const move = (local: number, bytes: number): Code => [op('i32.add', get(local), i32(bytes)), set(local)]

function countedLoop(body: Body, count: number, turn: Code): Code {
  const left = body.local('i32')
  return [i32(count), set(left), repeat(turn, [op('i32.sub', get(left), i32(1)), tee(left)])]
}

/** A row of one sample; bytes become floats. */
function copyRow(body: Body, element: 'uint8' | 'float32', { offset }: Place): (count: number) => Code {
  if (element === 'float32')
    return (count) => [
      [op('i32.add', get(BLOCK), i32(offset)), get(OUTSIDE), i32(count * 4), copyMemory],
      [move(BLOCK, count * 4), move(OUTSIDE, count * 4)],
    ]
  const floats = body.local('v128')
  const spread = shuffle([0, 1, 2, 3].flatMap((from) => [from, 16, 16, 16]))
  const read: Code = [op('f32x4.convert_u32', [[get(OUTSIDE), load.zero(0)], f32x4(0), spread]), set(floats)]
  const four = [read, get(BLOCK), get(floats), store.v128(offset)]
  const some = (count: number): Code => [
    count === 0 ? [] : read,
    Array.from({ length: count }, (_, lane) => [get(BLOCK), get(floats), storeLane(lane, offset + lane * 4)]),
  ]
  const moves = (count: number): Code => [move(BLOCK, count * 4), move(OUTSIDE, count)]
  return (count) => [
    count < 4 ? [] : countedLoop(body, Math.floor(count / 4), [four, moves(4)]),
    [some(count % 4), moves(count % 4)],
  ]
}

/** Four bytes of four samples: element e of each sample becomes the low byte of its lane. */
function packBytes(body: Body, size: number, offset: number, count: number): Code {
  const bytes = body.local('v128')
  const gather = [0, 1, 2, 3].reduce<Code>(
    (vector, lane) => [get(OUTSIDE), vector, loadLane(lane, lane * size)],
    f32x4(0),
  )
  const stores = Array.from({ length: count }, (_, e) => {
    const spread = shuffle([0, 4, 8, 12].flatMap((from) => [from + e, 16, 16, 16]))
    return [get(BLOCK), op('f32x4.convert_u32', [get(bytes), f32x4(0), spread]), store.v128(offset + e * 16)]
  })
  return [gather, set(bytes), stores]
}

/** Transposes four floats of four samples. */
function packFloats(body: Body, size: number, offset: number, count: number): Code {
  const rows = [0, 1, 2, 3].map(() => body.local('v128'))
  const [low01, low23, high01, high23] = [0, 1, 2, 3].map(() => body.local('v128')) as [number, number, number, number]
  const pair = (a: number, b: number, lanes: readonly number[]): Code => [get(a), get(b), shuffleLanes(...lanes)]
  const columns = [
    pair(low01, low23, [0, 1, 4, 5]),
    pair(low01, low23, [2, 3, 6, 7]),
    pair(high01, high23, [0, 1, 4, 5]),
    pair(high01, high23, [2, 3, 6, 7]),
  ]
  return [
    rows.map((row, lane) => [get(OUTSIDE), load.v128(lane * size * 4), set(row)]),
    pair(rows[0]!, rows[1]!, [0, 4, 1, 5]),
    set(low01),
    pair(rows[2]!, rows[3]!, [0, 4, 1, 5]),
    set(low23),
    pair(rows[0]!, rows[1]!, [2, 6, 3, 7]),
    set(high01),
    pair(rows[2]!, rows[3]!, [2, 6, 3, 7]),
    set(high23),
    columns.slice(0, count).map((column, e) => [get(BLOCK), column, store.v128(offset + e * 16)]),
  ]
}
