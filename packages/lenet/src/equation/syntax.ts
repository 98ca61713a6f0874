// An equation as a tree: `target reduction value (ranges)`. What it means is in docs/equations.md.

/** How the terms of one target element are put together. `first` keeps the position of the first true term, or −1. */
export type Reduction = 'set' | 'sum' | 'max' | 'first'

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string; readonly column: number }
  | { readonly kind: 'load'; readonly access: Access }
  | { readonly kind: 'call'; readonly name: string; readonly parts: readonly Expression[]; readonly column: number }

/** `tensor[index, …]`; an index `'...'` stands for all the axes that are not written out. */
export interface Access {
  readonly tensor: string
  readonly indices: readonly (Expression | '...')[]
  readonly column: number
}

/** `(u, v < kernel)`: the axes and the bound they share. */
export interface Range {
  readonly axes: readonly string[]
  readonly bound: Expression
}

export interface Equation {
  readonly text: string
  readonly target: Access
  readonly reduction: Reduction
  readonly value: Expression
  readonly ranges: readonly Range[]
}

export const reductionSigns: Readonly<Record<string, Reduction>> = {
  '=': 'set',
  '+=': 'sum',
  'max=': 'max',
  'first=': 'first',
}

/** Operators are calls whose name is the sign; the number says how tightly it binds. `?` has three parts. */
export const operators: Readonly<Record<string, number>> = { '?': 0, '<': 1, '==': 1, '+': 2, '-': 2, '*': 3, '/': 3 }
