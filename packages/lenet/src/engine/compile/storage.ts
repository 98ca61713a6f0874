// What a place in memory is. A tensor's storage is the bounding box of every index that anyone uses: padding is memory, not
// branches.
//
// Per-sample tensors lie in blocks, [element][samples of the block]; a block's offsets are constants of the code. A vector
// holds neighbouring elements of a block: many samples and one element each, or one sample and many elements.
import type { BoundAccess } from '../../equation/bound.ts'
import type { Variable } from '../../equation/variable.ts'
import { sizeOf } from '../program.ts'
import { type Box, rowMajor } from './views.ts'

/** What lies side by side in a vector: `across` elements of `samples` samples each. */
export interface Lanes {
  readonly samples: number
  readonly across: number
}

/** `sample`: within a block. `share`: within one share of the gradients. `fixed`: an address. */
export type Space = 'sample' | 'share' | 'fixed'

export interface Place {
  readonly space: Space
  /** In bytes, of the element at index 0 of every axis. */
  readonly offset: number
  /** In bytes, one an axis. */
  readonly strides: readonly number[]
  /** The whole box in bytes, and where it begins. */
  readonly start: number
  readonly bytes: number
}

/** Where an access stands, as bytes along each axis of its equation. */
export interface Address {
  readonly space: Space
  readonly offset: number
  readonly strides: ReadonlyMap<string, number>
}

/** Bytes of a cache line. */
export const LINE = 64
/**
 * Planes this far apart, or a multiple of it, fall on the same few sets of a cache of 4,096 bytes a way: the channels of a
 * map push each other out. One line more between them, and they spread over all sets.
 */
const CROWDED = 1024

/** Up to a multiple of a cache line. */
export const align = (bytes: number): number => Math.ceil(bytes / LINE) * LINE

export function addressOf(access: BoundAccess, places: ReadonlyMap<Variable, Place>): Address {
  const place = places.get(access.tensor)
  if (place === undefined) throw new Error(`tensor '${access.tensor.name}' has no place`)
  let { offset } = place
  const strides = new Map<string, number>()
  access.indices.forEach(({ constant, terms }, at) => {
    offset += constant * place.strides[at]!
    for (const [axis, coefficient] of terms)
      strides.set(axis, (strides.get(axis) ?? 0) + coefficient * place.strides[at]!)
  })
  return { space: place.space, offset, strides }
}

export interface Layout {
  readonly space: Space
  /** From one element to the next. */
  readonly elementBytes: number
  readonly start: number
  readonly box?: Box | undefined
  /** Axes from the outermost to the innermost, where that is not their own order. */
  readonly order?: readonly number[] | undefined
  /** Whether planes may lie further apart than they are large: nobody reads the tensor under another shape. */
  readonly isApart?: boolean
}

export function layOut(
  { shape }: Variable,
  { box, elementBytes, space, start, order, isApart = false }: Layout,
): Place {
  const extents = shape.map((extent, at) => (box ? box.high[at]! - box.low[at]! + 1 : extent))
  const inOrder = rowMajor((order ?? shape.map((_, at) => at)).map((at) => extents[at]!))
  const strides = shape.map((_, at) => inOrder[order ? order.indexOf(at) : at]! * elementBytes)
  const isCrowded = isApart && extents.length > 1 && extents[0]! > 1 && strides[0]! % CROWDED === 0
  if (isCrowded) strides[0]! += LINE
  const offset = start - (box ? strides.reduce((sum, stride, at) => sum + stride * box.low[at]!, 0) : 0)
  const bytes = sizeOf(extents) * elementBytes + (isCrowded ? extents[0]! * LINE : 0)
  return { space, offset, strides, start, bytes }
}

/** The same layout somewhere else. */
export const movedBy = (place: Place, bytes: number): Place => ({
  ...place,
  start: place.start + bytes,
  offset: place.offset + bytes,
})
