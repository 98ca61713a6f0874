// How the reference puts an equation's terms together: a loop over its axes, each element's terms in the order of the axes,
// every access checked.
import { type Affine, type BoundAccess, type BoundEquation, constantFactors, type Value } from '../equation/bound.ts'
import type { Variable } from '../equation/variable.ts'
import { type Precision, type Reader, scalarOf } from './reference-scalar.ts'

export type Numbers = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>

export interface Context {
  readonly store: ReadonlyMap<Variable, Numbers>
  readonly precision: Precision
}

/** What an operation's result is kept as. */
export const roundingOf = (precision: Precision): ((value: number) => number) =>
  precision === 'float32' ? Math.fround : (exact) => exact

export interface Terms {
  /** What the terms of each element came to. What no term reaches is +0. */
  readonly values: Numbers
  /** 1 for an element that the target's indices reach. */
  readonly visited: Uint8Array
}

/** Puts together all terms of an equation, each element's in the order of the axes. */
export function termsOf(equation: BoundEquation, context: Context): () => Terms {
  const { axes, reduction, target } = equation
  const at: Axes = { slots: new Map(axes.map(({ name }, slot) => [name, slot])), values: new Int32Array(axes.length) }
  const place = placeOf(target, at)
  const value = compileValue(equation.value, at, { ...context, outside: equation.outside })
  const absent = absentTerm(equation, at, context)
  const values = context.store.get(target.tensor)!.slice() as Numbers
  const combine = combiner(reduction, context.precision)
  const start = reduction === 'max' ? Number.NEGATIVE_INFINITY : reduction === 'first' ? -1 : 0
  const [visited, present] = [new Uint8Array(values.length), new Uint8Array(values.length)]
  const seen = new Uint32Array(values.length)
  const walk = (depth: number): void => {
    const axis = axes[depth]
    if (axis !== undefined) {
      for (let index = 0; index < axis.extent; index++) {
        at.values[depth] = index
        walk(depth + 1)
      }
      return
    }
    const element = place()
    // A gradient flows to the border, too; there is nothing.
    if (element < 0) return
    const nth = seen[element]!++
    visited[element] = 1
    if (absent()) return
    present[element] = 1
    values[element] = combine(values[element]!, value(), nth)
  }
  // A place that no term takes is −1; any other element without a term is +0.
  const reached = reduction === 'first' ? visited : present
  return () => {
    values.fill(start)
    for (const counter of [visited, present, seen]) counter.fill(0)
    walk(0)
    for (let element = 0; element < values.length; element++) if (reached[element] === 0) values[element] = 0
    return { values, visited }
  }
}

function combiner(
  reduction: BoundEquation['reduction'],
  precision: Precision,
): (sum: number, term: number, place: number) => number {
  if (reduction === 'set') return (_, term) => term
  if (reduction === 'max') return (best, term) => (best < term || Number.isNaN(term) ? term : best)
  if (reduction === 'first') return (found, term, place) => (found < 0 && term !== 0 ? place : found)
  return precision === 'float32' ? (sum, term) => Math.fround(sum + term) : (sum, term) => sum + term
}

/** Where every axis stands. */
interface Axes {
  readonly slots: ReadonlyMap<string, number>
  readonly values: Int32Array
}

/** Position in a tensor's array, or −1 outside its shape. */
function placeOf({ tensor, indices }: BoundAccess, at: Axes): Reader {
  const parts = indices.map((index, axis) => ({ index: compileAffine(index, at), extent: tensor.shape[axis]! }))
  return () => {
    let place = 0
    for (const { index, extent } of parts) {
      const value = index()
      if (value < 0 || value >= extent) return -1
      place = place * extent + value
    }
    return place
  }
}

function compileAffine({ constant, terms }: Affine, at: Axes): Reader {
  const { values } = at
  const slots = terms.map(([axis]) => at.slots.get(axis)!)
  const [a = 0, b = 0] = slots
  const [first = 0, second = 0] = terms.map(([, coefficient]) => coefficient)
  if (terms.length === 1 && first === 1 && constant === 0) return () => values[a]!
  if (terms.length === 2) return () => constant + first * values[a]! + second * values[b]!
  return () => terms.reduce((sum, [, coefficient], n) => sum + coefficient * values[slots[n]!]!, constant)
}

function compileValue(value: Value, at: Axes, context: Context & { readonly outside: number }): Reader {
  switch (value.kind) {
    case 'number': {
      const constant = roundingOf(context.precision)(value.value)
      return () => constant
    }
    case 'index':
      return compileAffine(value.index, at)
    case 'load': {
      const values = context.store.get(value.access.tensor)!
      const place = placeOf(value.access, at)
      return () => {
        const element = place()
        return element < 0 ? context.outside : values[element]!
      }
    }
    case 'call': {
      const operate = scalarOf(value.name, context.precision)
      const [a, b = () => 0, c = () => 0] = value.parts.map((part) => compileValue(part, at, context))
      return () => operate(a!(), b(), c())
    }
  }
}

/** A term with a zero constant among its factors is no term. */
function absentTerm({ value }: BoundEquation, at: Axes, context: Context): () => boolean {
  const readers = constantFactors(value).map((access) =>
    compileValue({ kind: 'load', access }, at, { ...context, outside: 0 }),
  )
  return () => readers.some((read) => read() === 0)
}
