// Where training stands, whole: from here it goes on to the same bits. As a file it is safetensors: `weights.…`,
// `state.…` (optimizer), `best.…`, and in the metadata, as JSON, the position and what the run began with. A checksum
// over all of it refuses damaged bytes.
import { FormatError } from '../errors.ts'
import type { NamedArrays } from '../formats/arrays.ts'
import { digestOf, digestOfText } from '../formats/digest.ts'
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts'
import type { Weights } from '../model/initialise.ts'
import { type Net, parametersOf } from '../model/model.ts'
import { weightsFor } from '../model/weights-for.ts'

/** What decides a run's result, as plain facts by name. */
export type Fingerprint = Readonly<Record<string, string | number>>

/** Sums over the steps of the epoch that is under way. */
export interface RunningSums {
  readonly loss: number
  readonly right: number
  readonly samples: number
}

export interface BestEpoch {
  readonly epoch: number
  readonly accuracy: number
  readonly weights: Weights
}

export interface Checkpoint {
  /** Epochs that are complete, and steps done in the next. */
  readonly epoch: number
  readonly step: number
  readonly seed: number
  readonly weights: Weights
  readonly state: ReadonlyMap<string, Float32Array>
  /** The optimizer's running numbers. */
  readonly memory: readonly number[]
  readonly running: RunningSums
  readonly best?: BestEpoch
  /** Seconds of training so far. */
  readonly seconds: number
  /** What the run began with; absent in a file of version 0.1.0, which is believed. */
  readonly fingerprint?: Fingerprint
}

/** `1` was written by version 0.1.0: without a fingerprint, without a checksum. */
const FORMATS = { old: 'lenet checkpoint 1', now: 'lenet checkpoint 2' } as const

type Position = Omit<Checkpoint, 'weights' | 'state' | 'best' | 'fingerprint'> & {
  readonly best?: Omit<BestEpoch, 'weights'>
}

export function writeCheckpoint(net: Net, checkpoint: Checkpoint): Uint8Array {
  const { weights, state, best, fingerprint, ...position } = checkpoint
  const arrays: NamedArrays = new Map()
  const addWeights = (prefix: string, values: Weights) => {
    for (const { name, shape } of parametersOf(net))
      arrays.set(`${prefix}.${name}`, { dtype: 'float32', shape, data: values.get(name)! })
  }
  addWeights('weights', weights)
  for (const [name, data] of state) arrays.set(`state.${name}`, { dtype: 'float32', shape: [data.length], data })
  if (best) addWeights('best', best.weights)
  const texts = {
    position: JSON.stringify({ ...position, best: best && { epoch: best.epoch, accuracy: best.accuracy } }),
    ...(fingerprint && { fingerprint: JSON.stringify(fingerprint) }),
  }
  return writeSafetensors(arrays, { format: FORMATS.now, ...texts, checksum: checksumOf(arrays, texts) })
}

/** Over the texts, and the names and numbers of the arrays, in whatever order a file has them. */
function checksumOf(arrays: NamedArrays, texts: Readonly<Record<string, string>>): string {
  const parts = [...arrays].map(([name, { data }]) => `${name} ${digestOf(data)}`)
  return digestOfText([texts.position, texts.fingerprint, ...parts.sort()].join('\n'))
}

/** @throws FormatError for bytes that are damaged or belong to another net. */
export function readCheckpoint(net: Net, bytes: Uint8Array, file: string): Checkpoint {
  const { arrays, metadata } = readSafetensors(bytes, file)
  const { format, checksum } = metadata
  if (format !== FORMATS.now && format !== FORMATS.old)
    throw new FormatError(file, `its format is '${format ?? 'not said'}'; a checkpoint has '${FORMATS.now}'`)
  const position = parsePosition(metadata.position, file)
  for (const [name, { dtype }] of arrays)
    if (dtype !== 'float32') throw new FormatError(file, `tensor '${name}' is ${dtype}; a checkpoint holds float32`)
  const under = (prefix: string): NamedArrays =>
    new Map(
      [...arrays].flatMap(([name, array]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), array]] : [])),
    )
  const read = (prefix: string): Weights =>
    weightsFor(net, under(prefix), file, 'was the run started with another model?')
  const weights = read('weights.')
  const best = position.best && { ...position.best, weights: read('best.') }
  const state = new Map([...under('state.')].map(([name, { data }]) => [name, data as Float32Array]))
  if (checksum !== (format === FORMATS.now ? checksumOf(arrays, metadata) : undefined))
    throw new FormatError(file, 'its checksum is not that of its contents; it is damaged', {
      hint: 'start again without --resume',
    })
  // What the checksum covers is as it was written.
  const told = format === FORMATS.now ? metadata.fingerprint : undefined
  const fingerprint = told && { fingerprint: JSON.parse(told) as Fingerprint }
  return { ...position, weights, state, best, ...fingerprint }
}

function parsePosition(text: string | undefined, file: string): Position {
  try {
    const position: unknown = JSON.parse(text ?? '')
    if (isPosition(position)) return position
  } catch {
    // Falls through: what is not JSON is no position either.
  }
  throw new FormatError(file, 'its position is missing or damaged', { hint: 'start again without --resume' })
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

function isPosition(value: unknown): value is Position {
  if (typeof value !== 'object' || value === null) return false
  const { epoch, step, seed, seconds, memory, running, best } = value as Record<keyof Position, never>
  const { loss, right, samples } = (running ?? {}) as Record<keyof RunningSums, unknown>
  const { epoch: bestEpoch, accuracy } = (best ?? { epoch: 0, accuracy: 0 }) as Record<'epoch' | 'accuracy', unknown>
  return (
    [epoch, step, seed, right, samples, bestEpoch].every(isWhole) &&
    [seconds, loss, accuracy].every(Number.isFinite) &&
    Array.isArray(memory) &&
    (memory as unknown[]).every(Number.isFinite) &&
    best !== null
  )
}
