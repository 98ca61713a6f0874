// The usual choices, in one place: what the command line and the studio train with when they are told nothing.
import type { AugmentOptions } from '../data/augment.ts'
import { UsageError } from '../errors.ts'
import type { Initialisation } from '../model/initialise.ts'
import { adam, adamw } from '../optimizers/adam.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import { sdlm } from '../optimizers/sdlm.ts'
import { sgd } from '../optimizers/sgd.ts'
import type { Normalisation } from '../predict/normalisation.ts'
import { defaults } from './options.ts'

export interface OptimizerNumbers {
  readonly lr: number
  readonly momentum: number
  readonly weightDecay: number
  readonly nesterov?: boolean
  /** μ of `sdlm`. */
  readonly damping?: number
}

/** What is taken where no option says otherwise. */
export interface Recipe extends OptimizerNumbers {
  /** Models that are trained so where neither recipe nor optimizer is named. */
  readonly models?: readonly string[]
  readonly model: string
  readonly epochs: number
  readonly batch: number
  readonly optimizer: string
  readonly schedule: string
  readonly order?: 'shuffled' | 'constant'
  /** The first so many training images. */
  readonly limit?: number
  readonly labelSmoothing?: number
  readonly augment?: AugmentOptions
  readonly initialisation?: Initialisation
  readonly normalisation?: Normalisation
}

/** Background −0.1 and ink 1.175 (LeCun et al. 1998, II.B). */
export const lecun1998Pixels: Normalisation = { mean: [0.1 / 1.275], std: [1 / 1.275] }

/** One pattern a step in a constant order, twenty passes. */
const lecun1998 = {
  epochs: 20,
  batch: 1,
  optimizer: 'sdlm',
  momentum: 0,
  weightDecay: 0,
  schedule: 'lecun1998',
  order: 'constant',
  initialisation: 'lecun1998sqrt',
  normalisation: lecun1998Pixels,
} as const

/** Chosen on validation images of MNIST; docs/records.md and docs/paper.md have the trials. */
export const recipes = {
  default: {
    model: 'lenet',
    epochs: 5,
    batch: defaults.batch,
    optimizer: 'sgd',
    lr: 0.03,
    momentum: 0.9,
    weightDecay: 0.0005,
    schedule: 'one-cycle',
  },
  // Chosen on 10,000 held-out images of MNIST; it trains on as many as were left then.
  speedrun: {
    model: 'lenet',
    epochs: 2,
    limit: 50_000,
    batch: defaults.batch,
    optimizer: 'sgd',
    lr: 0.08,
    momentum: 0.9,
    nesterov: true,
    weightDecay: 0.0005,
    schedule: 'one-cycle',
    labelSmoothing: 0.05,
    augment: { shift: 1 },
  },
  lecun1998: { ...lecun1998, models: ['lenet5'], model: 'lenet5', lr: 0.0003, damping: 0.1 },
  // These learn by cross entropy: its curvature is smaller than that of distances.
  'lecun1998-small': { ...lecun1998, models: ['lenet4', 'lenet1'], model: 'lenet4', lr: 0.002, damping: 0.2 },
} as const satisfies Record<string, Recipe>

/** The recipe that a model or an optimizer calls for. */
export function recipeFor(model: string | undefined, optimizer: string | undefined): keyof typeof recipes {
  const all = Object.entries(recipes) as [keyof typeof recipes, Recipe][]
  const own = all.find(([, { models }]) => model !== undefined && models?.includes(model))
  if (own && (optimizer === undefined || optimizer === own[1].optimizer)) return own[0]
  return all.find(([, recipe]) => recipe.optimizer === optimizer)?.[0] ?? 'default'
}

/** The default, with the data set and the seed. */
export const recipe = { ...recipes.default, dataset: 'mnist', seed: defaults.seed } as const

/** What suits an optimizer that the recipe does not name. */
export const suited: Readonly<Record<string, OptimizerNumbers>> = {
  sgd: recipes.default,
  adam: { lr: 0.001, momentum: 0, weightDecay: 0 },
  adamw: { lr: 0.001, momentum: 0, weightDecay: 0.01 },
  sdlm: recipes.lecun1998,
}

/** Distortions that leave a digit or a letter what it is. */
export const gentle: AugmentOptions = { shift: 2, scale: 0.1, rotate: 10, shear: 5 }

/** @throws UsageError for a name that no optimizer has. */
export function optimizerNamed(
  name: string,
  { lr, momentum, weightDecay, nesterov, damping }: OptimizerNumbers,
): Optimizer {
  if (name === 'sgd') return sgd({ lr, momentum, weightDecay, ...(nesterov && { nesterov }) })
  if (name === 'adam') return adam({ lr, weightDecay })
  if (name === 'adamw') return adamw({ lr, weightDecay })
  if (name === 'sdlm') return sdlm({ lr, ...(damping !== undefined && { damping }) })
  throw new UsageError(`train: there is no optimizer '${name}'; there is ${Object.keys(suited).join(', ')}`)
}
