// What an engine is asked to do, as plain data: tensors, and equations in the order in which they run.
import type { BoundEquation } from '../equation/bound.ts'
import { ShapeError } from '../errors.ts'

/**
 * A `sample` tensor exists once for each sample of the batch; a `shared` one once: parameters, settings, state. A
 * `constant` never changes, and a term in which a constant is a zero factor is no term.
 */
export interface TensorFact {
  readonly shape: readonly number[]
  readonly kind: 'sample' | 'shared' | 'constant'
  /** Values of a constant. */
  readonly data?: Float32Array
  /** What a reader finds outside the shape: 0, or −∞ for a maximum. */
  readonly fill?: number
}

/** One equation, and whether its target was already written in this pass: then its sum is added to what is there. */
export interface Step {
  readonly equation: BoundEquation
  readonly onto: boolean
}

/** A per-sample input that is filled from outside, sample after sample. */
export interface Input {
  readonly tensor: string
  readonly element: 'uint8' | 'float32'
}

/** What happens to the parameters once the gradients of a batch are there. Equations over `p[i]`, `g[i]`, state and settings. */
export interface Update {
  readonly equations: readonly BoundEquation[]
  /** Names of tensors of the parameters' size that live as long as training, starting at 0. */
  readonly state: readonly string[]
  /** Names of numbers that are set anew before each step. */
  readonly settings: readonly string[]
}

export interface Program {
  readonly tensors: ReadonlyMap<string, TensorFact>
  readonly inputs: readonly Input[]
  /** Per-sample tensors that can be read from outside. */
  readonly outputs: readonly string[]
  /** Per-sample targets, then `meet`: shared targets, to which every sample adds. */
  readonly sample: readonly Step[]
  readonly meet: readonly Step[]
  /** The shared tensors that training changes, in model order: together they are `p`. */
  readonly parameters: readonly string[]
  readonly update?: Update
}

/** A program made ready to run for up to `capacity` samples at once. */
export interface Machine {
  readonly capacity: number
  /** Threads at work, this one included. */
  readonly threads: number
  /** Where the samples of the next batch go; two slots, so that one can be filled while the other is computed. */
  input(tensor: string, slot?: 0 | 1): Uint8Array | Float32Array
  /** Sample after sample, as the last run left it. */
  output(tensor: string): Float32Array
  /** A copy of a shared tensor, of a gradient (`d_…`), or of optimizer state. */
  read(tensor: string): Float32Array
  write(tensor: string, values: ArrayLike<number>): void
  /** Begins a batch; `finish` waits for it. Between the two, the other slot may be filled. */
  start(samples: number, slot?: 0 | 1): void
  finish(): void
  close(): void
}

/** Samples that are summed together before anything else: the unit of the promise that one seed gives one result. */
export const TILE = 16
/** Partial sums of a batch: tile t belongs to share t mod 16. */
export const SHARES = 16

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1)

/** What every machine asks of the values that it is told to write. @throws ShapeError where they are not as many. */
export function checkValues(tensor: string, values: ArrayLike<number>, size: number | undefined): void {
  if (size === undefined) throw new ShapeError(`machine: there is no tensor '${tensor}' to write to`)
  if (values.length !== size)
    throw new ShapeError(`machine: '${tensor}' takes ${size} numbers, but ${values.length} were given`)
}
