// A model from a file of any kind that is known, and back. What a format cannot hold (layers, classes, normalisation)
// travels beside it as JSON.
import { FormatError, UsageError } from '../errors.ts'
import type { NamedArrays } from '../formats/arrays.ts'
import { fieldsOf, type Refuse } from '../formats/json-fields.ts'
import { readPth, writePth } from '../formats/pth.ts'
import { readSafetensors, type Safetensors } from '../formats/safetensors.ts'
import { sniff } from '../formats/sniff.ts'
import type { Net } from '../model/model.ts'
import type { ModelFile } from './check-model.ts'
import { arraysOf, checkModel, subjectOf } from './check-model.ts'
import { describeNet, type NetDescription, type OwnLayers, readNet } from './description.ts'
import { factNames, type ModelFacts, readFacts } from './facts.ts'
import { modelIn, writeModel } from './file.ts'
import { type ImportOptions, importWeights } from './import-weights.ts'
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
  /** Layers of one's own that the file may name. */
  readonly layers?: OwnLayers
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

/**
 * @throws FormatError for a file of an unknown kind, a damaged one, or one that fits no model; UsageError for options that
 * do not go with the file.
 */
export function openModel(bytes: Uint8Array, file: string, options: OpenOptions = {}): OpenedModel {
  const format = sniff(bytes)
  if (format === 'wasm')
    throw new FormatError(file, 'is a shipped model: it predicts, and holds no layers to be read', {
      hint: 'lenet predict and readWasm take it; its layers are in the model that it was made from',
    })
  if (format === 'zip' || format === 'torch pickle') return fromArrays(readPth(bytes, file).arrays, file, options)
  if (format === 'onnx') return fromOnnx(bytes, file, options)
  if (format !== 'safetensors') {
    const what = format === undefined ? 'is no model file' : `is no model file but ${format}`
    throw new FormatError(file, `${what}; give a .safetensors, .pth, .pt or .onnx file`, { offset: 0 })
  }
  const tensors = readSafetensors(bytes, file)
  if (tensors.metadata.format?.startsWith('lenet ')) return fromOurs(tensors, file, options)
  return fromArrays(tensors.arrays, file, options)
}

/** A file that names its layers. */
function fromOurs(tensors: Safetensors, file: string, options: OpenOptions): OpenedModel {
  refuseOptions(file, { ...options, net: undefined })
  const read = modelIn(tensors, file, options)
  return { ...complete(read, read, file, options), renamed: new Map(), alsoFits: [] }
}

function fromOnnx(bytes: Uint8Array, file: string, options: OpenOptions): OpenedModel {
  refuseOptions(file, options)
  const { facts, ...imported } = importOnnx(bytes, file, options.layers)
  // What stands beside a file may belong to another of the same name: it fills in what this one does not say.
  const isWhole = factNames.every((name) => facts[name] !== undefined)
  const beside = isWhole ? {} : readCompanion(options, file).factsFor(imported.net)
  return { ...complete(imported, { ...beside, ...facts }, file, options), renamed: new Map(), alsoFits: [] }
}

/** Where the layers are known, nobody else can say which they are. */
function refuseOptions(
  file: string,
  { net, model, map }: Readonly<Partial<Record<'net' | 'model' | 'map', unknown>>>,
  who = 'the file',
): void {
  if (net === undefined && model === undefined && map === undefined) return
  const given = map === undefined ? 'a model' : 'a map of its arrays'
  throw new UsageError(
    `${file}: ${who} says which layers it has, but ${given} was given as well`,
    'that is for files that hold weights alone',
  )
}

function fromArrays(arrays: NamedArrays, file: string, options: OpenOptions): OpenedModel {
  const companion = readCompanion(options, file)
  const net = options.net ?? companion.net
  if (companion.net !== undefined) refuseOptions(file, { ...options, net: undefined }, 'the JSON beside it')
  const {
    mapping,
    net: found,
    weights,
    model,
    alsoFits,
  } = importWeights(arrays, { ...options, file, ...(net && { net }) })
  const renamed = new Map([...mapping].filter(([name, from]) => name !== from))
  const opened = complete({ net: found, weights }, companion.factsFor(found), file, options)
  return { ...opened, renamed, alsoFits, ...(model !== undefined && { recognised: model }) }
}

interface ReadCompanion {
  readonly net?: Net
  readonly factsFor: (net: Net) => Partial<ModelFacts>
}

/** @throws FormatError for what is no companion. */
function readCompanion({ companion, layers, net: own }: OpenOptions, file: string): ReadCompanion {
  if (companion === undefined) return { factsFor: () => ({}) }
  const refuse: Refuse = (problem) => new FormatError(file, problem)
  const { net, ...facts } = fieldsOf(companion, 'the JSON beside it', ['net', ...factNames], refuse)
  return {
    // What takes its place may have layers that nobody here knows.
    ...(net !== undefined && own === undefined && { net: readNet(net, file, layers).net }),
    factsFor: (found) => readFacts(facts, subjectOf(found), refuse),
  }
}

/** Puts what the caller gives before what the file says, and fills in what nobody says. */
function complete(
  { net, weights }: Pick<ModelFile, 'net' | 'weights'>,
  said: Partial<ModelFacts>,
  file: string,
  { facts = {} }: OpenOptions,
): Omit<OpenedModel, 'renamed' | 'alsoFits'> {
  const refuse: Refuse = (problem) => new UsageError(`${file}: ${problem}`)
  const given = { ...said, ...readFacts(facts, subjectOf(net), refuse) }
  const guess = guessFacts(net)
  const guessed = factNames.filter((name) => given[name] === undefined)
  const { classes, normalisation, preparation } = { ...guess, ...given }
  return { net, weights, classes, normalisation, preparation, guessed }
}

/** Numbers for classes, and pixels from 0 to 1 as they are. */
function guessFacts(net: Net): ModelFacts {
  const { channels, scores } = subjectOf(net)
  return {
    classes: Array.from({ length: scores }, (_, index) => String(index)),
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
  const checked = checkModel(model)
  if (ending === '.onnx') return { bytes: exportOnnx(checked) }
  const { net, classes, normalisation, preparation } = checked
  return { bytes: writePth(arraysOf(model)), companion: { net: describeNet(net), classes, normalisation, preparation } }
}
