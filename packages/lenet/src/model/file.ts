// A model as one file: safetensors, with the layer list, classes and normalisation in its metadata.
import { FormatError } from '../errors.ts'
import type { NamedArrays } from '../formats/arrays.ts'
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts'
import { catalogue } from '../layers/index.ts'
import type { Layer, Shape } from '../layers/layer.ts'
import { completeOptions } from '../layers/options.ts'
import { model, type Net, parametersOf } from './model.ts'
import { weightsFor } from './weights-for.ts'

/** A model's layers as plain JSON. */
export interface NetDescription {
  readonly input: Shape
  readonly layers: Readonly<
    Record<
      string,
      { readonly layer: string; readonly options: Readonly<Record<string, unknown>>; readonly from?: readonly string[] }
    >
  >
}

export const describeNet = ({ input, entries }: Net): NetDescription => ({
  input,
  layers: Object.fromEntries(
    entries.map(({ name, layer: { definition, given, from } }) => [
      name,
      { layer: definition.name, options: given, ...(from && { from }) },
    ]),
  ),
})

/** @throws FormatError for a layer that does not exist; UsageError and ShapeError as `model` does. */
export function netFrom({ input, layers }: NetDescription, file: string): Net {
  const built = Object.entries(layers).map(([name, { layer, options, from }]): [string, Layer] => {
    const definition = catalogue.get(layer)
    if (definition === undefined)
      throw new FormatError(file, `entry '${name}' is a '${layer}'; there is ${[...catalogue.keys()].join(', ')}`)
    return [
      name,
      {
        definition,
        given: options,
        options: completeOptions(layer, definition.options, options),
        ...(from && { from }),
      },
    ]
  })
  return model(input, Object.fromEntries(built))
}

/** What a model file says beside the weights. */
export interface ModelFacts {
  readonly classes: readonly string[]
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] }
  readonly preparation: 'digit' | 'picture'
}

export interface ModelFile extends ModelFacts {
  readonly net: Net
  readonly weights: ReadonlyMap<string, Float32Array>
}

const FORMAT = 'lenet model 1'

export function writeModel({ net, weights, classes, normalisation, preparation }: ModelFile): Uint8Array {
  const arrays: NamedArrays = new Map(
    parametersOf(net).map(({ name, shape }) => [name, { dtype: 'float32', shape, data: weights.get(name)! }]),
  )
  return writeSafetensors(arrays, {
    format: FORMAT,
    net: JSON.stringify(describeNet(net)),
    facts: JSON.stringify({ classes, normalisation, preparation }),
  })
}

/** @throws FormatError for bytes that are damaged or hold no model of ours. */
export function readModel(bytes: Uint8Array, file = 'model'): ModelFile {
  const { arrays, metadata } = readSafetensors(bytes, file)
  if (metadata.format !== FORMAT)
    throw new FormatError(file, `its format is '${metadata.format ?? 'not said'}'; a model of ours has '${FORMAT}'`)
  const net = netFrom(parse<NetDescription>(metadata.net, 'layer list', file), file)
  const facts = parse<ModelFacts>(metadata.facts, 'classes and normalisation', file)
  const outputs = net.entries.at(-1)!.output[0]
  const listsNumbers = (list: unknown) => Array.isArray(list) && list.every((value) => Number.isFinite(value))
  if (!Array.isArray(facts.classes) || facts.classes.length !== outputs)
    throw new FormatError(file, `it names ${facts.classes?.length ?? 'no'} classes for ${outputs} scores`)
  if (!listsNumbers(facts.normalisation?.mean) || !listsNumbers(facts.normalisation?.std))
    throw new FormatError(file, 'its normalisation is damaged')
  return { net, weights: weightsFor(net, arrays, file), ...facts }
}

function parse<T>(text: string | undefined, what: string, file: string): T {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (typeof value === 'object' && value !== null) return value as T
  } catch {
    // Falls through to the one message.
  }
  throw new FormatError(file, `its ${what} is missing or damaged`)
}
