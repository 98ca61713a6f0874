// The options of `lenet train`, resolved: what config.json holds, and what the library is told.
import { availableParallelism } from 'node:os'
import {
  type AugmentOptions,
  defaults,
  type EngineName,
  engines,
  gentle,
  type Initialisation,
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
  zoo,
} from 'lenet'
import { type Context, readChoice, readNumber } from '../context.ts'

/** As commander gives them: text, or true for a flag. */
export interface TrainFlags {
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
  readonly validation?: string
  readonly earlyStop?: string
  readonly limit?: string
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

export interface RunConfig {
  readonly dataset: string
  readonly dataDir?: string
  readonly model: string
  readonly epochs: number
  readonly batch: number
  readonly optimizer: string
  readonly lr: number
  readonly momentum: number
  readonly nesterov?: boolean
  /** μ of sdlm. */
  readonly damping?: number
  readonly weightDecay: number
  readonly schedule: string
  readonly labelSmoothing?: number
  readonly augment?: AugmentOptions
  readonly validation: number
  readonly earlyStop?: number
  readonly limit?: number
  readonly seed: number
  readonly threads: number
  readonly engine: EngineName
  readonly order?: 'shuffled' | 'constant'
  readonly initialisation?: Initialisation
  /** `lecun1998`: background −0.1, ink 1.175; otherwise by mean and deviation of the data. */
  readonly pixels?: 'lecun1998'
  /** The result is then this machine's own. */
  readonly fast?: boolean
  /** Weights to start from, and which of them stay or begin anew. */
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

type Choice = (name: keyof TrainFlags, option: string, list: readonly string[], otherwise: string) => string

/** The networks of 1998 are trained as in 1998, unless another optimizer is named. */
function chooseRecipe({ optimizer, model }: TrainFlags, choice: Choice): Recipe {
  const name = choice('recipe', '--recipe', choices.recipes, recipeFor(model, optimizer))
  return recipes[name as keyof typeof recipes]
}

export function resolveFlags(context: Context, dataset: string | undefined, flags: TrainFlags): RunConfig {
  const whole = (name: keyof TrainFlags, option: string, least: number, otherwise: number) =>
    flags[name] === undefined ? otherwise : readNumber(context, VERB, option, String(flags[name]), { whole: least })
  const real = (name: keyof TrainFlags, option: string, example: string, otherwise: number) =>
    flags[name] === undefined ? otherwise : readNumber(context, VERB, option, String(flags[name]), { example })
  const choice = (name: keyof TrainFlags, option: string, list: readonly string[], otherwise: string) =>
    flags[name] === undefined ? otherwise : readChoice(context, VERB, option, String(flags[name]), list)
  const recipe = chooseRecipe(flags, choice)
  const optimizer = choice('optimizer', '--optimizer', optimizers, recipe.optimizer)
  const usual = optimizer === recipe.optimizer ? recipe : suited[optimizer]!
  const augment = flags.augment === undefined ? recipe.augment : readAugment(context, flags.augment)
  const optional = (name: keyof TrainFlags, option: string) =>
    flags[name] === undefined ? {} : { [name]: whole(name, option, 1, 1) }
  if (flags.momentum !== undefined && optimizer !== 'sgd')
    throw new UsageError(context.messages.errors.together(VERB, '--momentum', `--optimizer ${optimizer}`))
  if (flags.earlyStop !== undefined && flags.validation === undefined)
    throw new UsageError(context.messages.errors.needs(VERB, '--early-stop', '--validation'))
  if (flags.from === undefined)
    for (const [name, option] of [
      ['freeze', '--freeze'],
      ['reset', '--reset'],
    ] as const)
      if (flags[name] !== undefined) throw new UsageError(context.messages.errors.needs(VERB, option, '--from'))
  if (flags.from !== undefined && flags.model !== undefined)
    throw new UsageError(context.messages.errors.together(VERB, '--from', '--model'))
  return {
    dataset: dataset ?? 'mnist',
    ...(flags.dataDir !== undefined && { dataDir: flags.dataDir }),
    model: choice('model', '--model', choices.models, recipe.model),
    epochs: whole('epochs', '--epochs', 1, recipe.epochs),
    batch: whole('batch', '--batch', 1, recipe.batch),
    optimizer,
    lr: real('lr', '--lr', '0.01', usual.lr),
    momentum: real('momentum', '--momentum', '0.9', usual.momentum),
    ...(optimizer === 'sgd' && recipe.nesterov && { nesterov: true }),
    ...(usual.damping !== undefined && { damping: usual.damping }),
    weightDecay: real('weightDecay', '--weight-decay', '0.0001', usual.weightDecay),
    schedule: choice('schedule', '--schedule', choices.schedules, recipe.schedule),
    ...(recipe.order && { order: recipe.order }),
    ...(recipe.initialisation && { initialisation: recipe.initialisation }),
    ...(recipe.normalisation && { pixels: 'lecun1998' }),
    ...(recipe.labelSmoothing !== undefined && { labelSmoothing: recipe.labelSmoothing }),
    ...(augment && { augment }),
    validation: whole('validation', '--validation', 0, 0),
    ...optional('earlyStop', '--early-stop'),
    ...(recipe.limit !== undefined && { limit: recipe.limit }),
    ...optional('limit', '--limit'),
    seed: whole('seed', '--seed', 0, defaults.seed),
    threads: whole('threads', '--threads', 1, availableParallelism()),
    engine: choice('engine', '--engine', engines, 'auto') as EngineName,
    ...(flags.fast && { fast: true }),
    ...(flags.from !== undefined && { from: flags.from }),
    ...(flags.freeze !== undefined && { freeze: flags.freeze }),
    ...(flags.reset !== undefined && { reset: flags.reset }),
  }
}

/** `--augment`, or `--augment shift=2,rotate=10,flip`. */
function readAugment(context: Context, given: string | true): AugmentOptions {
  if (given === true) return gentle
  const names = ['shift', 'scale', 'squeeze', 'rotate', 'shear', 'share', 'flip']
  return Object.fromEntries(
    given.split(',').map((part) => {
      const [name = '', value] = part.split('=')
      readChoice(context, VERB, '--augment', name, names)
      return [
        name,
        name === 'flip' ? true : readNumber(context, VERB, `--augment ${name}`, value ?? '', { example: '2' }),
      ]
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
