// How a kernel's walk is divided, and what its vectors hold: what both printers go by.
import type { Axis } from '../../equation/bound.ts'
import type { Kernel, Term } from './kernel.ts'
import type { Address, Lanes } from './storage.ts'

/** The part of a walk in which every tile and every vector is whole, or one of the remainders. */
export interface Nest {
  /** Where each vector of a tile stands. */
  readonly points: readonly Point[]
  /** How far a turn moves along each axis. */
  readonly steps: Point
  /** Kept axes with their number of turns. */
  readonly kept: readonly Axis[]
  /** Elements in each vector; what else lies in it is nothing. */
  readonly active: number
}

/** A value for each axis. */
export type Point = ReadonlyMap<string, number>

/** How the elements of a vector are found in memory: one for all, side by side, or one by one. */
export type Reach = 'broadcast' | 'neighbours' | 'scattered'

export function reachOf({ space, strides }: Address, lane: string | undefined, { samples, across }: Lanes): Reach {
  const stride = lane === undefined ? 0 : (strides.get(lane) ?? 0)
  if (stride === 0) return space === 'sample' && across === 1 ? 'neighbours' : 'broadcast'
  return stride === (space === 'sample' ? 4 * samples : 4) ? 'neighbours' : 'scattered'
}

/** How a kernel's vectors are filled. */
export interface Vectors {
  readonly lanes: Lanes
  readonly lane: string | undefined
}

/** The whole tiles, then what is left over along each axis. `across` is the room of a vector. */
export function nestsOf({ kept, tile, lane }: Pick<Kernel, 'kept' | 'tile' | 'lane'>, across: number): Nest[] {
  const start: Nest = { points: [new Map()], steps: new Map(), kept: [], active: 1 }
  return kept.reduce<Nest[]>(
    (nests, axis) =>
      nests.flatMap((nest) => partsOf(axis, tile.get(axis.name) ?? 1, axis.name === lane ? across : 1, nest)),
    [start],
  )
}

/** Continues a nest along one axis: whole tiles of whole vectors, fewer whole vectors, a vector that is not full. */
function partsOf({ name, extent }: Axis, size: number, width: number, nest: Nest): Nest[] {
  const vectors = Math.floor(extent / width)
  const whole = Math.floor(vectors / size)
  const parts = [
    { from: 0, size, count: whole, active: width },
    { from: whole * size * width, size: vectors - whole * size, count: 1, active: width },
    { from: vectors * width, size: 1, count: 1, active: extent - vectors * width },
  ]
  return parts
    .filter((part) => part.count > 0 && part.size > 0 && part.active > 0)
    .map((part) => ({
      points: nest.points.flatMap((point) =>
        Array.from({ length: part.size }, (_, at) => new Map(point).set(name, part.from + at * width)),
      ),
      steps: new Map(nest.steps).set(name, part.size * width),
      kept: [...nest.kept, { name, extent: part.count }],
      active: nest.active * part.active,
    }))
}

/** Every combination of values below the extents, the last axis fastest. */
export function combinations(axes: readonly Axis[]): ReadonlyMap<string, number>[] {
  return axes.reduce<ReadonlyMap<string, number>[]>(
    (points, { name, extent }) =>
      points.flatMap((point) => Array.from({ length: extent }, (_, value) => new Map(point).set(name, value))),
    [new Map()],
  )
}

/** The constant part of an address: its offset and where the point stands. */
export function offsetAt({ offset, strides }: Address, point: Point): number {
  let sum = offset
  for (const [axis, value] of point) sum += value * (strides.get(axis) ?? 0)
  return sum
}

/** Addresses with the same motion are one pointer at different offsets. */
export const motionOf = ({ space, strides }: Address): string =>
  `${space} ${[...strides]
    .filter(([, stride]) => stride !== 0)
    .sort()
    .join(';')}`

/** The position of a term among its element's terms. */
export function placeAmongTerms({ summed, unrolled }: Pick<Kernel, 'summed' | 'unrolled'>): Term {
  let step = 1
  const terms = [...summed, ...unrolled].toReversed().map(({ name, extent }): [string, number] => {
    const own = step
    step *= extent
    return [name, own]
  })
  return { kind: 'index', index: { constant: 0, terms } }
}
