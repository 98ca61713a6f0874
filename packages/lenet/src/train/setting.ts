// Everything about a run that does not change while it lasts: data, how it is fed, and what is computed.
import { createAugmenter } from '../data/augment.ts'
import { createFeeder, type Feeder } from '../data/batches.ts'
import { checkDataset } from '../data/check.ts'
import type { Dataset, Splits } from '../data/dataset.ts'
import { splitValidation } from '../data/split.ts'
import { channelStatistics } from '../data/statistics.ts'
import { sizeOf } from '../engine/program.ts'
import { ShapeError, UsageError } from '../errors.ts'
import { type Net, parametersOf } from '../model/model.ts'
import { planTraining, type TrainingPlan } from '../model/plan.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { fitsWithin } from '../pictures/place.ts'
import type { Normalisation } from '../predict/normalisation.ts'
import { createRandom } from '../random/random.ts'
import type { FullTrainOptions } from './options.ts'

export interface Setting {
  readonly net: Net
  readonly train: Dataset
  readonly validation: Dataset | undefined
  readonly test: Dataset | undefined
  readonly isBytes: boolean
  readonly normalisation: Normalisation
  readonly feeder: Feeder
  readonly plan: TrainingPlan
}

/** @throws ShapeError for images or classes that the model does not take, UsageError for options that do not fit the data. */
export function prepareSetting(net: Net, { train, validation: own, test }: Splits, options: FullTrainOptions): Setting {
  checkFit(net, train, { trainOn: true })
  if (own !== undefined) checkFit(net, own)
  if (test !== undefined) checkFit(net, test)
  const { validation, seed, batch, order } = options
  if (own !== undefined && validation > 0)
    throw new UsageError(`train: validation is ${validation}, and the data have ${own.labels.length} images for it`)
  const split =
    validation > 0 ? splitValidation(train, validation, createRandom(seed, 'split')) : { train, validation: own }
  const isBytes = train.pixels instanceof Uint8Array
  const augment =
    options.augment &&
    createAugmenter(options.augment, split.train.shape, net.input as readonly [number, number, number])
  if (augment && !isBytes) throw new UsageError(`train: augmentation works on bytes, and ${train.name} holds floats`)
  return {
    net,
    ...split,
    test,
    isBytes,
    normalisation: options.normalisation ?? channelStatistics(split.train, net.input),
    feeder: createFeeder(split.train, { batch, seed, order, shape: net.input, ...(augment && { augment }) }),
    plan: makePlan(net, isBytes, options),
  }
}

function checkFit(net: Net, data: Dataset, options: { readonly trainOn?: boolean } = {}): void {
  checkDataset(data, options)
  if (!fitsWithin(data.shape, net.input))
    throw new ShapeError(
      `train: an image of ${data.name} is [${data.shape}] but the model takes [${net.input}]`,
      `fitDataset(data, [${net.input}]) resamples images, and makes them grey or RGB`,
    )
  const outputs = net.entries.at(-1)!.output
  if (outputs.length !== 1 || outputs[0] !== data.classes.length)
    throw new ShapeError(
      `train: the model gives [${outputs}] scores but ${data.name} has ${data.classes.length} classes`,
    )
}

function makePlan(
  net: Net,
  isBytes: boolean,
  { loss, labelSmoothing, optimizer, frozen }: FullTrainOptions,
): TrainingPlan {
  const trained = parametersOf(net).filter(({ name }) => !frozen?.has(name))
  const size = trained.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const update = planUpdate(optimizer, size)
  return planTraining(net, isBytes ? 'uint8' : 'float32', { loss, labelSmoothing, ...(frozen && { frozen }), update })
}
