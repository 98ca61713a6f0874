// Reverse mode. Every load T[…] of an equation y[…] += f becomes d_T[…] += d_y[…] · ∂f/∂T over the same axes in the same
// order; no index is ever inverted. Gradients that lead to nothing wanted are not written at all.
import {
  type Affine,
  affine,
  axesOf,
  type BoundAccess,
  type BoundEquation,
  call,
  load,
  loadsIn,
  mapValue,
  number,
  sameAccess,
  switchesOf,
  type Value,
} from './bound.ts'
import { foldCall, plus, times } from './fold.ts'
import { functions } from './scalar.ts'
import type { Expression } from './syntax.ts'
import { derive, type Variable } from './variable.ts'

/** Equations of gradients, and the gradient of every variable that has one. */
export interface Derivatives {
  readonly equations: readonly BoundEquation[]
  readonly gradients: ReadonlyMap<Variable, Variable>
}

/**
 * The equations that compute the gradient of every variable between `wanted` ones and those in `seeds`, whose gradients
 * have been written; last equation first. `slopeTo` changes each partial derivative: squared, what flows back is the
 * diagonal of the Gauss-Newton Hessian (LeCun et al. 1998, Eq. 25 to 27), summed over the places of a shared weight.
 */
export function differentiate(
  equations: readonly BoundEquation[],
  wanted: ReadonlySet<Variable>,
  seeds: ReadonlyMap<Variable, Variable>,
  slopeTo: (slope: Value) => Value = (slope) => slope,
): Derivatives {
  const active = new Set(wanted)
  for (const { target, value } of equations)
    if (followed(value).some(({ tensor }) => active.has(tensor))) active.add(target.tensor)
  const gradients = new Map(seeds)
  const gradientOf = (variable: Variable): Variable => {
    const known = gradients.get(variable) ?? derive(variable, 'gradient')
    gradients.set(variable, known)
    return known
  }
  const summed = new Set(equations.flatMap(({ target, reduction }) => (reduction === 'set' ? [] : [target.tensor])))
  const derived = equations.toReversed().flatMap((equation) => {
    const { tensor } = equation.target
    const flow = gradients.get(tensor)
    if (!active.has(tensor) || flow === undefined) return []
    return backward(equation, { active, gradientOf, flow, slopeTo, isStored: !summed.has(tensor) })
  })
  return { equations: derived, gradients }
}

/** Loads that a gradient follows: all but those that are stopped. */
const followed = (value: Value): BoundAccess[] =>
  loadsIn(mapValue(value, (node) => (node.kind === 'call' && node.name === 'stop' ? number(0) : node)))

interface Flow {
  readonly active: ReadonlySet<Variable>
  readonly gradientOf: (variable: Variable) => Variable
  /** The gradient of the equation's target. */
  readonly flow: Variable
  readonly slopeTo: (slope: Value) => Value
  /** Whether the target is what the equation gave: nothing was added to it. */
  readonly isStored: boolean
}

function backward(equation: BoundEquation, flow: Flow): BoundEquation[] {
  // A position does not move with what it points at.
  if (equation.reduction === 'first') return []
  const seed = load({ ...equation.target, tensor: flow.flow })
  const loads = distinct(followed(equation.value)).filter(({ tensor }) => flow.active.has(tensor))
  if (equation.reduction === 'max') return maxBackward(equation, loads, seed, flow)
  const stored = equation.reduction === 'set' && flow.isStored ? load(equation.target) : undefined
  return loads.flatMap((access) => {
    const slope = partial(equation.value, access, { whole: equation.value, stored })
    const value = times(seed, flow.slopeTo(slope))
    return value.kind === 'number' ? [] : [gradientEquation(equation, access, value, flow)]
  })
}

const gradientEquation = (
  equation: BoundEquation,
  access: BoundAccess,
  value: Value,
  { gradientOf }: Flow,
): BoundEquation => {
  const tensor = gradientOf(access.tensor)
  return {
    ...equation,
    text: `${tensor.name} of '${equation.text}'`,
    target: { ...access, tensor },
    reduction: 'sum',
    value,
  }
}

// The gradient goes to the first winner alone: its place is found first, then compared. A term that is switched off is no
// candidate.
function maxBackward(equation: BoundEquation, loads: readonly BoundAccess[], seed: Value, flow: Flow): BoundEquation[] {
  const winner: BoundAccess = { ...equation.target, tensor: derive(equation.target.tensor, 'winner') }
  const find: BoundEquation = {
    ...equation,
    text: `winner of '${equation.text}'`,
    target: winner,
    reduction: 'first',
    value: switchesOf(equation)
      .map(load)
      .reduce(times, call('==', equation.value, load(equation.target))),
  }
  const place: Value = { kind: 'index', index: placeAmong(equation) }
  return [
    find,
    ...loads.map((access) => {
      const slope = times(seed, flow.slopeTo(partial(equation.value, access, { whole: equation.value })))
      return gradientEquation(equation, access, call('?', call('==', load(winner), place), slope, number(0)), flow)
    }),
  ]
}

/** Position of a term among those of its element: the summed axes counted like digits. */
function placeAmong({ axes, target }: BoundEquation): Affine {
  const kept = axesOf(target)
  const places: [string, number][] = []
  let step = 1
  for (const { name, extent } of axes.filter(({ name }) => !kept.has(name)).toReversed()) {
    places.unshift([name, step])
    step *= extent
  }
  return affine(0, places)
}

const distinct = (accesses: readonly BoundAccess[]): BoundAccess[] =>
  accesses.filter((access, at) => accesses.findIndex((other) => sameAccess(other, access)) === at)

/** A slope times itself. */
export const squared = (slope: Value): Value => times(slope, slope)

/** The value that is differentiated, and where it is read from if it was stored. */
interface Result {
  readonly whole: Value
  readonly stored?: Value | undefined
}

/** ∂value/∂access, with the parts of equal loads added. */
function partial(value: Value, access: BoundAccess, result: Result): Value {
  if (value.kind === 'load') return number(sameAccess(value.access, access) ? 1 : 0)
  if (value.kind !== 'call') return number(0)
  return value.parts
    .map((part, at) => times(partial(part, access, result), slopeOf(value, at, result)))
    .reduce(plus, number(0))
}

const less = (a: Value, b: Value): Value => foldCall('<', [a, b])
const choose = (condition: Value, yes: Value, no: Value): Value => foldCall('?', [condition, yes, no])

/** Derivative of a call by one of its parts. */
function slopeOf(value: Value & { kind: 'call' }, at: number, { whole, stored }: Result): Value {
  const [a, b, c] = value.parts as [Value, Value, Value]
  const zero = number(0)
  const one = number(1)
  const rules: Record<string, () => readonly Value[]> = {
    '+': () => [one, one],
    '-': () => [one, number(-1)],
    '*': () => [b, a],
    '/': () => [foldCall('/', [one, b]), foldCall('negative', [foldCall('/', [value, b])])],
    '<': () => [zero, zero],
    '==': () => [zero, zero],
    '?': () => [zero, choose(a, one, zero), choose(a, zero, one)],
    negative: () => [number(-1)],
    abs: () => [choose(less(a, zero), number(-1), one)],
    sqrt: () => [foldCall('/', [number(0.5), value])],
    max: () => [choose(less(a, b), zero, one), choose(less(a, b), one, zero)],
    min: () => [choose(less(b, a), zero, one), choose(less(b, a), one, zero)],
  }
  const rule = rules[value.name]
  if (rule !== undefined) return rule()[at]!
  const { parameters, derivative } = functions[value.name]!
  return fill(derivative[at]!, {
    ...Object.fromEntries(parameters.map((name, n) => [name, [a, b, c][n]!])),
    r: value === whole && stored !== undefined ? stored : value,
  })
}

/** An expression of the table with its names replaced by values. */
function fill(expression: Expression, names: Readonly<Record<string, Value>>): Value {
  if (expression.kind === 'number') return number(expression.value)
  if (expression.kind === 'name') return names[expression.name]!
  if (expression.kind === 'load') throw new Error('a scalar function reads no tensor')
  return foldCall(
    expression.name,
    expression.parts.map((part) => fill(part, names)),
  )
}
