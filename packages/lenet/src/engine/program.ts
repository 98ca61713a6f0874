// What an engine is asked to do, as plain data: tensors, and equations in the order in which they run.
import type { BoundEquation } from '../equation/bound.ts'
import type { Variable } from '../equation/variable.ts'
import { ShapeError } from '../errors.ts'

/** One equation, and whether its target was already written in this pass: then it writes beside what is there, or adds to it. */
export interface Step {
  readonly equation: BoundEquation
  readonly onto: boolean
}

/** What the numbers of a tensor are: bytes come in, and everything is computed in floats. */
export type Element = 'uint8' | 'float32'

/** Of one number. */
export const bytesOf: Readonly<Record<Element, number>> = { uint8: 1, float32: 4 }

/** A per-sample input that is filled from outside, sample after sample. */
export interface Input {
  readonly tensor: Variable
  readonly element: Element
}

/**
 * What happens to the parameters once the gradients of a batch are there: equations over all parameters as one row of
 * numbers, all gradients as one, state of that size that lives as long as training and starts at 0, and numbers that are
 * set anew before each step.
 */
export interface Update {
  readonly equations: readonly BoundEquation[]
  readonly parameters: Variable
  readonly gradients: Variable
  readonly state: ReadonlyMap<string, Variable>
  readonly settings: ReadonlyMap<string, Variable>
}

/** A shared tensor that training changes, and the gradient that samples add up to. */
export interface Trained {
  readonly parameter: Variable
  readonly gradient: Variable
}

export interface Program {
  readonly tensors: readonly Variable[]
  readonly inputs: readonly Input[]
  /** Per-sample tensors that can be read from outside. */
  readonly outputs: readonly Variable[]
  /** Per-sample targets, then `meet`: shared targets, to which every sample adds. */
  readonly sample: readonly Step[]
  readonly meet: readonly Step[]
  /** In model order: together they are the update's rows. */
  readonly trained: readonly Trained[]
  readonly update?: Update
}

/** A program made ready to run for up to `capacity` samples at once. */
export interface Machine {
  readonly capacity: number
  /** Threads at work, this one included. */
  readonly threads: number
  /** Where the samples of the next batch go; two slots, so that one can be filled while the other is computed. */
  input(tensor: Variable, slot?: 0 | 1): Uint8Array | Float32Array
  /** Sample after sample, as the last run left it. */
  output(tensor: Variable): Float32Array
  /** A copy of a shared tensor, of a gradient, or of optimizer state. */
  read(tensor: Variable): Float32Array
  write(tensor: Variable, values: ArrayLike<number>): void
  /** Begins a batch; `finish` waits for it. Between the two, the other slot may be filled. */
  start(samples: number, slot?: 0 | 1): void
  finish(): void
  close(): void
}

/** Samples that are summed together before anything else: the unit of the promise that one seed gives one result. */
export const TILE = 16
/** Partial sums of a batch: tile t belongs to share t mod 16. */
export const SHARES = 16

/** Elements of the rows that an update works on. */
export const rowSize = ({ trained }: Program): number =>
  trained.reduce((sum, { parameter }) => sum + sizeOf(parameter.shape), 0)

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1)

/** What every machine asks of the values that it is told to write. @throws ShapeError where they are not as many. */
export function checkValues({ name }: Variable, values: ArrayLike<number>, size: number | undefined): void {
  if (size === undefined) throw new ShapeError(`machine: there is no tensor '${name}' to write to`)
  if (values.length !== size)
    throw new ShapeError(`machine: '${name}' takes ${size} numbers, but ${values.length} were given`)
}
