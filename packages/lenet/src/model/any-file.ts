// A model from a file of any kind that is known, and back. What a format cannot hold (layers, classes, normalisation)
// travels beside it as JSON.
import { FormatError, UsageError } from '../errors.ts'
import type { NamedArrays } from '../formats/arrays.ts'
import { readPth, writePth } from '../formats/pth.ts'
import { readSafetensors } from '../formats/safetensors.ts'
import { sniff } from '../formats/sniff.ts'
import {
  describeNet,
  type ModelFacts,
  type ModelFile,
  type NetDescription,
  netFrom,
  readModel,
  writeModel,
} from './file.ts'
import { type ImportOptions, importWeights } from './import-weights.ts'
import { type Net, parametersOf } from './model.ts'
import { exportOnnx } from './onnx-export.ts'
import { importOnnx } from './onnx-import.ts'

/** What stands beside a file that holds weights alone. */
export interface Companion extends Partial<ModelFacts> {
  readonly net?: NetDescription
}

export interface OpenOptions extends ImportOptions {
  readonly companion?: Companion
  /** What takes the place of what the file says, or of what it lacks. */
  readonly facts?: Partial<ModelFacts>
}

export interface OpenedModel extends ModelFile {
  /** Parameter → array of the file, where the names differ. */
  readonly renamed: ReadonlyMap<string, string>
  /** The model that was recognised by its weights, and others that have the same. */
  readonly recognised?: string
  readonly alsoFits: readonly string[]
  /** Facts that nobody gave, filled in by guess. */
  readonly guessed: readonly (keyof ModelFacts)[]
}

/** @throws FormatError for a file of an unknown kind, a damaged one, or one that fits no model. */
export function openModel(bytes: Uint8Array, file: string, options: OpenOptions = {}): OpenedModel {
  const format = sniff(bytes)
  if (format === 'wasm')
    throw new FormatError(file, 'is a shipped model: it predicts, and holds no layers to be read', {
      hint: 'lenet predict and readWasm take it; its layers are in the model that it was made from',
    })
  if (format === 'zip' || format === 'torch pickle') return fromArrays(readPth(bytes, file).arrays, file, options)
  if (format === 'onnx') return fromOnnx(bytes, file, options)
  if (format !== 'safetensors')
    throw new FormatError(file, `is ${format ?? 'no model file'}; give a .safetensors, .pth, .pt or .onnx file`, {
      offset: 0,
    })
  const { arrays, metadata } = readSafetensors(bytes, file)
  if (metadata.format?.startsWith('lenet '))
    return { ...readModel(bytes, file), ...options.facts, renamed: new Map(), alsoFits: [], guessed: [] }
  return fromArrays(arrays, file, options)
}

function fromArrays(
  arrays: NamedArrays,
  file: string,
  { companion = {}, facts = {}, ...options }: OpenOptions,
): OpenedModel {
  const net = options.net ?? (companion.net && netFrom(companion.net, file))
  const imported = importWeights(arrays, { ...options, file, ...(net && { net }) })
  const renamed = new Map([...imported.mapping].filter(([name, from]) => name !== from))
  const { net: found, weights, model, alsoFits } = imported
  const opened = complete(found, weights, { ...companion, ...facts }, file)
  return { ...opened, renamed, alsoFits, ...(model !== undefined && { recognised: model }) }
}

function fromOnnx(bytes: Uint8Array, file: string, { companion, facts }: OpenOptions): OpenedModel {
  const imported = importOnnx(bytes, file)
  const given = { ...imported.facts, ...companion, ...facts }
  return { ...complete(imported.net, imported.weights, given, file), renamed: new Map(), alsoFits: [] }
}

/** Fills in the facts that nobody gave. */
function complete(
  net: Net,
  weights: ModelFile['weights'],
  given: Partial<ModelFacts>,
  file: string,
): Omit<OpenedModel, 'renamed' | 'alsoFits'> {
  const guess = guessFacts(net)
  const guessed = (Object.keys(guess) as (keyof ModelFacts)[]).filter((name) => given[name] === undefined)
  const { classes = guess.classes, normalisation = guess.normalisation, preparation = guess.preparation } = given
  const outputs = net.entries.at(-1)!.output[0]!
  if (classes.length !== outputs)
    throw new UsageError(`${file}: ${classes.length} labels were given for ${outputs} scores`)
  return { net, weights, classes, normalisation, preparation, guessed }
}

/** Numbers for classes, and pixels from 0 to 1 as they are. */
function guessFacts(net: Net): ModelFacts {
  const channels = net.input[0]!
  const classes = Array.from({ length: net.entries.at(-1)!.output[0]! }, (_, index) => String(index))
  return {
    classes,
    normalisation: { mean: new Array(channels).fill(0), std: new Array(channels).fill(1) },
    preparation: channels === 1 ? 'digit' : 'picture',
  }
}

export interface WrittenModel {
  readonly bytes: Uint8Array
  /** To be kept beside the file; absent where the file holds everything. */
  readonly companion?: Companion
}

export const modelEndings = ['.safetensors', '.pth', '.pt', '.onnx'] as const

/** Writes a model in the format that the ending of a file's name asks for. @throws UsageError for another ending. */
export function saveModel(model: ModelFile, file: string): WrittenModel {
  const ending = modelEndings.find((known) => file.toLowerCase().endsWith(known))
  if (ending === undefined)
    throw new UsageError(`${file}: its ending says no known format; give one of ${modelEndings.join(', ')}`)
  if (ending === '.safetensors') return { bytes: writeModel(model) }
  if (ending === '.onnx') return { bytes: exportOnnx(model) }
  const { net, weights, classes, normalisation, preparation } = model
  const arrays: NamedArrays = new Map(
    parametersOf(net).map(({ name, shape }) => [name, { dtype: 'float32', shape, data: weights.get(name)! }]),
  )
  return { bytes: writePth(arrays), companion: { net: describeNet(net), classes, normalisation, preparation } }
}
