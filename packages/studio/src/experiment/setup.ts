// Everything that decides a training run: whoever has the same set-up gets the same weights.
import {
  gentle,
  optimizerNamed,
  type Recipe,
  recipe,
  recipes,
  scheduleNamed,
  schedules,
  suited,
  type TrainOptions,
} from 'lenet'

/** What each choice can be; the first is the usual one. */
export const choices = {
  /** A network made of the choices below, or one of the paper's. */
  model: ['made', 'lenet5'],
  activation: ['relu', 'tanh', 'sigmoid', 'scaledTanh'],
  pooling: ['max', 'average', 'trainable', 'stride'],
  head: ['fc', 'gap'],
  width: [0.5, 1, 2],
  optimizer: ['sgd', 'adam', 'adamw', 'sdlm'],
  schedule: Object.keys(schedules) as (keyof typeof schedules)[],
  batch: [1, 16, 32, 64, 128, 256],
} as const

export interface Setup {
  /** A data set's name; `own` is one that was made in this page. */
  readonly data: string
  /** Only the first so many training images. */
  readonly images: number
  readonly model: (typeof choices.model)[number]
  readonly activation: (typeof choices.activation)[number]
  /** `stride` leaves pooling out and lets the convolutions step by two. */
  readonly pooling: (typeof choices.pooling)[number]
  /** Fully connected layers, or global average pooling. */
  readonly head: (typeof choices.head)[number]
  /** Factor on the numbers of channels and units. */
  readonly width: number
  readonly optimizer: (typeof choices.optimizer)[number]
  readonly lr: number
  readonly schedule: (typeof choices.schedule)[number]
  readonly batch: number
  readonly epochs: number
  readonly seed: number
  /** Shift, scale, turn and lean the training images a little. */
  readonly augment: boolean
}

/** What the page opens with: some seconds of training. */
export const usual: Setup = {
  data: recipe.dataset,
  images: 10_000,
  model: 'made',
  activation: 'relu',
  pooling: 'max',
  head: 'fc',
  width: 1,
  optimizer: recipe.optimizer,
  lr: suited[recipe.optimizer]!.lr,
  schedule: recipe.schedule,
  batch: recipe.batch,
  epochs: 8,
  seed: recipe.seed,
  augment: false,
}

const modern = {
  model: 'made',
  optimizer: usual.optimizer,
  lr: usual.lr,
  schedule: usual.schedule,
  batch: usual.batch,
  epochs: usual.epochs,
} as const

/** How the paper trained, for fewer rounds. */
const { optimizer, lr, schedule, batch } = recipes.lecun1998
const old = { model: 'lenet5', optimizer, lr, schedule, batch, epochs: 3 } as const

const made = {
  lenet: { activation: 'relu', pooling: 'max', head: 'fc' },
  'lenet-tanh': { activation: 'tanh', pooling: 'average', head: 'fc' },
  'lenet-gap': { activation: 'relu', pooling: 'max', head: 'gap' },
  'lenet-strided': { activation: 'relu', pooling: 'stride', head: 'fc' },
  'lenet-1998': { activation: 'scaledTanh', pooling: 'trainable', head: 'fc' },
} as const satisfies Readonly<Record<string, Partial<Setup>>>

export type Preset = keyof typeof made | 'lenet5'

/** The networks that have names. */
export const presetNames: readonly Preset[] = [...(Object.keys(made) as (keyof typeof made)[]), 'lenet5']

/** The preset that a set-up's network is, if it is one. */
export function presetOf(setup: Setup): Preset | undefined {
  if (setup.model === 'lenet5') return 'lenet5'
  if (setup.width !== 1) return undefined
  return (Object.keys(made) as (keyof typeof made)[]).find((name) =>
    Object.entries(made[name]).every(([key, value]) => setup[key as keyof Setup] === value),
  )
}

/** What choosing a preset changes: the network, and the way of training where the network wants another. */
export function withPreset(setup: Setup, name: Preset): Setup {
  if (name === 'lenet5') return { ...setup, ...old }
  return { ...setup, ...(setup.model === 'lenet5' && modern), ...made[name], width: 1 }
}

const { order, initialisation, normalisation } = recipes.lecun1998
const asIn1998 = { order, initialisation, normalisation } as const

/** As the command line does it. */
export const trainOptionsOf = (setup: Setup): TrainOptions => ({
  epochs: setup.epochs,
  batch: setup.batch,
  seed: setup.seed,
  optimizer: optimizerNamed(setup.optimizer, { ...suited[setup.optimizer]!, lr: setup.lr }),
  schedule: scheduleNamed(setup.schedule),
  ...(setup.optimizer === 'sdlm' && asIn1998),
  ...(setup.augment && { augment: gentle }),
})

/** The command that trains the same weights in a terminal; undefined for what it cannot say. */
export function commandOf(setup: Setup): string | undefined {
  const model = presetOf(setup)
  if (model === undefined || model === 'lenet-1998' || setup.data === 'own') return undefined
  const isOld = setup.optimizer === 'sdlm'
  const base: Recipe = isOld ? recipes.lecun1998 : recipes.default
  const flags: readonly (readonly [flag: string, value: string | number, otherwise?: string | number])[] = [
    ['model', model, recipes.default.model],
    ['limit', setup.images],
    ['epochs', setup.epochs, base.epochs],
    ['batch', setup.batch, base.batch],
    ['optimizer', setup.optimizer, isOld || model !== 'lenet5' ? base.optimizer : undefined],
    ['lr', setup.lr, suited[setup.optimizer]!.lr],
    ['schedule', setup.schedule, base.schedule],
    ['seed', setup.seed, recipe.seed],
  ]
  // The command's recipe for 1998 comes with its optimizer.
  const named = isOld && model !== 'lenet5' ? ['--optimizer sdlm'] : []
  const said = flags.filter(([, value, otherwise]) => value !== otherwise).map(([flag, value]) => `--${flag} ${value}`)
  return ['npx lenet train', setup.data, ...said, ...named, ...(setup.augment ? ['--augment'] : [])].join(' ')
}

/** The learning rate that an optimizer starts from. */
export const suitedRate = (optimizer: Setup['optimizer']): number => suited[optimizer]!.lr
