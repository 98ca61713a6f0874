// What a run works on: the network, where its weights begin, and the data in the network's shape.
import {
  type Dataset,
  fitDataset,
  holdOut,
  initialise,
  isFramed,
  modelNamed,
  type Net,
  type Splits,
  type TrainOptions,
  takeFirst,
  takeOfEveryClass,
  UsageError,
} from 'lenet'
import { isPrepared } from 'lenet/node'
import type { Context } from '../context.ts'
import { fineTune } from '../fine-tune.ts'
import { heldFiles } from '../held-files.ts'
import { loadModel } from '../load-model.ts'
import { preparationFor } from '../prepare-flag.ts'
import { readData } from '../read-data.ts'
import type { RunConfig } from '../run-config.ts'
import { type Open, settleChannels, settleLength } from './own-pictures.ts'

export interface RunSetup {
  /** With the hold-out that there is. */
  readonly config: RunConfig
  readonly net: Net
  /** What a model to start from says beyond its layers. */
  readonly start: TrainOptions
  readonly data: Splits
}

const VERB = 'train'

type Shape = readonly [channels: number, height: number, width: number]

/** What the command line says and what it leaves open; a run that goes on has everything settled. */
export interface Asked extends Open {
  /** Whether the user asked for a hold-out: data that have test images are then refused. */
  readonly holdOut: boolean
}

export async function setUpRun(context: Context, config: RunConfig, asked: Asked): Promise<RunSetup> {
  const model = config.from === undefined ? undefined : (await loadModel(context, VERB, config.from, config)).model
  const { size } = config
  // Pictures of a folder are read at the size that the network takes. Colours are kept where it can have them.
  const channels = config.prepare === 'digit' ? 1 : (config.channels ?? 3)
  const shape = (model?.net ?? modelNamed(config.model, { channels, ...(size && { size }) })).input as Shape
  const preparation = preparationFor(context, { verb: VERB, flag: config.prepare, dataset: config.dataset, model })
  context.say(context.messages.train.reading(config.dataset))
  const found = (await readData(context, { ...config, verb: VERB, shape, preparation })).splits
  const read = settleChannels(found, config)
  checkSplits(context, config, asked, read)
  const held = read.test === undefined && config.holdOut ? { ...read, ...holdOut(read.train, config.holdOut) } : read
  const whole = fit(partOf(held, config), shape, model?.net)
  const counted = withValidation(config, whole.train)
  const told = tellHeld(context, settleLength(context, counted, whole.train, asked), read, held)
  const classes = whole.train.classes.length
  if (model === undefined) {
    const {
      shape: [taken],
    } = whole.train
    const net = modelNamed(config.model, { channels: taken, classes, ...(size && { size }) })
    return { config: isPrepared(config.dataset) ? told : { ...told, channels: taken }, net, start: {}, data: whole }
  }
  const { net, kept, frozen } = fineTune(model, classes, config)
  const weights = new Map([...initialise(net, config.seed), ...kept])
  return { config: told, net, start: { weights, frozen, normalisation: model.normalisation }, data: whole }
}

/** @throws UsageError where what is to be held back is there already, and where nothing says when to stop early. */
function checkSplits(
  { messages: { errors } }: Context,
  config: RunConfig,
  asked: Asked,
  { validation, test }: Splits,
): void {
  const { dataset, earlyStop } = config
  const isHeld = config.validation > 0 || config.validationShare !== undefined
  if (asked.holdOut && test) throw new UsageError(errors.hasTest(dataset, String(test.labels.length)))
  if (isHeld && validation) throw new UsageError(errors.hasValidation(dataset, String(validation.labels.length)))
  if (earlyStop !== undefined && !isHeld && validation === undefined)
    throw new UsageError(errors.needs(VERB, '--early-stop', '--validation'))
}

/** A share of the training images as their number. */
function withValidation({ validationShare, ...config }: RunConfig, { labels }: Dataset): RunConfig {
  if (validationShare === undefined) return config
  return { ...config, validation: Math.max(1, Math.round(validationShare * labels.length)) }
}

/** The settings with the hold-out that there is. */
function tellHeld({ warn, messages }: Context, config: RunConfig, read: Splits, { test }: Splits): RunConfig {
  const { holdOut: wanted, ...rest } = config
  const counts = countsOf(read.train)
  const single = read.train.classes.filter((_, label) => counts[label] === 1)
  if (single.length > 0) warn(messages.data.single(single.join(', ')))
  if (read.test !== undefined || wanted === undefined) return rest
  if (test === undefined) {
    warn(messages.train.tooFewToHold(String(wanted.share)))
    return rest
  }
  const files = heldFiles(config.dataset, test)
  return { ...rest, holdOut: { ...wanted, of: read.train.labels.length, ...(files && { files }) } }
}

/** Images of each class. */
function countsOf({ labels, classes }: Dataset): number[] {
  const counts = classes.map(() => 0)
  for (const label of labels) counts[label]!++
  return counts
}

function partOf(splits: Splits, { limit, sample }: RunConfig): Splits {
  const first = limit === undefined ? splits.train : takeFirst(splits.train, limit)
  return { ...splits, train: sample === undefined ? first : takeOfEveryClass(first, sample) }
}

/** A network of the zoo takes the channels of the data; one that is there takes its own. */
function fit({ train, validation, test }: Splits, [, height, width]: Shape, net: Net | undefined): Splits {
  const one = (data: Dataset): Dataset => {
    const shape = (net?.input as Shape | undefined) ?? ([data.shape[0], height, width] as const)
    return isFramed(data.shape, shape) ? data : fitDataset(data, shape)
  }
  return { train: one(train), ...(validation && { validation: one(validation) }), ...(test && { test: one(test) }) }
}
