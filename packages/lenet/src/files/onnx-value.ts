// What a value of an ONNX graph is to the importer: weights, whole numbers that shapes are computed with, or what an entry
// of the model gives.
import type { NamedArray } from '../formats/arrays.ts'
import type { Extent } from '../layers/onnx.ts'
import type { Shape } from '../tensor.ts'

/** Whole numbers, row-major; the batch, which is open, may be among them. */
export interface Numbers {
  readonly kind: 'numbers'
  readonly shape: Shape
  readonly items: readonly Extent[]
}

export interface Weights {
  readonly kind: 'weights'
  readonly array: NamedArray
}

export interface Rows {
  readonly kind: 'rows'
  /** Entry of the model, or its input. */
  readonly entry: string
  /** Of one sample, in ONNX: the entry's own may lack axes of 1. */
  readonly shape: Shape
  /** No other value comes from the same entry, and one node reads this one. */
  readonly isAlone: boolean
  /** Zeros around rows and columns that whoever reads it has to add: top, left, bottom, right. */
  readonly padding?: readonly number[]
}

export type Value = Numbers | Weights | Rows

const MOST_NUMBERS = 1024

/** Small arrays of int32 and int64 are numbers, everything else is weights. */
export function asValue(array: NamedArray): Value {
  const isWhole = array.dtype === 'int64' || array.dtype === 'int32'
  return isWhole && array.data.length <= MOST_NUMBERS
    ? { kind: 'numbers', shape: array.shape, items: Array.from(array.data as ArrayLike<bigint | number>, Number) }
    : { kind: 'weights', array }
}

/** @throws where a graph makes more of them than any shape needs. */
export function numbers(shape: Shape, items: readonly Extent[], refuse: (problem: string) => never): Numbers {
  if (items.length > MOST_NUMBERS) refuse(`gives ${items.length} numbers; up to ${MOST_NUMBERS} are read`)
  return { kind: 'numbers', shape, items }
}
