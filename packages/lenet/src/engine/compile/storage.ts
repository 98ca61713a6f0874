// Where every tensor lives, planned once. A tensor's storage is the bounding box of every index that anyone uses: padding
// is memory, not branches. A copy that would move nothing (a view) gives both tensors the same place.
//
// Per-sample tensors lie in blocks, [element][samples of the block]; a block's offsets are constants of the code. A vector
// holds neighbouring elements of a block: many samples and one element each, or one sample and many elements.
import { type Axis, aloneAxis, type BoundAccess, type BoundEquation, loadsIn } from '../../equation/bound.ts'
import { coversEach, isOverEdge, reach } from '../../equation/reach.ts'
import type { Variable } from '../../equation/variable.ts'
import { type Program, type Step, sizeOf } from '../program.ts'

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

export interface Storage {
  readonly places: ReadonlyMap<Variable, Place>
  /** Bytes of one block of samples. */
  readonly blockBytes: number
  readonly lanes: Lanes
  /** Bytes of one share: all gradients. */
  readonly shareBytes: number
  /** First byte after the fixed tensors. */
  readonly end: number
  /** Steps that were views and need no code, and the tensor whose place each of their targets has. */
  readonly free: ReadonlySet<Step>
  readonly roots: ReadonlyMap<Variable, Variable>
  /** What readers want to find in a border, where that is not 0. */
  readonly fills: ReadonlyMap<Variable, number>
}

interface Box {
  readonly low: number[]
  readonly high: number[]
}

export function planStorage(program: Program, firstByte: number, lanes: Lanes): Storage {
  const elementBytes = 4 * lanes.samples
  const boxes = boxesOf(program)
  const { roots, free } = findViews(program, boxes)
  const viewed = new Set(roots.values())
  const places = new Map<Variable, Place>()
  let blockBytes = 0
  for (const tensor of program.tensors)
    if (tensor.kind === 'sample' && !roots.has(tensor)) {
      const isApart = !viewed.has(tensor)
      const place = layOut(tensor, {
        box: boxes.get(tensor),
        elementBytes,
        space: 'sample',
        start: blockBytes,
        isApart,
      })
      places.set(tensor, place)
      // Vectors are read faster where they do not lie across a cache line.
      blockBytes += align(place.bytes)
    }
  let end = firstByte
  const orders =
    lanes.across > 1 && program.update === undefined ? packedOrders(program) : new Map<Variable, number[]>()
  const fix = (tensor: Variable, space: Space, offset: number): number => {
    const order = orders.get(tensor)
    const place = layOut(tensor, { elementBytes: 4, space, start: offset, ...(order && { order }) })
    places.set(tensor, place)
    return place.bytes
  }
  let shareBytes = 0
  for (const { parameter, gradient } of program.trained) {
    if (program.update !== undefined) fix(gradient, 'share', shareBytes)
    shareBytes += fix(parameter, 'fixed', firstByte + shareBytes)
  }
  shareBytes = align(shareBytes)
  end += shareBytes
  for (const tensor of program.tensors)
    if (tensor.kind !== 'sample' && !places.has(tensor)) end = align(end + fix(tensor, 'fixed', end))
  for (const [tensor, root] of roots)
    places.set(tensor, layOut(tensor, { elementBytes, space: 'sample', start: places.get(root)!.start }))
  const fills = fillsOf(program)
  return { places, lanes, blockBytes, shareBytes, end, free, roots, fills }
}

/** Bytes of a cache line. */
const LINE = 64
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

interface Layout {
  readonly box?: Box | undefined
  readonly elementBytes: number
  readonly space: Space
  readonly start: number
  /** Axes from the outermost to the innermost, where that is not their own order. */
  readonly order?: readonly number[]
  /** Whether planes may lie further apart than they are large: nobody reads the tensor under another shape. */
  readonly isApart?: boolean
}

function layOut({ shape }: Variable, { box, elementBytes, space, start, order, isApart = false }: Layout): Place {
  const extents = shape.map((extent, at) => (box ? box.high[at]! - box.low[at]! + 1 : extent))
  const inOrder = rowMajor((order ?? shape.map((_, at) => at)).map((at) => extents[at]!))
  const strides = shape.map((_, at) => inOrder[order ? order.indexOf(at) : at]! * elementBytes)
  const isCrowded = isApart && extents.length > 1 && extents[0]! > 1 && strides[0]! % CROWDED === 0
  if (isCrowded) strides[0]! += LINE
  const offset = start - (box ? strides.reduce((sum, stride, at) => sum + stride * box.low[at]!, 0) : 0)
  const bytes = sizeOf(extents) * elementBytes + (isCrowded ? extents[0]! * LINE : 0)
  return { space, offset, strides, start, bytes }
}

const rowMajor = (extents: readonly number[]): number[] => extents.map((_, at) => sizeOf(extents.slice(at + 1)))

/**
 * Where nothing is trained, a weight can lie as its one reader likes it: with the reader's last target axis innermost, so
 * that neighbours in the result are neighbours in the weight.
 */
function packedOrders({ tensors, sample }: Program): Map<Variable, number[]> {
  const orders = new Map<Variable, number[]>()
  for (const tensor of tensors) {
    if (tensor.kind !== 'shared') continue
    const reads = sample.flatMap(({ equation }) =>
      loadsIn(equation.value)
        .filter((access) => access.tensor === tensor)
        .map((access) => ({ equation, access })),
    )
    const [first, ...others] = reads
    if (first === undefined || others.length > 0) continue
    const alone = first.access.indices.map(aloneAxis)
    const last = first.equation.target.indices
      .map(aloneAxis)
      .findLast((axis) => axis !== undefined && alone.includes(axis))
    const inner = alone.indexOf(last)
    if (last !== undefined) orders.set(tensor, [...tensor.shape.keys()].filter((at) => at !== inner).concat(inner))
  }
  return orders
}

/** The furthest indices that any equation uses, for every per-sample tensor. */
function boxesOf({ tensors, sample, meet }: Program): Map<Variable, Box> {
  const boxes = new Map<Variable, Box>()
  for (const tensor of tensors)
    if (tensor.kind === 'sample')
      boxes.set(tensor, { low: tensor.shape.map(() => 0), high: tensor.shape.map((extent) => extent - 1) })
  for (const { equation } of [...sample, ...meet])
    for (const { tensor, indices } of [equation.target, ...loadsIn(equation.value)]) {
      const box = boxes.get(tensor)
      if (box !== undefined)
        indices.forEach((index, at) => {
          const [low, high] = reach(index, equation.axes)
          box.low[at] = Math.min(box.low[at]!, low)
          box.high[at] = Math.max(box.high[at]!, high)
        })
    }
  return boxes
}

/** All who look over the edge of one tensor want the same there: a program gives the others a copy. */
function fillsOf({ sample, meet }: Program): Map<Variable, number> {
  const fills = new Map<Variable, number>()
  for (const { equation } of [...sample, ...meet])
    if (equation.outside !== 0)
      for (const access of loadsIn(equation.value))
        if (access.tensor.kind === 'sample' && isOverEdge(access, equation.axes))
          fills.set(access.tensor, equation.outside)
  return fills
}

/** Whether the storage of a tensor is just its shape. */
const plain = (box: Box, shape: readonly number[]): boolean =>
  shape.every((extent, at) => box.low[at] === 0 && box.high[at] === extent - 1)

/** Copies whose two sides would lie in memory in the same order: both tensors share one place. */
function findViews(program: Program, boxes: ReadonlyMap<Variable, Box>) {
  const roots = new Map<Variable, Variable>()
  const free = new Set<Step>()
  const rootOf = (tensor: Variable): Variable => roots.get(tensor) ?? tensor
  const isPlain = (tensor: Variable) => {
    const box = boxes.get(tensor)
    return box !== undefined && plain(box, tensor.shape)
  }
  program.sample.forEach((step, at) => {
    const { target, value, axes } = step.equation
    if (step.onto || value.kind !== 'load' || value.access.tensor === target.tensor) return
    const source = value.access
    if (!isPlain(target.tensor) || !isPlain(source.tensor) || !isPlain(rootOf(source.tensor))) return
    if (!coversEach(step.equation, target) || !sameOrder(target, source, axes)) return
    // A sum of one term is +0 plus the term: it moves nothing only where the term is never −0, being a sum itself.
    if (step.equation.reduction === 'sum' && !isSum(source.tensor, program)) return
    const touched = new Set([target.tensor, source.tensor, rootOf(source.tensor)])
    if (program.sample.slice(at + 1).some(({ equation }) => touched.has(equation.target.tensor))) return
    roots.set(target.tensor, rootOf(source.tensor))
    free.add(step)
  })
  return { roots, free }
}

/** Whether every element has been the end of a sum. */
const isSum = (tensor: Variable, { sample }: Program): boolean =>
  sample.some(
    ({ equation }) =>
      equation.target.tensor === tensor && equation.reduction === 'sum' && coversEach(equation, equation.target),
  )

function sameOrder(a: BoundAccess, b: BoundAccess, axes: readonly Axis[]): boolean {
  const [first, second] = [a, b].map((access) => ({ size: sizeOf(access.tensor.shape), flat: flatIndex(access) }))
  return (
    first!.size === second!.size &&
    sizeOf(axes.map(({ extent }) => extent)) === first!.size &&
    axes.every(({ name }) => first!.flat.get(name) === second!.flat.get(name)) &&
    first!.flat.get('') === second!.flat.get('')
  )
}

/** Elements along each axis in row-major order; the constant under the empty name. */
function flatIndex({ tensor, indices }: BoundAccess): Map<string, number> {
  const strides = rowMajor(tensor.shape)
  const flat = new Map([['', 0]])
  indices.forEach(({ constant, terms }, at) => {
    flat.set('', flat.get('')! + constant * strides[at]!)
    for (const [axis, coefficient] of terms) flat.set(axis, (flat.get(axis) ?? 0) + coefficient * strides[at]!)
  })
  return flat
}

/** Whether every index of the target is one axis of its own. */
export const standsAlone = ({ target }: BoundEquation): boolean => {
  const alone = target.indices.map(aloneAxis)
  return alone.every((axis) => axis !== undefined) && new Set(alone).size === alone.length
}
