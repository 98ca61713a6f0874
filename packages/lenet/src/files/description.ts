// A net as plain JSON, and back: each layer by its name in the catalogue, with the options it was given. The one place
// where such JSON is checked.
import { FormatError, ShapeError, shown, UsageError } from '../errors.ts'
import { fieldsOf, objectOf, type Refuse } from '../formats/json-fields.ts'
import { catalogue } from '../layers/index.ts'
import type { Layer, LayerDefinition } from '../layers/layer.ts'
import { completeOptions } from '../layers/options.ts'
import { INPUT, model, type Net } from '../model/model.ts'
import type { Shape } from '../tensor.ts'
import { layersOfNow, netOfVersion1 } from './version1.ts'

const VERSION = 2

export interface LayerDescription {
  readonly layer: string
  readonly options: Readonly<Record<string, unknown>>
  readonly from?: readonly string[]
}

/** A model's layers as plain JSON. */
export interface NetDescription {
  /** Absent in a list of version 1, where `linear` reads feature maps as one row. */
  readonly version?: 2
  readonly input: Shape
  readonly layers: Readonly<Record<string, LayerDescription>>
}

/** Layers that are not in the catalogue: their constructors, as `layer()` gives them. */
// biome-ignore lint/suspicious/noExplicitAny: each constructor has options of its own
export type OwnLayers = readonly { readonly definition: LayerDefinition<any> }[]

/** @throws UsageError for a layer under a name that another layer has. */
export function describeNet({ input, entries }: Net): NetDescription {
  const known = new Map(catalogue)
  return {
    version: VERSION,
    input,
    layers: Object.fromEntries(
      entries.map(({ name, inputs, layer: { definition, given, from } }, at) => {
        const isNext = from === undefined && inputs[0] === (entries[at - 1]?.name ?? INPUT)
        if ((known.get(definition.name) ?? definition) !== definition) throw taken(definition.name)
        known.set(definition.name, definition)
        // Inputs are called as the whole model calls them, not as a block does.
        return [name, { layer: definition.name, options: given, ...(!isNext && { from: inputs }) }]
      }),
    ),
  }
}

const taken = (name: string): UsageError =>
  new UsageError(
    `model: two layers are called '${name}'; a file knows layers by their names`,
    `the catalogue has ${[...catalogue.keys()].join(', ')}; give a layer of your own another name`,
  )

/** The same JSON, every type in it checked. @throws FormatError. */
function readDescription(json: unknown, file: string): NetDescription {
  const refuse: Refuse = (problem) => new FormatError(file, problem)
  const { version, input, layers } = fieldsOf(json, 'its layer list', ['version', 'input', 'layers'], refuse)
  if (version !== undefined && version !== VERSION)
    throw refuse(`its layer list is of version ${shown(version)}; those of version ${VERSION} and before are read`)
  if (!isListOf(input, (extent) => typeof extent === 'number'))
    throw refuse(`its layer list has the input ${shown(input)}; a shape such as [1, 28, 28] is wanted`)
  const described = Object.entries(objectOf(layers, 'layers', refuse)).map(([name, entry]) => {
    const title = `entry '${name.slice(0, 40)}'`
    const { layer, options, from } = fieldsOf(entry, title, ['layer', 'options', 'from'], refuse)
    if (typeof layer !== 'string') throw refuse(`${title} has the layer ${shown(layer)}; a name is wanted`)
    if (from !== undefined && !isListOf(from, (other) => typeof other === 'string'))
      throw refuse(`${title} reads ${shown(from)}; a list of entries is wanted`)
    const given = objectOf(options, `${title}: options`, refuse)
    return [name, { layer, options: given, ...(from !== undefined && { from }) }] as const
  })
  return { ...(version && { version }), input, layers: Object.fromEntries(described) } as NetDescription
}

const isListOf = (value: unknown, fits: (element: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(fits)

/**
 * @param own layers of one's own that the description may name.
 * @throws FormatError for a description that is damaged or names a layer that does not exist; UsageError and ShapeError as
 * `model` does.
 */
export function netFrom(description: NetDescription, file: string, own: OwnLayers = []): Net {
  return netsFrom(description, file, own).net
}

interface ReadNets {
  readonly net: Net
  /** The net that the file was written from, where `net` says the same in other layers: its ONNX nodes are of this one. */
  readonly written: Net
}

function netsFrom(description: NetDescription, file: string, own: OwnLayers): ReadNets {
  const { version, input, layers } = readDescription(description, file)
  const known = layersWith(own)
  const built = Object.fromEntries(
    Object.entries(layers).map(([name, entry]) => [name, layerFrom(name, entry, known, file)] as const),
  )
  const written = version === undefined ? netOfVersion1(input, built) : model(input, built)
  const net = version === undefined ? model(input, layersOfNow(written, built)) : written
  return { net, written }
}

/** The net that a file describes: what does not fit together is the file's fault. @throws FormatError. */
export function readNet(json: unknown, file: string, own: OwnLayers = []): ReadNets {
  layersWith(own)
  try {
    return netsFrom(json as NetDescription, file, own)
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ShapeError)) throw error
    const [problem, hint] = error.message.split('\nhint: ')
    throw new FormatError(file, problem!, hint === undefined ? {} : { hint })
  }
}

/** The catalogue and layers of one's own, by name. @throws UsageError where two have one name. */
function layersWith(own: OwnLayers): ReadonlyMap<string, LayerDefinition> {
  const known = new Map(catalogue)
  for (const { definition } of own) {
    if ((known.get(definition.name) ?? definition) !== definition) throw taken(definition.name)
    known.set(definition.name, definition)
  }
  return known
}

function layerFrom(
  name: string,
  { layer, options, from }: LayerDescription,
  known: ReadonlyMap<string, LayerDefinition>,
  file: string,
): Layer {
  const definition = known.get(layer)
  if (definition === undefined)
    throw new FormatError(
      file,
      `entry '${name}' is a '${layer.slice(0, 40)}'; there is ${[...known.keys()].join(', ')}`,
      {
        hint: 'a layer of your own is given with openModel(bytes, name, { layers: [it] })',
      },
    )
  const full = completeOptions(layer, definition.options, options)
  return { definition, given: options, options: full, ...(from && { from }) }
}
