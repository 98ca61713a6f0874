// What has no single meaning is refused before anything is computed: a program that is accepted gives the same numbers on
// every engine, and its gradient is that of the function which it computes.
import { ShapeError, UsageError } from '../errors.ts'
import { type Affine, type BoundEquation, keptAxes, loadsIn, mapValue, terms, type Value } from './bound.ts'
import { areApart, reach, windowAxes } from './reach.ts'
import type { Variable } from './variable.ts'

export interface Checked {
  /** Who is speaking: `conv2d 'conv2'`. */
  readonly who: string
  /** What was there before: inputs, parameters, constants, noise. It is read and never written. */
  readonly given: ReadonlySet<Variable>
  /** What the equations are for: each must be written by one of them. */
  readonly results: readonly Variable[]
}

/** Whole numbers up to here are the same in float32. */
const LARGEST_WHOLE = 2 ** 24
/** Positions in a tensor are 32-bit numbers. */
const FURTHEST = 2 ** 31 - 1

/**
 * Checks the equations of one layer, in their order.
 * @throws UsageError for what is written twice, too late, or where it may not be; ShapeError for what reaches too far.
 */
export function checkEquations(equations: readonly BoundEquation[], { who, given, results }: Checked): void {
  const refuse = (equation: BoundEquation, problem: string): UsageError =>
    new UsageError(`${who}: ${problem} (in '${equation.text}')`)
  const read = new Set<Variable>()
  const written = new Map<Variable, BoundEquation[]>()
  for (const equation of equations) {
    const { tensor } = equation.target
    if (given.has(tensor))
      throw refuse(equation, `writes ${tensor.name}, which is given; an equation writes y or a tensor of its own`)
    if (read.has(tensor))
      throw refuse(equation, `writes ${tensor.name} after it was read; what is read must be complete`)
    for (const access of loadsIn(equation.value)) {
      if (access.tensor === tensor)
        throw refuse(equation, `reads ${tensor.name}, which it writes; give one another name`)
      if (!given.has(access.tensor) && !written.has(access.tensor))
        throw refuse(equation, `reads ${access.tensor.name} before it is written`)
      read.add(access.tensor)
    }
    const before = written.get(tensor) ?? []
    for (const other of before) if (!mayMeet(other, equation)) throw refuse(equation, problemOfOverlap(other, equation))
    written.set(tensor, [...before, equation])
    checkIndices(equation, who)
  }
  for (const result of results)
    if (!written.has(result)) throw new UsageError(`${who}: no equation writes ${result.name}; one must`)
}

/** Whether two equations may write the same elements: sums add to what was set or summed before. */
const mayMeet = (before: BoundEquation, after: BoundEquation): boolean =>
  (after.reduction === 'sum' && (before.reduction === 'sum' || before.reduction === 'set')) || areApart(before, after)

const signs = { set: '=', sum: '+=', max: 'max=', first: 'first=' } as const

const problemOfOverlap = (before: BoundEquation, after: BoundEquation): string =>
  after.reduction === 'sum'
    ? `'+=' adds to what '${signs[before.reduction]}' has written in '${before.text}'; give that a name of its own`
    : `'${signs[after.reduction]}' writes what '${before.text}' has written; only '+=' adds to what is there`

function checkIndices(equation: BoundEquation, who: string): void {
  const { target, axes, reduction, value, text } = equation
  const refuse = (problem: string): UsageError => new UsageError(`${who}: ${problem} (in '${text}')`)
  const refuseReach = (problem: string): ShapeError => new ShapeError(`${who}: ${problem} (in '${text}')`)
  if (reduction !== 'sum')
    for (const index of target.indices)
      if (windowAxes(index, axes).length > 0)
        throw refuse(
          `an index of ${target.tensor.name} takes one value in more than one way, so '${signs[reduction]}' cannot tell which term to keep; '+=' would add them`,
        )
  for (const { tensor, indices } of [target, ...loadsIn(value)])
    indices.forEach((index, at) => {
      const [low, high] = reach(index, axes)
      const extent = tensor.shape[at]!
      if (Math.max(-low, high) > FURTHEST)
        throw refuseReach(`index ${at} of ${tensor.name} goes from ${low} to ${high}; positions end at ${FURTHEST}`)
      // Beyond a sample's tensor there is a border to read; beyond others, and for what is written, there is nothing.
      if ((low < 0 || high >= extent) && (tensor.kind !== 'sample' || tensor === target.tensor))
        throw refuseReach(
          `index ${at} of ${tensor.name} goes from ${low} to ${high}, but it has ${extent} elements there`,
        )
    })
  for (const index of indicesIn(value)) {
    const [low, high] = reach(index, axes)
    if (Math.max(-low, high) > LARGEST_WHOLE)
      throw refuseReach(`an axis is read as a number from ${low} to ${high}; float32 counts to ${LARGEST_WHOLE}`)
  }
  if (reduction === 'max' || reduction === 'first') {
    const compared = terms(equation) / keptAxes(equation).reduce((product, { extent }) => product * extent, 1)
    if (compared > LARGEST_WHOLE)
      throw refuseReach(`'${signs[reduction]}' compares ${compared} terms; at most ${LARGEST_WHOLE} have a place`)
  }
}

/** Axes that are read as numbers. */
function indicesIn(value: Value): Affine[] {
  const found: Affine[] = []
  mapValue(value, (node) => {
    if (node.kind === 'index') found.push(node.index)
    return node
  })
  return found
}
