// Reverse mode. Every load T[…] of an equation y[…] += f becomes d_T[…] += d_y[…] · ∂f/∂T over the same axes in the same
// order; no index is ever inverted. Gradients that lead to nothing wanted are not written at all.
import {
  affine,
  type BoundAccess,
  type BoundEquation,
  call,
  load,
  loadsIn,
  mapValue,
  number,
  sameAccess,
  type Value,
} from './bound.ts'
import { foldCall, plus, times } from './fold.ts'
import { functions } from './scalar.ts'
import type { Expression } from './syntax.ts'

export const gradientOf = (tensor: string): string => `d_${tensor}`
/** Where the first winner of a maximum stands among its candidates. */
export const winnerOf = (tensor: string): string => `${tensor}.winner`

/**
 * The equations that compute `d_…` for every tensor between `wanted` tensors and those in `seeds`, whose gradients have
 * been written; last equation first. `slopeTo` changes each partial derivative: squared, what flows back is the diagonal
 * of the Gauss-Newton Hessian (LeCun et al. 1998, Eq. 25 to 27), summed over the places of a shared weight.
 */
export function differentiate(
  equations: readonly BoundEquation[],
  wanted: ReadonlySet<string>,
  seeds: readonly string[],
  slopeTo: (slope: Value) => Value = (slope) => slope,
): BoundEquation[] {
  const active = new Set(wanted)
  for (const { target, value } of equations)
    if (followed(value).some(({ tensor }) => active.has(tensor))) active.add(target.tensor)
  const written = new Set(seeds.map(gradientOf))
  return equations.toReversed().flatMap((equation) => {
    if (!active.has(equation.target.tensor) || !written.has(gradientOf(equation.target.tensor))) return []
    const gradients = backward(equation, active, slopeTo)
    for (const { target } of gradients) written.add(target.tensor)
    return gradients
  })
}

/** Loads that a gradient follows: all but those that are stopped. */
const followed = (value: Value): BoundAccess[] =>
  loadsIn(mapValue(value, (node) => (node.kind === 'call' && node.name === 'stop' ? number(0) : node)))

function backward(
  equation: BoundEquation,
  active: ReadonlySet<string>,
  slopeTo: (slope: Value) => Value,
): BoundEquation[] {
  const seed = load({ ...equation.target, tensor: gradientOf(equation.target.tensor) })
  const loads = distinct(followed(equation.value)).filter(({ tensor }) => active.has(tensor))
  if (equation.reduction === 'max') return maxBackward(equation, loads, seed, slopeTo)
  return loads.flatMap((access) => {
    const slope = partial(equation.value, access, equation)
    const value = times(seed, slopeTo(slope))
    return value.kind === 'number' ? [] : [gradientEquation(equation, access, value)]
  })
}

const gradientEquation = (equation: BoundEquation, access: BoundAccess, value: Value): BoundEquation => ({
  ...equation,
  text: `${gradientOf(access.tensor)} of '${equation.text}'`,
  target: { ...access, tensor: gradientOf(access.tensor) },
  reduction: 'sum',
  value,
})

// The gradient goes to the first winner alone: its place is found first, then compared.
function maxBackward(
  equation: BoundEquation,
  loads: readonly BoundAccess[],
  seed: Value,
  slopeTo: (slope: Value) => Value,
): BoundEquation[] {
  const winner: BoundAccess = { ...equation.target, tensor: winnerOf(equation.target.tensor) }
  const find: BoundEquation = {
    ...equation,
    text: `winner of '${equation.text}'`,
    target: winner,
    reduction: 'first',
    value: call('==', equation.value, load(equation.target)),
  }
  const place: Value = { kind: 'index', index: placeAmong(equation) }
  return [
    find,
    ...loads.map((access) => {
      const slope = times(seed, slopeTo(partial(equation.value, access, equation)))
      return gradientEquation(equation, access, call('?', call('==', load(winner), place), slope, number(0)))
    }),
  ]
}

/** Position of a term among those of its element: the summed axes counted like digits. */
export function placeAmong({ axes, target }: BoundEquation) {
  const kept = new Set(target.indices.flatMap(({ terms }) => terms.map(([axis]) => axis)))
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

/** ∂value/∂access, with the parts of equal loads added. */
function partial(value: Value, access: BoundAccess, equation: BoundEquation): Value {
  if (value.kind === 'load') return number(sameAccess(value.access, access) ? 1 : 0)
  if (value.kind !== 'call') return number(0)
  return value.parts
    .map((part, at) => times(partial(part, access, equation), slopeOf(value, at, equation)))
    .reduce(plus, number(0))
}

const less = (a: Value, b: Value): Value => foldCall('<', [a, b])
const choose = (condition: Value, yes: Value, no: Value): Value => foldCall('?', [condition, yes, no])

/** Derivative of a call by one of its parts. */
function slopeOf(value: Value & { kind: 'call' }, at: number, equation: BoundEquation): Value {
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
  const stored = equation.reduction === 'set' && equation.value === value
  return fill(derivative[at]!, {
    ...Object.fromEntries(parameters.map((name, n) => [name, [a, b, c][n]!])),
    r: stored ? load(equation.target) : value,
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
