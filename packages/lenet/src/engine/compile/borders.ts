// What lies around a tensor of which readers look over the edge: zeros, or −∞. As a rule nothing writes there, so that a
// border is made once. Where other tensors lie in the same memory from time to time, it is made anew before the tensor is
// written; where the tensor itself is written over its edges, after that.
import type { Axis } from '../../equation/bound.ts'
import type { Variable } from '../../equation/variable.ts'
import type { Span } from './liveness.ts'
import type { Address, Place } from './storage.ts'
import type { Box } from './views.ts'

/** A tensor with a border, or one that lies where one may be. */
export interface Neighbour {
  readonly shape: readonly number[]
  readonly place: Place
  readonly span: Span
  /** What readers find beyond its edges; absent where none looks there. */
  readonly border: number | undefined
}

/**
 * Which borders the tensors before have spoiled. Two tensors with the same place, box and border leave it to each other as
 * they find it. A tile follows the other: what comes last comes before the first.
 */
export function spoiledBorders(tensors: ReadonlyMap<Variable, Neighbour>): Set<Variable> {
  const spoiled = new Set<Variable>()
  for (const [tensor, own] of tensors) {
    if (own.border === undefined) continue
    const others = [...tensors.values()].filter((other) => other !== own && overlap(own.place, other.place))
    // The nearest before it, and after those the ones behind it, in the tile before.
    const turn = ({ span }: Neighbour): number => (span.from < own.span.from ? 1 : 0)
    const before = others.toSorted((a, b) => turn(b) - turn(a) || b.span.from - a.span.from)
    if (before.length > 0 && !isAlike(own, before[0]!)) spoiled.add(tensor)
  }
  return spoiled
}

const overlap = (a: Place, b: Place): boolean => a.start < b.start + b.bytes && b.start < a.start + a.bytes

const isAlike = (a: Neighbour, b: Neighbour): boolean =>
  a.border === b.border &&
  a.shape.join() === b.shape.join() &&
  a.place.start === b.place.start &&
  a.place.offset === b.place.offset &&
  a.place.bytes === b.place.bytes &&
  a.place.strides.join() === b.place.strides.join()

/** A part of a border: a box of its own, in which every element gets the same number. */
export interface Strip {
  readonly address: Address
  readonly axes: readonly Axis[]
}

/** A border that is made anew in every tile. */
export interface Border {
  readonly tensor: Variable
  readonly value: number
  readonly strips: readonly Strip[]
}

/**
 * The border as boxes: on both sides of each axis, over the inside of the axes before and all of those behind.
 *
 *     a a a a a
 *     a a a a a
 *     b . . . b      a: beyond the rows; b: beyond the columns
 *     b . . . b
 *     a a a a a
 */
export function stripsOf({ shape }: Variable, { low, high }: Box, { offset, strides, space }: Place): Strip[] {
  return shape.flatMap((extent, at) =>
    [
      { from: low[at]!, count: -low[at]! },
      { from: extent, count: high[at]! - extent + 1 },
    ]
      .filter(({ count }) => count > 0)
      .map((side) => {
        const ranges = shape.map((inside, axis) =>
          axis < at
            ? { from: 0, count: inside }
            : axis === at
              ? side
              : { from: low[axis]!, count: high[axis]! - low[axis]! + 1 },
        )
        return {
          address: {
            space,
            offset: ranges.reduce((sum, { from }, axis) => sum + from * strides[axis]!, offset),
            strides: new Map(strides.map((stride, axis) => [`a${axis}`, stride])),
          },
          axes: ranges.map(({ count }, axis) => ({ name: `a${axis}`, extent: count })),
        }
      }),
  )
}
