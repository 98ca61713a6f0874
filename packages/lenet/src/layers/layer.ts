// What a layer declares. Everything else about it is computed from its equations.
import { sizeOf } from '../engine/program.ts'
import { ShapeError, shown, UsageError } from '../errors.ts'
import type { Shape } from '../tensor.ts'
import type { OnnxForm } from './onnx.ts'
import { completeOptions, type Full, type Given, type Options, type Pair } from './options.ts'

/** A parameter's shape, and how many values each output sums up: what initialisation scales by. */
export interface ParameterSpec {
  readonly shape: Shape
  readonly fan: number
  /** Its first values, where they are not drawn: the 1 and 0 of a norm. */
  readonly start?: number
}

/** Numbers that never change; a term with a zero among its factors is no term. */
export interface ConstantSpec {
  readonly shape: Shape
  readonly data: Float32Array
}

/** A per-sample input that training fills with random numbers. */
export interface NoiseSpec {
  readonly shape: Shape
  /** One value from one uniform number in [0, 1). */
  readonly value: (uniform: number) => number
}

export interface Example<O extends Options> {
  readonly input: Shape
  /** Of the inputs behind the first; as the first unless said otherwise. */
  readonly others?: readonly Shape[]
  readonly options: Given<O>
  readonly title?: string
}

/** How an output layer's scores are read. */
export interface Reading {
  readonly best: 'largest' | 'smallest'
  /** What turns scores into probabilities: the softmax of them, of their negatives, or nothing more. */
  readonly probability: 'softmax' | 'softmax of negatives' | 'itself'
}

export interface LayerDefinition<O extends Options = Options> {
  /** Its constructor's name. */
  readonly name: string
  readonly summary: string
  readonly options: O
  /** Names that the equations give to what the layer reads; `x` alone unless said otherwise. A function takes any number. */
  readonly inputs?: readonly string[] | ((count: number) => readonly string[])
  /** Shapes are those of one sample. */
  readonly output: (input: Shape, options: Full<O>, ...others: Shape[]) => Shape
  readonly parameters?: (input: Shape, options: Full<O>) => Readonly<Record<string, ParameterSpec>>
  readonly constants?: (input: Shape, options: Full<O>) => Readonly<Record<string, ConstantSpec>>
  readonly equations: readonly string[] | ((input: Shape, options: Full<O>, ...others: Shape[]) => readonly string[])
  /** Used instead of `equations` while training. */
  readonly training?: readonly string[]
  readonly noise?: (input: Shape, options: Full<O>) => Readonly<Record<string, NoiseSpec>>
  readonly reading?: Reading
  /**
   * For a loss, or an output layer whose loss adds none: `h[…]`, the second derivative of what is minimised with respect
   * to each element of `x`, Gauss-Newton. Optimizers that need curvature start here.
   */
  readonly curvature?: readonly string[]
  /** Its counterpart in ONNX; absent where there is none. */
  readonly onnx?: OnnxForm<Full<O>>
  /** Small ones that tests run on every engine; a layer of the catalogue has at least one. */
  readonly examples?: readonly Example<O>[]
}

/** A layer with its options: what a model is a list of. */
export interface Layer {
  readonly definition: LayerDefinition
  /** As given, for files. */
  readonly given: Readonly<Record<string, unknown>>
  readonly options: Readonly<Record<string, unknown>>
  /** Entries of the model that it reads; the one before it unless said otherwise. */
  readonly from?: readonly string[]
}

/** A layer's constructor. */
export interface LayerConstructor<O extends Options> {
  (...options: Record<string, never> extends Given<O> ? [options?: Given<O>] : [options: Given<O>]): Layer
  readonly definition: LayerDefinition<O>
}

/** Declares a layer; the result makes layers from options. */
export function layer<const O extends Options>(definition: LayerDefinition<O>): LayerConstructor<O> {
  const construct = (given: Given<O> = {} as Given<O>): Layer => ({
    definition: definition as unknown as LayerDefinition,
    given: given as Readonly<Record<string, unknown>>,
    options: completeOptions(definition.name, definition.options, given as Readonly<Record<string, unknown>>),
  })
  return Object.assign(construct, { definition }) as unknown as LayerConstructor<O>
}

/** The names of a layer's inputs, where it reads so many. */
export const inputNames = ({ inputs = ['x'] }: Pick<LayerDefinition, 'inputs'>, count: number): readonly string[] =>
  typeof inputs === 'function' ? inputs(count) : inputs

/** Layers by name, in order; a block of them may stand in the place of one. */
export interface Layers {
  readonly [name: string]: Layer | Layers
  /** The entry that its first one reads, where that is not the one before the block. */
  readonly [READS]?: string
}

export const READS = Symbol('what a block reads')

export const isLayer = (value: unknown): value is Layer =>
  typeof value === 'object' && value !== null && Object.hasOwn((value as Layer).definition ?? {}, 'equations')

/** Lets a layer or a block read other entries than the one before it: `sum: from(['conv1', 'conv3'], add())`. */
export function from(entries: readonly string[], layer: Layer): Layer
/** @throws UsageError for more than one entry: a block reads one; and for what is neither layer nor block. */
export function from(entries: readonly string[], block: Layers): Layers
export function from(entries: readonly string[], part: Layer | Layers): Layer | Layers {
  if (isLayer(part)) return { ...part, from: entries }
  if (typeof part !== 'object' || part === null)
    throw new UsageError(`from: it is given ${shown(part)}; give a layer, as its constructor makes it: relu()`)
  if (entries.length !== 1) throw new UsageError(`from: a block reads [${entries}]; one entry is accepted`)
  return { ...part, [READS]: entries[0]! }
}

/** A parameter whose outputs sum up one value for each element behind its first axis. */
export const fanIn = (shape: Shape, fan = sizeOf(shape.slice(1))): ParameterSpec => ({ shape, fan })

export const area = ([rows, columns]: Pair): number => rows * columns

/** A window over rows and columns. A type, not an interface: options of a layer are a record. */
export type Window = {
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Pair
  /** Distance of the kernel's pixels; 1 unless given. */
  readonly dilation?: Pair
  /** Whether the last window may hang over the edge behind the padding. */
  readonly ceilMode?: boolean
}

/** How many places a window has along rows (0) or columns (1). */
export function slide(extent: number, window: Window, axis: 0 | 1): number {
  const { kernel, stride, padding, dilation = [1, 1], ceilMode = false } = window
  const span = (kernel[axis] - 1) * dilation[axis] + 1
  const steps = (extent + 2 * padding[axis] - span) / stride[axis]
  if (kernel[axis] < 1 || stride[axis] < 1 || dilation[axis] < 1)
    throw new ShapeError(
      dilation[axis] < 1
        ? `a window has a dilation of [${dilation}]; it starts at 1`
        : `a window has a kernel of [${kernel}] and a stride of [${stride}]; both start at 1`,
    )
  if (steps < 0)
    throw new ShapeError(
      `a kernel of ${span} does not fit into ${extent} ${axis === 0 ? 'rows' : 'columns'} with padding ${padding[axis]}`,
    )
  if (!ceilMode) return Math.floor(steps) + 1
  const places = Math.ceil(steps) + 1
  // As in PyTorch: a window begins within the plane or the padding before it.
  return (places - 1) * stride[axis] >= extent + padding[axis] ? places - 1 : places
}

/** Reads an input of any rank as one row: the equation that does it, and the name to read. */
export function flattened(shape: Shape): { readonly equations: readonly string[]; readonly name: string } {
  if (shape.length === 1) return { equations: [], name: 'x' }
  const axes = shape.map((_, at) => `a${at}`)
  return { equations: [`flat[${rowMajor(axes, shape)}] = x[${axes.join(',')}]`], name: 'flat' }
}

/** The place of an element in row-major order, as the equations write it: `a0*6+a1*3+a2*1`. */
export function rowMajor(axes: readonly string[], shape: Shape): string {
  const steps = shape.map(() => 1)
  for (let at = shape.length - 2; at >= 0; at--) steps[at] = steps[at + 1]! * shape[at + 1]!
  return axes.map((axis, at) => `${axis}*${steps[at]}`).join('+')
}

/** Checks that an input has the axes that a layer names, e.g. `channels, rows, columns`. */
export function axesOf<const Names extends readonly string[]>(
  shape: Shape,
  ...names: Names
): { [K in keyof Names]: number } {
  if (shape.length !== names.length) throw new ShapeError(`takes [${names.join(', ')}], not [${shape}]`)
  return shape as unknown as { [K in keyof Names]: number }
}
