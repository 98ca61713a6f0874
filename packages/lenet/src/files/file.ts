// A model as one file: safetensors, with the layer list, classes and normalisation in its metadata.
import { FormatError } from '../errors.ts'
import { parseJson, type Refuse } from '../formats/json-fields.ts'
import { readSafetensors, type Safetensors, writeSafetensors } from '../formats/safetensors.ts'
import type { Net } from '../model/model.ts'
import { weightsFor } from '../model/weights-for.ts'
import { arraysOf, checkModel, type ModelFile, subjectOf } from './check-model.ts'
import { describeNet, type OwnLayers, readNet } from './description.ts'
import { readAllFacts } from './facts.ts'

const FORMAT = 'lenet model 1'

export function writeModel(model: ModelFile): Uint8Array {
  const { net, classes, normalisation, preparation } = checkModel(model)
  return writeSafetensors(arraysOf(model), {
    format: FORMAT,
    net: JSON.stringify(describeNet(net)),
    facts: JSON.stringify({ classes, normalisation, preparation }),
  })
}

export interface ReadModelOptions {
  /** Layers of one's own that the model may have. */
  readonly layers?: OwnLayers
  /** What takes the place of the layers that the file names. */
  readonly net?: Net
}

/** @throws FormatError for bytes that are damaged or hold no model of ours. */
export function readModel(bytes: Uint8Array, file = 'model', options: ReadModelOptions = {}): ModelFile {
  return modelIn(readSafetensors(bytes, file), file, options)
}

/** The model that is in a file of safetensors. @throws FormatError. */
export function modelIn({ arrays, metadata }: Safetensors, file: string, options: ReadModelOptions = {}): ModelFile {
  const refuse: Refuse = (problem) => new FormatError(file, problem)
  if (metadata.format !== FORMAT)
    throw refuse(`its format is '${metadata.format ?? 'not said'}'; a model of ours has '${FORMAT}'`)
  const net = options.net ?? readNet(parseJson(metadata.net, 'its layer list', refuse), file, options.layers).net
  const facts = readAllFacts(parseJson(metadata.facts, 'what it says about itself', refuse), subjectOf(net), refuse)
  return { net, weights: weightsFor(net, arrays, file), ...facts }
}
