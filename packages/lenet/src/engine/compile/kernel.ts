// A kernel: one walk over memory, as plain data. What is walked in which order, what is summed in registers, what is stored.
import type { Affine, Axis } from '../../equation/bound.ts'
import type { Reduction } from '../../equation/syntax.ts'
import type { Address } from './storage.ts'

export type Term =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'index'; readonly index: Affine }
  | { readonly kind: 'load'; readonly address: Address }
  | { readonly kind: 'call'; readonly name: string; readonly parts: readonly Term[] }
  /** What the reduction gave for this element. */
  | { readonly kind: 'result' }

export interface KernelStore {
  readonly address: Address
  readonly value: Term
  /** False where the value is only needed by the stores after it. */
  readonly kept: boolean
}

export interface Kernel {
  readonly text: string
  readonly layer: string
  /** Whether samples add up to one result (a gradient), or each has its own. */
  readonly meets: boolean
  /** Whether a gradient adds to what a kernel before has given it in the same tile. */
  readonly onto: boolean
  /** Walked outermost, in this order: sums go on in memory from one value to the next. */
  readonly outer: readonly Axis[]
  /** The target's axes. */
  readonly kept: readonly Axis[]
  /** Innermost loops, summed in a register. */
  readonly summed: readonly Axis[]
  /** Summed axes that are written out, inside those. */
  readonly unrolled: readonly Axis[]
  /** Neighbours along this kept axis lie side by side in a vector, where a vector has room for more than one. */
  readonly lane?: string
  /** Vectors side by side along kept axes. */
  readonly tile: ReadonlyMap<string, number>
  /** Absent where the value is the result. */
  readonly reduction?: Exclude<Reduction, 'set'>
  readonly value: Term
  /** Where one of these is 0 there is no term. */
  readonly guards: readonly Address[]
  readonly stores: readonly KernelStore[]
  /** What must be 0 before. */
  readonly zero?: { readonly start: number; readonly bytes: number }
}

/** Whether an axis moves what switches terms off. */
export const isGuarded = ({ guards }: Pick<Kernel, 'guards'>, axis: string): boolean =>
  guards.some(({ strides }) => (strides.get(axis) ?? 0) !== 0)

export function addressesIn(term: Term): Address[] {
  if (term.kind === 'load') return [term.address]
  return term.kind === 'call' ? term.parts.flatMap(addressesIn) : []
}

/** Axes whose value is read as a number. */
export function indexAxes(term: Term): string[] {
  if (term.kind === 'index') return term.index.terms.map(([axis]) => axis)
  return term.kind === 'call' ? term.parts.flatMap(indexAxes) : []
}
