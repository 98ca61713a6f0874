// Which tensors are the same memory under another name: a copy that would move nothing needs no code and no place. And the
// boxes in which tensors are stored, which say what would move.
import { type Axis, aloneAxis, type BoundAccess, type BoundEquation, loadsIn } from '../../equation/bound.ts'
import { coversEach, reach } from '../../equation/reach.ts'
import type { Variable } from '../../equation/variable.ts'
import { type Program, type Step, sizeOf } from '../program.ts'

/** The least and the greatest index along each axis. */
export interface Box {
  readonly low: readonly number[]
  readonly high: readonly number[]
}

export interface Views {
  /** Steps that were views and need no code. */
  readonly free: ReadonlySet<Step>
  /** The tensor whose place each of their targets has. */
  readonly roots: ReadonlyMap<Variable, Variable>
}

/** The furthest indices that any equation uses, for every per-sample tensor. */
export function boxesOf({ tensors, sample, meet }: Program): Map<Variable, Box> {
  const boxes = new Map<Variable, { low: number[]; high: number[] }>()
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

/** Whether the storage of a tensor is just its shape. */
const plain = (box: Box, shape: readonly number[]): boolean =>
  shape.every((extent, at) => box.low[at] === 0 && box.high[at] === extent - 1)

/** Copies whose two sides would lie in memory in the same order: both tensors share one place. */
export function findViews(program: Program, boxes: ReadonlyMap<Variable, Box>): Views {
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

/** Elements between neighbours along each axis. */
export const rowMajor = (extents: readonly number[]): number[] => extents.map((_, at) => sizeOf(extents.slice(at + 1)))
