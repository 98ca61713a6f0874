// How a layer corresponds to ONNX: the nodes that it is written as, and the node that it is read from. Each layer's file
// declares its own; what is here is the form.
import type { NamedArray } from '../formats/arrays.ts'
import type { Shape } from './layer.ts'

/** One node. Names are the layer's own: `x`, `y`, its parameters, its constants, or anything in between. */
export interface OnnxStep {
  readonly op: string
  readonly reads: readonly string[]
  /** `y` unless said otherwise. */
  readonly writes?: string
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>
}

export interface OnnxWriting {
  readonly steps: readonly OnnxStep[]
  readonly constants?: Readonly<Record<string, NamedArray>>
}

/** A node of a file, seen from a layer. */
export interface OnnxReading {
  /** Shape of one sample of its first input. */
  readonly input: Shape
  ints(name: string, otherwise: readonly number[]): readonly number[]
  number(name: string, otherwise: number): number
  /** A constant input. @throws FormatError where it is computed or missing. */
  array(index: number): NamedArray
  has(index: number): boolean
  /** @throws FormatError that names the node. */
  refuse(problem: string): never
}

export interface ReadLayer {
  /** Options of the layer. */
  readonly given: Readonly<Record<string, unknown>>
  readonly parameters?: Readonly<Record<string, NamedArray>>
}

export interface OnnxForm<Options> {
  readonly write: (input: Shape, options: Options) => OnnxWriting
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

type Window = {
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: readonly [number, number]
}

export const windowAttributes = ({ kernel, stride, padding }: Window) => ({
  kernel_shape: kernel,
  strides: stride,
  pads: [...padding, ...padding],
})

/** Kernel, stride and padding of a node; what PyTorch's layers cannot say is refused. */
export function readWindow(node: OnnxReading, kernel: readonly number[]): Window {
  const [rows, columns] = kernel
  const stride = node.ints('strides', [1, 1])
  const [top = 0, left = 0, bottom = 0, right = 0] = node.ints('pads', [0, 0, 0, 0])
  if (kernel.length !== 2 || stride.length !== 2) node.refuse('has a window that is not two-dimensional')
  if (top !== bottom || left !== right)
    node.refuse(`pads [${top},${left}] before and [${bottom},${right}] after; both sides must be equal`)
  if (node.ints('dilations', [1, 1]).some((step) => step !== 1)) node.refuse('has dilations; 1 is accepted')
  if (node.number('ceil_mode', 0) !== 0) node.refuse('has ceil_mode 1; 0 is accepted')
  return { kernel: [rows!, columns!], stride: [stride[0]!, stride[1]!], padding: [top, left] }
}

/** Rows become columns. */
export function transposed({ shape, data }: NamedArray): NamedArray {
  const [rows, columns] = shape as [number, number]
  const values = data as Float32Array
  return {
    dtype: 'float32',
    shape: [columns, rows],
    data: Float32Array.from(
      { length: rows * columns },
      (_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!,
    ),
  }
}
