// What a training run can be told, and what it takes where it is told nothing.
import type { AugmentOptions } from '../data/augment.ts'
import { checkEngine, type EngineOptions } from '../engine/create-machine.ts'
import { shown, UsageError } from '../errors.ts'
import { readNormalisation, readPreparation } from '../files/facts.ts'
import { fieldsOf, objectOf, oneOf, type Refuse } from '../formats/json-fields.ts'
import type { Layer } from '../layers/layer.ts'
import type { Initialisation, Weights } from '../model/initialise.ts'
import { channelsOf, type Net, parametersOf } from '../model/model.ts'
import { checkWeights } from '../model/weights-for.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import type { Preparation } from '../pictures/images.ts'
import type { Normalisation } from '../predict/normalisation.ts'
import { usualLoss } from '../predict/scores.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { StepResult } from './events.ts'
import { cosine, type Schedule } from './schedule.ts'

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
  /** Called after every step, events or not: whoever draws curves of it draws the same ones on any machine. */
  readonly onStep?: (step: StepResult) => void
  /** Finishes the step, then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Goes on from here instead of from the beginning. */
  readonly resume?: Checkpoint
}

export const defaults = { epochs: 3, batch: 64, seed: 1, labelSmoothing: 0, validation: 0, beat: 100 } as const

const known: Readonly<Record<keyof TrainOptions, true>> = {
  engine: true,
  threads: true,
  fast: true,
  onFallback: true,
  epochs: true,
  batch: true,
  optimizer: true,
  schedule: true,
  seed: true,
  loss: true,
  order: true,
  labelSmoothing: true,
  augment: true,
  validation: true,
  patience: true,
  initialisation: true,
  weights: true,
  frozen: true,
  normalisation: true,
  preparation: true,
  beat: true,
  onStep: true,
  signal: true,
  resume: true,
}
const refuse: Refuse = (problem) => new UsageError(`train: ${problem}`)

/** @throws UsageError for an option that is unknown or out of its range, ShapeError for weights of another net. */
export function completeTrainOptions(options: TrainOptions, net: Net, hasValidation = false) {
  const given = withoutUndefined(fieldsOf(options, 'options', Object.keys(known), refuse)) as TrainOptions
  const full = {
    ...defaults,
    optimizer: sgd(),
    schedule: cosine(),
    loss: usualLoss(net),
    order: 'shuffled' as const,
    ...given,
    ...(given.normalisation && { normalisation: readNormalisation(given.normalisation, channelsOf(net), refuse) }),
  }
  checkEngine(full)
  whole('epochs', full.epochs, 1)
  whole('batch', full.batch, 1)
  whole('seed', full.seed, 0)
  whole('validation', full.validation, 0)
  if (!(full.beat >= 0)) throw refuse(`beat is ${shown(full.beat)}; give milliseconds from 0`)
  if (full.onStep !== undefined && typeof full.onStep !== 'function')
    throw refuse(`onStep is ${shown(full.onStep)}; give a function`)
  if (full.patience !== undefined) whole('patience', full.patience, 1)
  if (full.patience !== undefined && full.validation === 0 && !hasValidation)
    throw refuse('patience needs a validation set; give validation as well')
  if (!(full.labelSmoothing >= 0 && full.labelSmoothing < 1))
    throw refuse(`labelSmoothing is ${shown(full.labelSmoothing)}; give a number from 0, below 1`)
  oneOf(full.order, 'order', ['shuffled', 'constant'], refuse)
  if (full.preparation !== undefined) readPreparation(full.preparation, refuse)
  checkParts(full)
  checkStart(full, net)
  return full
}

/** What other functions make: an optimizer, a schedule, a loss. */
function checkParts({
  optimizer,
  schedule,
  loss,
}: Pick<Required<TrainOptions>, 'optimizer' | 'schedule' | 'loss'>): void {
  if (typeof objectOf(optimizer, 'optimizer', refuse).settings !== 'function')
    throw refuse(`optimizer is ${shown(optimizer)}; give one as sgd(), adam(), adamw() or sdlm() makes it`)
  if (!(optimizer.lr > 0 && Number.isFinite(optimizer.lr)))
    throw refuse(`lr is ${shown(optimizer.lr)}; give a number above 0, such as 0.01`)
  if (typeof objectOf(schedule, 'schedule', refuse).factor !== 'function')
    throw refuse(`schedule is ${shown(schedule)}; give one as cosine() or oneCycle() makes it`)
  if (objectOf(loss, 'loss', refuse).definition === undefined)
    throw refuse(`loss is ${shown(loss)}; give one as crossEntropy() makes it`)
}

/** The parameters that training starts from, and those that it leaves alone. */
function checkStart({ weights, frozen, augment }: TrainOptions, net: Net): void {
  if (augment !== undefined) objectOf(augment, 'augment', refuse)
  if (weights !== undefined) checkWeights(net, weights, 'train')
  if (frozen === undefined) return
  if (!(frozen instanceof Set)) throw refuse(`frozen is ${shown(frozen)}; a Set of names of parameters is wanted`)
  const names = parametersOf(net).map(({ name }) => name)
  const stranger = [...frozen].find((name) => !names.includes(name))
  if (stranger !== undefined)
    throw refuse(`frozen holds ${shown(stranger)}; the parameters are ${names.join(', ') || 'none'}`)
}

export type FullTrainOptions = ReturnType<typeof completeTrainOptions>

function whole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw refuse(`${name} is ${shown(value)}; give a whole number from ${least}`)
}

const withoutUndefined = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
