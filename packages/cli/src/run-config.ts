// What config.json of a run holds: everything that its result depends on, and where it computes.
import { type AugmentOptions, type EngineName, FormatError, type HoldOut, type Initialisation } from 'lenet'
import { type Kinds, problemOf } from './json-kinds.ts'

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
  /** How the pictures of a folder were prepared, where it was said. */
  readonly prepare?: string
  /** Rows and columns, and channels, that the pictures were brought to. */
  readonly size?: number
  readonly channels?: number
  /** Pictures that cannot be read are refused. */
  readonly strict?: boolean
  readonly validation: number
  /** Of the training images, until it is known how many they are. */
  readonly validationShare?: number
  readonly earlyStop?: number
  /** The first so many training images, as a recipe has it. */
  readonly limit?: number
  /** So many training images, of every class in proportion. */
  readonly sample?: number
  /** What was held back as test images of data that have none: of how many images, and which files. */
  readonly holdOut?: HoldOut & { readonly of?: number; readonly files?: string }
  readonly seed: number
  readonly threads: number
  readonly engine: EngineName
  readonly order?: 'shuffled' | 'constant'
  readonly initialisation?: Initialisation
  /** `lecun1998`: background −0.1, ink 1.175; otherwise by mean and deviation of the data. */
  readonly pixels?: 'lecun1998'
  /** The result is then this machine's own. */
  readonly fast?: boolean
  /** Weights to start from, what their file does not say, and which of them stay or begin anew. */
  readonly from?: string
  readonly as?: string
  readonly mean?: string
  readonly std?: string
  readonly labels?: string
  readonly map?: string
  readonly freeze?: string
  readonly reset?: string
  readonly versions?: Readonly<Record<string, string>>
}

const KINDS: Kinds<RunConfig> = {
  dataset: 'text',
  dataDir: 'text?',
  model: 'text',
  epochs: 'whole',
  batch: 'whole',
  optimizer: 'text',
  lr: 'number',
  momentum: 'number',
  nesterov: 'flag?',
  damping: 'number?',
  weightDecay: 'number',
  schedule: 'text',
  labelSmoothing: 'number?',
  augment: 'values?',
  prepare: 'text?',
  size: 'whole?',
  channels: 'whole?',
  strict: 'flag?',
  validation: 'whole',
  validationShare: 'fraction?',
  earlyStop: 'whole?',
  limit: 'whole?',
  sample: 'whole?',
  holdOut: 'values?',
  seed: 'whole',
  threads: 'whole',
  engine: 'text',
  order: 'text?',
  initialisation: 'text?',
  pixels: 'text?',
  fast: 'flag?',
  from: 'text?',
  as: 'text?',
  mean: 'text?',
  std: 'text?',
  labels: 'text?',
  map: 'text?',
  freeze: 'text?',
  reset: 'text?',
  versions: 'values?',
}

/** @throws FormatError for text that is no JSON, and naming the entry that is missing, of another type, or unknown. */
export function parseConfig(text: string, file: string): RunConfig {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new FormatError(file, `is not JSON: ${(error as Error).message}`)
  }
  return checkConfig(value, file)
}

function checkConfig(value: unknown, file: string): RunConfig {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FormatError(file, 'is no JSON object; it holds the settings of a run')
  const problem = problemOf(value as Readonly<Record<string, unknown>>, KINDS)
  if (problem !== undefined) throw new FormatError(file, problem)
  return value as RunConfig
}
