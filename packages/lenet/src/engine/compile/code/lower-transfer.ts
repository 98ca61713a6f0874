// Samples lie one after the other outside, side by side inside: these functions turn one into the other. Where a block is
// one sample, they copy.
import { sizeOf } from '../../program.ts'
import { type Run, runsOf } from '../runs.ts'
import type { Lanes, Place } from '../storage.ts'
import { type CodeFunction, Names, parametersOf, type Statement } from './code.ts'
import { moveBy } from './pointers.ts'

type Element = 'uint8' | 'float32'
type Row = (count: number) => Statement[]

/** (block, outside): the samples of a block at their place, from where the first lies outside. */
export function lowerPack(
  name: string,
  element: Element,
  shape: readonly number[],
  place: Place,
  lanes: Lanes,
): CodeFunction {
  const { samples, across } = lanes
  const names = new Names()
  const width = element === 'uint8' ? 1 : 4
  const to = { pointer: 'block', offset: place.offset }
  const from = { pointer: 'outside', offset: 0 }
  const moves = (count: number) => [...moveBy('block', count * 4 * samples), ...moveBy('outside', count * width)]
  const turn = (count: number): Statement[] => {
    const rows = names.fresh('rows')
    const stores = Array.from(
      { length: count },
      (_, at): Statement => ({
        kind: 'store',
        to: { ...to, offset: place.offset + at * 4 * samples },
        spread: { reach: 'neighbours', isShared: false, count: 1, stride: 4 * samples },
        value: { kind: 'turned', rows, at },
      }),
    )
    return [{ kind: 'turn', rows, from, stride: sizeOf(shape) * width, element }, ...stores]
  }
  const copy = (count: number): Statement[] =>
    element === 'float32' ? [{ kind: 'copy', to, from, bytes: count * 4 }] : [{ kind: 'widen', to, from, count }]
  const inSteps =
    (most: number, some: Row): Row =>
    (count) => {
      const [whole, rest] = [Math.floor(count / most), count % most]
      const loop: Statement = {
        kind: 'loop',
        counter: names.fresh('n'),
        extent: whole,
        body: [...some(most), ...moves(most)],
      }
      return [...(whole > 0 ? [loop] : []), ...(rest > 0 ? [...some(rest), ...moves(rest)] : [])]
    }
  const row =
    samples > 1
      ? inSteps(samples, turn)
      : element === 'uint8'
        ? inSteps(across, copy)
        : (count: number) => [...copy(count), ...moves(count)]
  const body = overRows(names, runsOf(shape, place, samples), row)
  return { name, about: '', role: 'pack', parameters: parametersOf.pack, body }
}

/** (block, outside): the samples of a block as float32, one after the other from there on. */
export function lowerUnpack(name: string, shape: readonly number[], place: Place, { samples }: Lanes): CodeFunction {
  const names = new Names()
  const to = { pointer: 'outside', offset: 0 }
  const from = { pointer: 'block', offset: place.offset }
  const moves = (count: number) => [...moveBy('block', count * 4 * samples), ...moveBy('outside', count * 4)]
  const deal: Statement = { kind: 'deal', to, from, stride: sizeOf(shape) * 4 }
  const row: Row = (count) =>
    samples > 1
      ? [{ kind: 'loop', counter: names.fresh('n'), extent: count, body: [deal, ...moves(1)] }]
      : [{ kind: 'copy', to, from, bytes: count * 4 }, ...moves(count)]
  const body = overRows(names, runsOf(shape, place, samples), row)
  return { name, about: '', role: 'unpack', parameters: parametersOf.unpack, body }
}

/** Loops over all axes but the last, which `row` walks. */
function overRows(names: Names, [run, ...rest]: readonly Run[], row: Row): Statement[] {
  const [inner] = rest
  if (inner === undefined) return row(run!.count)
  const skip = moveBy('block', run!.stride - inner.count * inner.stride)
  const body = [...overRows(names, rest, row), ...skip]
  return [{ kind: 'loop', counter: names.fresh('n'), extent: run!.count, body }]
}
