// How a layer corresponds to ONNX: the nodes that it is written as, and the node that it is read from. Each layer's file
// declares its own; what is here is the form.
import { type NamedArray, toFloat32 } from '../formats/arrays.ts'
import type { Shape } from '../tensor.ts'

/** One node. Names are the layer's own: `x`, `y`, its parameters, its constants, or anything in between. */
export interface OnnxStep {
  readonly op: string
  readonly reads: readonly string[]
  /** `y` unless said otherwise. */
  readonly writes?: string
  readonly attributes?: Readonly<Record<string, OnnxSetting>>
}

/** A whole number or a list of them, a text, or a number with a fraction. */
export type OnnxSetting = number | readonly number[] | string | { readonly float: number }

export interface OnnxWriting {
  readonly steps: readonly OnnxStep[]
  readonly constants?: Readonly<Record<string, NamedArray>>
}

/** One extent of a shape that a graph computes with: a number, or the batch, which is open. */
export type Extent = number | 'batch'

/** A node of a file, seen from a layer. Attributes and inputs that a layer does not ask for are refused by their names. */
export interface OnnxReading {
  /** Shape of one sample of its first input. */
  readonly input: Shape
  /** The number of samples that the file is written for; undefined where that is open. */
  readonly batch: number | undefined
  /** Zeros that a Pad node puts around rows and columns of the first input: top, left, bottom, right. */
  padding(): readonly number[]
  ints(name: string, otherwise: readonly number[]): readonly number[]
  number(name: string, otherwise: number): number
  text(name: string, otherwise: string): string
  /** Refuses every value of an attribute but this one, which is also its default. */
  only(name: string, value: number | readonly number[]): void
  /** Weights. @throws FormatError where they are computed or missing. */
  array(index: number): NamedArray
  /** A list of whole numbers, such as a shape. @throws FormatError where it depends on more than shapes. */
  extents(index: number): readonly Extent[]
  has(index: number): boolean
  /** @throws FormatError that names the node. */
  refuse(problem: string): never
}

export interface ReadLayer {
  /** Options of the layer. */
  readonly given: Readonly<Record<string, unknown>>
  readonly parameters?: Readonly<Record<string, NamedArray>>
  /** The shape as which the layer reads its first input, where ONNX gives it axes of 1 more. */
  readonly input?: Shape
  /** The shape that ONNX gives one sample of the output, where it is not the layer's own. The numbers are the same. */
  readonly output?: Shape
  /**
   * The axis of the output whose channels are each a row of `weight` and a number of `bias`: a factor or a sum behind it can
   * be put into them.
   */
  readonly channels?: 'first' | 'last'
}

export interface OnnxForm<Options> {
  readonly write: (input: Shape, options: Options, ...others: Shape[]) => OnnxWriting
  /** By operator. */
  readonly read?: Readonly<Record<string, (node: OnnxReading) => ReadLayer>>
}

/** A layer that is one node with the same attributes in both directions: none. */
export const sameNode = (op: string): OnnxForm<unknown> => ({
  write: () => ({ steps: [{ op, reads: ['x'] }] }),
  read: { [op]: () => ({ given: {} }) },
})

export const floats = (shape: Shape, ...values: readonly number[]): NamedArray => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(values),
})
export const integers = (...values: readonly number[]): NamedArray => ({
  dtype: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
})

/** What a tensor is along one axis when it is broadcast to `rank` axes; undefined where others tell its numbers apart. */
export function alongAxis(
  array: NamedArray,
  { rank, axis, extent }: { readonly rank: number; readonly axis: number; readonly extent: number },
): NamedArray | undefined {
  const own = array.shape[axis - rank + array.shape.length] ?? 1
  if (array.shape.length > rank || array.data.length !== own || (own !== 1 && own !== extent)) return undefined
  const data = toFloat32(array)
  return { dtype: 'float32', shape: [extent], data: own === extent ? data : new Float32Array(extent).fill(data[0]!) }
}

export const scaled = (array: NamedArray, factor: number): NamedArray =>
  factor === 1 ? array : { dtype: 'float32', shape: array.shape, data: toFloat32(array).map((value) => value * factor) }

/** Rows become columns. */
export function transposed(array: NamedArray): NamedArray {
  const [rows, columns] = array.shape as [number, number]
  const values = toFloat32(array)
  const data = new Float32Array(values.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) data[column * rows + row] = values[row * columns + column]!
  return { dtype: 'float32', shape: [columns, rows], data }
}
