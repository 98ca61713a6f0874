// An equation whose options, shapes and extents are known: what derivation, engines and printing work on.
import type { Reduction } from './syntax.ts'
import type { Variable } from './variable.ts'

/** An axis and how many values it takes: 0 … extent−1. */
export interface Axis {
  readonly name: string
  readonly extent: number
}

/** constant + Σ coefficient × axis. */
export interface Affine {
  readonly constant: number
  readonly terms: readonly (readonly [axis: string, coefficient: number])[]
}

export interface BoundAccess {
  readonly tensor: Variable
  readonly indices: readonly Affine[]
}

export type Value =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'index'; readonly index: Affine }
  | { readonly kind: 'load'; readonly access: BoundAccess }
  | { readonly kind: 'call'; readonly name: string; readonly parts: readonly Value[] }

export interface BoundEquation {
  /** As it was written: for messages, docs and pictures. */
  readonly text: string
  /** The entry of the model that it belongs to. */
  readonly layer: string
  readonly target: BoundAccess
  readonly reduction: Reduction
  readonly value: Value
  /** What a load finds outside of its tensor: 0, or −∞ for a maximum and what is derived from one. */
  readonly outside: number
  /** Summed axes first, then the target's, each by first appearance: the order in which terms are added. */
  readonly axes: readonly Axis[]
}

export const number = (value: number): Value => ({ kind: 'number', value })
export const load = (access: BoundAccess): Value => ({ kind: 'load', access })
export const call = (name: string, ...parts: Value[]): Value => ({ kind: 'call', name, parts })
export const affine = (constant: number, terms: readonly (readonly [string, number])[] = []): Affine => ({
  constant,
  terms,
})
export const along = (axis: string): Affine => affine(0, [[axis, 1]])

/** The axis, if the index is one axis and nothing else. */
export const aloneAxis = ({ constant, terms }: Affine): string | undefined =>
  constant === 0 && terms.length === 1 && terms[0]![1] === 1 ? terms[0]![0] : undefined

const sameAffine = (a: Affine, b: Affine): boolean =>
  a.constant === b.constant &&
  a.terms.length === b.terms.length &&
  a.terms.every(([axis, coefficient]) => b.terms.some(([other, value]) => other === axis && value === coefficient))

export const sameAccess = (a: BoundAccess, b: BoundAccess): boolean =>
  a.tensor === b.tensor && a.indices.every((index, at) => sameAffine(index, b.indices[at]!))

/** Every load in a value, from left to right. */
export function loadsIn(value: Value): BoundAccess[] {
  if (value.kind === 'load') return [value.access]
  return value.kind === 'call' ? value.parts.flatMap(loadsIn) : []
}

/** Replaces parts of a value from the leaves up: `change` sees every node after its parts were changed. */
export function mapValue(value: Value, change: (node: Value) => Value): Value {
  return change(value.kind === 'call' ? { ...value, parts: value.parts.map((part) => mapValue(part, change)) } : value)
}

/** The axes that an access moves along. */
export const axesOf = ({ indices }: BoundAccess): Set<string> =>
  new Set(indices.flatMap(({ terms }) => terms.map(([axis]) => axis)))

/** How many terms an equation adds up in all. */
export const terms = ({ axes }: BoundEquation): number => axes.reduce((product, { extent }) => product * extent, 1)

/** Loads of constants that multiply the whole value. */
export function constantFactors(value: Value): BoundAccess[] {
  if (value.kind === 'load') return value.access.tensor.kind === 'constant' ? [value.access] : []
  return value.kind === 'call' && value.name === '*' ? value.parts.flatMap(constantFactors) : []
}

/** Those of them that are 0 somewhere: they say which terms there are. */
export const switchesOf = ({ value }: BoundEquation): BoundAccess[] =>
  constantFactors(value).filter(({ tensor }) => tensor.data!.includes(0))

/** The axes that the target has. */
export const keptAxes = ({ axes, target }: BoundEquation): readonly Axis[] => {
  const inTarget = axesOf(target)
  return axes.filter(({ name }) => inTarget.has(name))
}
