// Everything that decides a training run: whoever has the same set-up gets the same weights.
import { gentle, optimizerNamed, recipe, scheduleNamed, schedules, suited, type TrainOptions } from 'lenet'

/** What each choice can be; the first is the usual one. */
export const choices = {
  activation: ['relu', 'tanh', 'sigmoid', 'scaledTanh'],
  pooling: ['max', 'average', 'trainable', 'stride'],
  head: ['fc', 'gap'],
  width: [0.5, 1, 2],
  optimizer: ['sgd', 'adam', 'adamw'],
  schedule: Object.keys(schedules) as ('constant' | 'step' | 'cosine' | 'one-cycle')[],
  batch: [16, 32, 64, 128, 256],
} as const

export interface Setup {
  /** A data set's name; `own` is one that was made in this page. */
  readonly data: string
  /** Only the first so many training images. */
  readonly images: number
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

/** Networks that change one idea each; a preset leaves the rest of the set-up alone. */
export const presets = {
  lenet: { activation: 'relu', pooling: 'max', head: 'fc' },
  'lenet-tanh': { activation: 'tanh', pooling: 'average', head: 'fc' },
  'lenet-gap': { activation: 'relu', pooling: 'max', head: 'gap' },
  'lenet-strided': { activation: 'relu', pooling: 'stride', head: 'fc' },
  'lenet-1998': { activation: 'scaledTanh', pooling: 'trainable', head: 'fc' },
} as const satisfies Readonly<Record<string, Partial<Setup>>>

export type Preset = keyof typeof presets

/** The preset that a set-up's network is, if it is one. */
export const presetOf = (setup: Setup): Preset | undefined =>
  setup.width !== 1
    ? undefined
    : (Object.keys(presets) as Preset[]).find((name) =>
        Object.entries(presets[name]).every(([key, value]) => setup[key as keyof Setup] === value),
      )

/** As the command line does it. */
export const trainOptionsOf = (setup: Setup): TrainOptions => ({
  epochs: setup.epochs,
  batch: setup.batch,
  seed: setup.seed,
  optimizer: optimizerNamed(setup.optimizer, { ...suited[setup.optimizer]!, lr: setup.lr }),
  schedule: scheduleNamed(setup.schedule),
  ...(setup.augment && { augment: gentle }),
})

/** Models that the command line knows by name, too. */
const named: readonly (Preset | undefined)[] = ['lenet', 'lenet-tanh', 'lenet-gap', 'lenet-strided']

/** The command that trains the same weights in a terminal; undefined for what it cannot say. */
export function commandOf(setup: Setup): string | undefined {
  const model = presetOf(setup)
  if (!named.includes(model) || setup.data === 'own') return undefined
  const flags: readonly (readonly [flag: string, value: string | number, otherwise?: string | number])[] = [
    ['model', model!, recipe.model],
    ['limit', setup.images],
    ['epochs', setup.epochs, recipe.epochs],
    ['batch', setup.batch, recipe.batch],
    ['optimizer', setup.optimizer, recipe.optimizer],
    ['lr', setup.lr, suited[setup.optimizer]!.lr],
    ['schedule', setup.schedule, recipe.schedule],
    ['seed', setup.seed, recipe.seed],
  ]
  const said = flags.filter(([, value, otherwise]) => value !== otherwise).map(([flag, value]) => `--${flag} ${value}`)
  return ['npx lenet train', setup.data, ...said, ...(setup.augment ? ['--augment'] : [])].join(' ')
}

/** The learning rate that an optimizer starts from. */
export const suitedRate = (optimizer: Setup['optimizer']): number => suited[optimizer]!.lr
