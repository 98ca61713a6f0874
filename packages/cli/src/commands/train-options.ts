// The options of `lenet train`, resolved: what config.json holds, and what the library is told.
import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import {
  type AugmentOptions,
  defaults,
  type EngineName,
  engines,
  gentle,
  lecun1998Pixels,
  optimizerNamed,
  type Recipe,
  recipeFor,
  recipes,
  scheduleNamed,
  schedules,
  suited,
  type TrainOptions,
  UsageError,
  usualHoldOut,
  zoo,
} from 'lenet'
import { type Context, readChoice, readNumber } from '../context.ts'
import type { ModelFlags } from '../load-model.ts'
import type { RunConfig } from '../run-config.ts'
import type { Asked } from './train-setup.ts'

/** As commander gives them: text, or true for a flag. */
export interface TrainFlags extends ModelFlags {
  readonly recipe?: string
  readonly model?: string
  readonly epochs?: string
  readonly batch?: string
  readonly optimizer?: string
  readonly lr?: string
  readonly momentum?: string
  readonly weightDecay?: string
  readonly schedule?: string
  readonly augment?: string | true
  readonly prepare?: string
  readonly size?: string
  readonly strict?: boolean
  readonly validation?: string
  readonly earlyStop?: string
  readonly limit?: string
  readonly holdOut?: string
  readonly seed?: string
  readonly threads?: string
  readonly engine?: string
  readonly fast?: boolean
  readonly dataDir?: string
  readonly out?: string
  readonly resume?: boolean
  readonly from?: string
  readonly freeze?: string
  readonly reset?: string
}

const VERB = 'train'
const optimizers = Object.keys(suited)

export const choices = {
  models: Object.keys(zoo),
  optimizers,
  schedules: Object.keys(schedules),
  engines,
  recipes: Object.keys(recipes),
}

type Name = keyof TrainFlags
type Choice = (name: Name, list: readonly string[], otherwise: string) => string

/** `--weight-decay` of `weightDecay`. */
const optionOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/** What says something about the model to start from. */
const OF_FROM = ['as', 'mean', 'std', 'labels', 'map', 'freeze', 'reset'] as const

/** What an optimizer has no place for. */
const NOT_OF: Readonly<Record<string, readonly Name[]>> = {
  adam: ['momentum'],
  adamw: ['momentum'],
  sdlm: ['momentum', 'weightDecay'],
}

/** The networks of 1998 are trained as in 1998, unless another optimizer is named. */
function chooseRecipe({ optimizer, model }: TrainFlags, choice: Choice): Recipe {
  const name = choice('recipe', choices.recipes, recipeFor(model, optimizer))
  return recipes[name as keyof typeof recipes]
}

/** Of a hold-out it says what is wanted of data without test images. */
export function resolveFlags(context: Context, dataset: string | undefined, flags: TrainFlags): RunConfig {
  checkTogether(context, flags)
  const whole = (name: Name, least: number, otherwise: number) =>
    flags[name] === undefined
      ? otherwise
      : readNumber(context, VERB, optionOf(name), String(flags[name]), { whole: least })
  const real = (name: Name, example: string, otherwise: number) =>
    flags[name] === undefined ? otherwise : readNumber(context, VERB, optionOf(name), String(flags[name]), { example })
  const choice: Choice = (name, list, otherwise) =>
    flags[name] === undefined ? otherwise : readChoice(context, VERB, optionOf(name), String(flags[name]), list)
  const recipe = chooseRecipe(flags, choice)
  const optimizer = choice('optimizer', optimizers, recipe.optimizer)
  const usual = optimizer === recipe.optimizer ? recipe : suited[optimizer]!
  const augment = flags.augment === undefined ? recipe.augment : readAugment(context, flags.augment)
  const share = readShare(context, flags)
  const without = NOT_OF[optimizer]?.find((name) => flags[name] !== undefined)
  if (without !== undefined)
    throw new UsageError(context.messages.errors.together(VERB, optionOf(without), `--optimizer ${optimizer}`))
  return {
    dataset: dataset ?? 'mnist',
    ...(flags.dataDir !== undefined && { dataDir: flags.dataDir }),
    model: flags.from === undefined ? choice('model', choices.models, recipe.model) : nameOf(flags.from, flags),
    epochs: whole('epochs', 1, recipe.epochs),
    batch: whole('batch', 1, recipe.batch),
    optimizer,
    lr: real('lr', '0.01', usual.lr),
    momentum: real('momentum', '0.9', usual.momentum),
    ...(optimizer === 'sgd' && recipe.nesterov && { nesterov: true }),
    ...(usual.damping !== undefined && { damping: usual.damping }),
    weightDecay: real('weightDecay', '0.0001', usual.weightDecay),
    schedule: choice('schedule', choices.schedules, recipe.schedule),
    ...(recipe.order && { order: recipe.order }),
    ...(recipe.initialisation && { initialisation: recipe.initialisation }),
    ...(recipe.normalisation && { pixels: 'lecun1998' }),
    ...(recipe.labelSmoothing !== undefined && { labelSmoothing: recipe.labelSmoothing }),
    ...(augment && { augment }),
    ...(flags.prepare !== undefined && { prepare: flags.prepare }),
    ...(flags.size !== undefined && { size: whole('size', 16, 32) }),
    ...(flags.strict && { strict: true }),
    ...readValidation(context, flags),
    ...(flags.earlyStop !== undefined && { earlyStop: whole('earlyStop', 1, 1) }),
    ...(flags.limit !== undefined
      ? { sample: whole('limit', 1, 1) }
      : recipe.limit !== undefined && { limit: recipe.limit }),
    ...(share > 0 && { holdOut: { ...usualHoldOut, share } }),
    seed: whole('seed', 0, defaults.seed),
    threads: whole('threads', 1, availableParallelism()),
    engine: choice('engine', engines, 'auto') as EngineName,
    ...(flags.fast && { fast: true }),
    ...(flags.from !== undefined && { from: flags.from }),
    ...Object.fromEntries(OF_FROM.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]]))),
  }
}

/** What the user has said of what may be settled by the data. */
export const askedIn = (flags: TrainFlags, config: RunConfig): Asked => ({
  holdOut: flags.holdOut !== undefined && config.holdOut !== undefined,
  epochs:
    flags.epochs === undefined && flags.recipe === undefined && recipeFor(flags.model, flags.optimizer) === 'default',
  augment: flags.augment === undefined,
})

/** A model to start from is called as `--as` says, or as its file or run. */
const nameOf = (from: string, { as }: TrainFlags): string => as ?? basename(from).replace(/\.[^.]+$/, '')

function checkTogether({ messages: { errors } }: Context, flags: TrainFlags): void {
  if (flags.out?.trim() === '') throw new UsageError(errors.emptyOut)
  if (flags.size !== undefined && flags.from !== undefined)
    throw new UsageError(errors.together(VERB, '--size', '--from'))
  if (flags.size !== undefined && flags.prepare === 'digit')
    throw new UsageError(errors.together(VERB, '--size', '--prepare'))
  const lonely = flags.from === undefined ? OF_FROM.find((name) => flags[name] !== undefined) : undefined
  if (lonely !== undefined) throw new UsageError(errors.needs(VERB, optionOf(lonely), '--from'))
  if (flags.from !== undefined && flags.model !== undefined)
    throw new UsageError(errors.together(VERB, '--from', '--model'), errors.asSaysWhich)
}

/** `--validation 500`, or `20%` of the training images. */
function readValidation(
  context: Context,
  { validation = '0' }: TrainFlags,
): Partial<RunConfig> & { validation: number } {
  const [, percent] = /^([\d.]+) ?%$/.exec(validation.trim()) ?? []
  if (percent === undefined) return { validation: readNumber(context, VERB, '--validation', validation, { whole: 0 }) }
  const share = readNumber(context, VERB, '--validation', percent, { example: '20%' }) / 100
  if (!(share > 0 && share <= MOST_HELD))
    throw new UsageError(context.messages.errors.range(VERB, '--validation', validation, 1, 100 * MOST_HELD))
  return { validation: 0, validationShare: share }
}

/** More than this leaves too little to learn from. */
const MOST_HELD = 0.9

function readShare(context: Context, { holdOut }: TrainFlags): number {
  if (holdOut === undefined) return usualHoldOut.share
  const share = readNumber(context, VERB, '--hold-out', holdOut, { example: '0.2' })
  if (!(share >= 0 && share <= MOST_HELD))
    throw new UsageError(context.messages.errors.range(VERB, '--hold-out', holdOut, 0, MOST_HELD))
  return share
}

/** What may be said anew of a run that goes on: where its files are, and what computes. */
const OF_RESUME: readonly string[] = ['resume', 'out', 'dataDir', 'threads', 'engine', 'json']

/** A run that goes on, on other threads or another engine if they are named. @throws UsageError for any other option. */
export function resumeWith(
  context: Context,
  dataset: string | undefined,
  flags: TrainFlags,
  config: RunConfig,
): RunConfig {
  const { errors } = context.messages
  if (dataset !== undefined) throw new UsageError(errors.resumeTakes(dataset, config.dataset))
  const strange = Object.keys(flags).find((name) => !OF_RESUME.includes(name))
  if (strange !== undefined) throw new UsageError(errors.resumeTakes(optionOf(strange), settingOf(config, strange)))
  const { threads, engine, dataDir } = flags
  return {
    ...config,
    ...(threads !== undefined && { threads: readNumber(context, VERB, '--threads', threads, { whole: 1 }) }),
    ...(engine !== undefined && { engine: readChoice(context, VERB, '--engine', engine, engines) as EngineName }),
    ...(dataDir !== undefined && { dataDir }),
  }
}

/** What a run has where an option would have set something. */
function settingOf(config: RunConfig, name: string): string | undefined {
  const value =
    name === 'limit'
      ? (config.sample ?? config.limit)
      : name === 'holdOut'
        ? (config.holdOut?.share ?? 0)
        : config[name as keyof RunConfig]
  return value === undefined ? undefined : typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** `--augment`, `--augment none`, or `--augment shift=2,rotate=10,flip`. */
function readAugment(context: Context, given: string | true): AugmentOptions | undefined {
  if (given === true) return gentle
  if (given === 'none') return undefined
  const names = ['shift', 'scale', 'squeeze', 'rotate', 'shear', 'share', 'flip']
  return Object.fromEntries(
    given.split(',').map((part) => {
      if (part === 'flip') return [part, true]
      const [name = '', value = ''] = part.split(/=(.*)/, 2)
      // A flip has no number: 'flip=0' is no name.
      readChoice(context, VERB, '--augment', name === 'flip' ? part : name, names)
      return [name, readNumber(context, VERB, `--augment ${name}`, value, { example: '2' })]
    }),
  )
}

/** What the library is told. */
export function toTrainOptions(config: RunConfig): TrainOptions {
  const { epochs, batch, augment, validation, earlyStop, seed, threads, engine, fast, labelSmoothing } = config
  const { order, initialisation, pixels } = config
  return {
    epochs,
    batch,
    optimizer: optimizerNamed(config.optimizer, config),
    ...(order && { order }),
    ...(initialisation && { initialisation }),
    ...(pixels && { normalisation: lecun1998Pixels }),
    schedule: scheduleNamed(config.schedule),
    validation,
    seed,
    threads,
    engine,
    ...(fast && { fast }),
    ...(labelSmoothing !== undefined && { labelSmoothing }),
    ...(augment && { augment }),
    ...(earlyStop && { patience: earlyStop }),
  }
}
