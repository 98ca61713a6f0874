// Where training stands, whole: from here it goes on to the same bits. As a file it is safetensors: `weights.…`,
// `state.…` (optimizer), `best.…`, and the position as JSON in the metadata.
import { FormatError } from '../errors.ts'
import type { NamedArrays } from '../formats/arrays.ts'
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts'
import { type Net, parametersOf } from '../model/model.ts'
import { weightsFor } from '../model/weights-for.ts'
import type { Weights } from './initialise.ts'

/** Sums over the steps of the epoch that is under way. */
export interface Running {
  readonly loss: number
  readonly right: number
  readonly samples: number
}

export interface Best {
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
  readonly running: Running
  readonly best?: Best
  /** Seconds of training so far. */
  readonly seconds: number
}

const FORMAT = 'lenet checkpoint 1'

export function writeCheckpoint(net: Net, checkpoint: Checkpoint): Uint8Array {
  const { weights, state, best, ...position } = checkpoint
  const arrays: NamedArrays = new Map()
  const addWeights = (prefix: string, values: Weights) => {
    for (const { name, shape } of parametersOf(net))
      arrays.set(`${prefix}.${name}`, { dtype: 'float32', shape, data: values.get(name)! })
  }
  addWeights('weights', weights)
  for (const [name, data] of state) arrays.set(`state.${name}`, { dtype: 'float32', shape: [data.length], data })
  if (best) addWeights('best', best.weights)
  const summary = best && { epoch: best.epoch, accuracy: best.accuracy }
  return writeSafetensors(arrays, { format: FORMAT, position: JSON.stringify({ ...position, best: summary }) })
}

/** @throws FormatError for bytes that are damaged or belong to another net. */
export function readCheckpoint(net: Net, bytes: Uint8Array, file: string): Checkpoint {
  const { arrays, metadata } = readSafetensors(bytes, file)
  if (metadata.format !== FORMAT)
    throw new FormatError(file, `its format is '${metadata.format ?? 'not said'}'; a checkpoint has '${FORMAT}'`)
  const position = parsePosition(metadata.position, file)
  for (const [name, { dtype }] of arrays)
    if (dtype !== 'float32') throw new FormatError(file, `tensor '${name}' is ${dtype}; a checkpoint holds float32`)
  const under = (prefix: string): NamedArrays =>
    new Map(
      [...arrays].flatMap(([name, array]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), array]] : [])),
    )
  const read = (prefix: string): Weights =>
    weightsFor(net, under(prefix), file, 'was the run started with another model?')
  const state = new Map([...under('state.')].map(([name, { data }]) => [name, data as Float32Array]))
  const best = position.best && { ...position.best, weights: read('best.') }
  return { ...position, weights: read('weights.'), state, best }
}

type Position = Omit<Checkpoint, 'weights' | 'state' | 'best'> & { readonly best?: Omit<Best, 'weights'> }

function parsePosition(text: string | undefined, file: string): Position {
  try {
    const position = JSON.parse(text ?? '') as Position
    if (
      [position.epoch, position.step, position.seed, position.seconds, position.running.loss].every(Number.isFinite) &&
      Array.isArray(position.memory)
    )
      return position
  } catch {
    // Falls through: what is not JSON is no position either.
  }
  throw new FormatError(file, 'its position is missing or damaged', { hint: 'start again without --resume' })
}
