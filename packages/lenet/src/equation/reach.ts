// Where an index goes: how far, whether it takes a value twice, whether two accesses can meet.
import { type Affine, type Axis, axesOf, type BoundAccess, type BoundEquation } from './bound.ts'

/** Lowest and highest value of an index. */
export function reach({ constant, terms }: Affine, axes: readonly Axis[]): [number, number] {
  let low = constant
  let high = constant
  for (const [axis, coefficient] of terms) {
    const far = coefficient * (axes.find(({ name }) => name === axis)!.extent - 1)
    if (far < 0) low += far
    else high += far
  }
  return [low, high]
}

/** Whether an access looks over the edge of its tensor. */
export const isOverEdge = ({ tensor, indices }: BoundAccess, axes: readonly Axis[]): boolean =>
  indices.some((index, at) => {
    const [low, high] = reach(index, axes)
    return low < 0 || high >= tensor.shape[at]!
  })

/**
 * The axes to walk outermost, so that the others give each index at most once: where windows overlap, all but one.
 *
 *     i + u, i < 3, u < 2     u is outermost: for a fixed u, every i has an index of its own
 *     2*i + u, i < 3, u < 2   none: windows lie side by side
 */
export function windowAxes(index: Affine, axes: readonly Axis[]): string[] {
  const order = axes.map(({ name }) => name)
  const extentOf = (axis: string): number => axes.find(({ name }) => name === axis)!.extent
  const open = index.terms
    .filter(([axis]) => extentOf(axis) > 1)
    .toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  const outer: string[] = []
  const collides = () => {
    let span = 0
    for (const [axis, coefficient] of open.toSorted(([, a], [, b]) => Math.abs(a) - Math.abs(b))) {
      if (Math.abs(coefficient) <= span) return true
      span += Math.abs(coefficient) * (extentOf(axis) - 1)
    }
    return false
  }
  while (collides()) outer.push(open.shift()![0])
  return outer
}

/** Whether an equation writes every element of a tensor that it stores over the axes of `head`, and each once. */
export function coversEach(head: BoundEquation, target: BoundAccess): boolean {
  const { shape } = target.tensor
  const moving = axesOf(target)
  const kept = head.axes.filter(({ name }) => moving.has(name))
  const size = (extents: readonly number[]) => extents.reduce((product, extent) => product * extent, 1)
  if (size(kept.map(({ extent }) => extent)) !== size(shape)) return false
  return target.indices.every((index, at) => {
    const [low, high] = reach(index, head.axes)
    return low === 0 && high === shape[at]! - 1 && windowAxes(index, kept).length === 0
  })
}

/** Whether an access visits every element of its tensor; what it visits beyond the edges does not count. */
export function reachesAll({ tensor, indices }: BoundAccess, axes: readonly Axis[]): boolean {
  const used = indices.flatMap(({ terms }) => terms.map(([axis]) => axis))
  if (new Set(used).size < used.length) return false
  return indices.every(({ constant, terms }, at) => {
    let values = new Set([constant])
    for (const [axis, coefficient] of terms) {
      const { extent } = axes.find(({ name }) => name === axis)!
      const moved = Array.from({ length: extent }, (_, step) => step * coefficient)
      values = new Set([...values].flatMap((value) => moved.map((step) => value + step)))
    }
    return Array.from({ length: tensor.shape[at]! }, (_, value) => value).every((value) => values.has(value))
  })
}

/** Whether no element is written by both: along some axis they lie apart, or on different steps of a common grid. */
export const areApart = (a: BoundEquation, b: BoundEquation): boolean =>
  a.target.indices.some((index, at) => {
    const other = b.target.indices[at]!
    const [low, high] = reach(index, a.axes)
    const [otherLow, otherHigh] = reach(other, b.axes)
    const step = [...index.terms, ...other.terms].reduce((sum, [, coefficient]) => gcd(sum, Math.abs(coefficient)), 0)
    return high < otherLow || otherHigh < low || (step > 1 && (index.constant - other.constant) % step !== 0)
  })

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
