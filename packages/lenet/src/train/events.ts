// What a training run says while it works: typed events, in the order in which they happen.
// Accuracies are fractions from 0 to 1, losses are means over samples.

/** After every few steps, for progress displays. */
export interface StepEvent {
  readonly event: 'step'
  /** Counts from 1. */
  readonly epoch: number
  readonly epochs: number
  /** Steps done in this epoch, out of `steps`. */
  readonly step: number
  readonly steps: number
  /** Mean over the epoch so far. */
  readonly loss: number
  readonly accuracy: number
  readonly imagesPerSecond: number
}

/** One step, whether an event tells of it or not. */
export interface StepResult {
  /** Both count from 1. */
  readonly epoch: number
  readonly step: number
  /** Mean over the step's samples. */
  readonly loss: number
  /** How many of the samples were answered rightly, before the update. */
  readonly right: number
  readonly samples: number
}

export interface EpochEvent {
  readonly event: 'epoch'
  readonly epoch: number
  readonly epochs: number
  /** Measured while training, before each update. */
  readonly trainLoss: number
  readonly trainAccuracy: number
  /** Present when the run has a validation set. */
  readonly validationLoss?: number
  readonly validationAccuracy?: number
  readonly learningRate: number
  /** Samples over the epoch's wall time, feeding included, evaluation excluded. */
  readonly imagesPerSecond: number
  readonly seconds: number
}

export interface DoneEvent {
  readonly event: 'done'
  /** Epochs that were trained. */
  readonly epochs: number
  /** With a validation set: the epoch whose weights are the result, and their accuracy on it. */
  readonly bestEpoch?: number
  readonly validationAccuracy?: number
  /** Where training stopped early: for so many epochs validation had not been better. */
  readonly noBetterFor?: number
  /** Present when the data has a test set; it is read once, here. */
  readonly testAccuracy?: number
  readonly testErrors?: number
  readonly testLoss?: number
  /** Of the result: SHA-256 over name, shape and little-endian float32 bytes of each parameter, in model order. */
  readonly weightsHash: string
  readonly seconds: number
}

export type TrainEvent = StepEvent | EpochEvent | DoneEvent
