// What a training run can be told, and what it takes where it is told nothing.
import type { AugmentOptions } from '../data/augment.ts'
import type { Preparation } from '../data/dataset.ts'
import type { EngineOptions } from '../engine/create-machine.ts'
import { UsageError } from '../errors.ts'
import type { Layer } from '../layers/layer.ts'
import type { Net } from '../model/model.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Initialisation, Weights } from './initialise.ts'
import type { Normalisation } from './normalisation.ts'
import { cosine, type Schedule } from './schedule.ts'
import { usualLoss } from './scores.ts'

export interface TrainOptions extends EngineOptions {
  readonly epochs?: number
  /** Samples a step. */
  readonly batch?: number
  readonly optimizer?: Optimizer
  readonly schedule?: Schedule
  /** Decides everything that is random. A whole number from 0. */
  readonly seed?: number
  /** Cross entropy unless given; `maximumAPosteriori()` for a model whose scores are distances. */
  readonly loss?: Layer
  /** Whether samples come in a new order each epoch, or always in the same. */
  readonly order?: 'shuffled' | 'constant'
  /** 0 for one-hot targets; 0.1 spreads a tenth over all classes. */
  readonly labelSmoothing?: number
  /** Random distortion of the training images, drawn for each sample and epoch. */
  readonly augment?: AugmentOptions
  /** Images taken from the training set to measure on after each epoch. */
  readonly validation?: number
  /** Stops after so many epochs without a better validation accuracy. */
  readonly patience?: number
  readonly initialisation?: Initialisation
  /** Weights to start from instead. */
  readonly weights?: Weights
  /** Parameters that stay as they are, by name. */
  readonly frozen?: ReadonlySet<string>
  readonly normalisation?: Normalisation
  readonly preparation?: Preparation
  /** Milliseconds between two step events, at which the event loop gets its turn, too; 0 tells of every step. */
  readonly beat?: number
  /** Finishes the step, then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Goes on from here instead of from the beginning. */
  readonly resume?: Checkpoint
}

export const defaults = { epochs: 3, batch: 64, seed: 1, labelSmoothing: 0, validation: 0, beat: 100 } as const

/** @throws UsageError for a number that makes no sense. */
export function completeTrainOptions(options: TrainOptions, net: Net) {
  const full = {
    ...defaults,
    optimizer: sgd(),
    schedule: cosine(),
    loss: usualLoss(net),
    order: 'shuffled' as const,
    ...withoutUndefined(options),
  }
  whole('epochs', full.epochs, 1)
  whole('batch', full.batch, 1)
  whole('seed', full.seed, 0)
  whole('validation', full.validation, 0)
  if (!(full.beat >= 0)) throw new UsageError(`train: beat is ${full.beat}; give milliseconds from 0`)
  if (full.patience !== undefined) whole('patience', full.patience, 1)
  if (full.patience !== undefined && full.validation === 0)
    throw new UsageError('train: patience needs a validation set; give validation as well')
  if (!(full.labelSmoothing >= 0 && full.labelSmoothing < 1))
    throw new UsageError(`train: labelSmoothing is ${full.labelSmoothing}; give a number from 0, below 1`)
  if (!(full.optimizer.lr > 0 && Number.isFinite(full.optimizer.lr)))
    throw new UsageError(`train: lr is ${full.optimizer.lr}; give a number above 0, such as 0.01`)
  return full
}

export type FullTrainOptions = ReturnType<typeof completeTrainOptions>

function whole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new UsageError(`train: ${name} is ${value}; give a whole number from ${least}`)
}

const withoutUndefined = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
