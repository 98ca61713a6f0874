// Net → ONNX graph. Parameters keep their names; what ONNX has no place for is in metadata_props.
import { UsageError } from '../errors.ts'
import type { NamedArrays } from '../formats/arrays.ts'
import { type OnnxModel, type OnnxNode, writeOnnx } from '../formats/onnx.ts'
import type { OnnxAttribute } from '../formats/onnx-attribute.ts'
import { inputNames } from '../layers/layer.ts'
import type { OnnxSetting } from '../layers/onnx.ts'
import { type Entry, INPUT, type Net, parametersOf, titleOf } from '../model/model.ts'
import type { ModelFile } from './check-model.ts'
import { describeNet } from './description.ts'

const OPSET = 17
const IR_VERSION = 8

/** The values of ONNX that hold entries' outputs: named as the entries, the last one `scores`. */
const OUTPUT = 'scores'

/** What of a graph follows from the layers alone. */
export interface NetGraph extends Pick<OnnxModel, 'opset' | 'inputs' | 'outputs' | 'nodes'> {
  /** Numbers that are no parameters, such as a shape. */
  readonly constants: NamedArrays
}

export function graphOf(net: Net): NetGraph {
  const constants: NamedArrays = new Map()
  const last = net.entries.at(-1)!
  return {
    opset: OPSET,
    inputs: [{ name: INPUT, dtype: 'float32', shape: ['batch', ...net.input] }],
    outputs: [{ name: OUTPUT, dtype: 'float32', shape: ['batch', ...last.output] }],
    nodes: net.entries.flatMap((entry) => nodesOf(entry, last.name, constants)),
    constants,
  }
}

/** Writes a model; its input is `input` [batch, …], normalised, its output `scores` [batch, classes]. */
export function exportOnnx({ net, weights, classes, normalisation, preparation }: ModelFile): Uint8Array {
  const { constants, ...graph } = graphOf(net)
  const parameters: NamedArrays = new Map(
    parametersOf(net).map(({ name, shape }) => [name, { dtype: 'float32', shape, data: weights.get(name)! }]),
  )
  return writeOnnx({
    ...graph,
    irVersion: IR_VERSION,
    producer: 'lenet',
    producerVersion: '',
    graph: 'lenet',
    initializers: new Map([...parameters, ...constants]),
    metadata: {
      'lenet.net': JSON.stringify(describeNet(net)),
      'lenet.facts': JSON.stringify({ classes, normalisation, preparation }),
    },
  })
}

function nodesOf(entry: Entry, last: string, into: NamedArrays): OnnxNode[] {
  const { name, layer, inputs, inputShapes } = entry
  const form = layer.definition.onnx
  if (form === undefined)
    throw new UsageError(`${titleOf(name, layer)}: has no counterpart in ONNX`, 'export to .safetensors or .pth')
  const { steps, constants = {} } = form.write(inputShapes[0]!, layer.options as never, ...inputShapes.slice(1))
  // A dot keeps it apart from every entry.
  const outputName = (value: string): string => (value === last ? OUTPUT : value === OUTPUT ? `${OUTPUT}.y` : value)
  const places = new Map(inputNames(layer.definition, inputs.length).map((own, at) => [own, outputName(inputs[at]!)]))
  places.set('y', outputName(name))
  // An input that is left away has no name.
  const place = (own: string): string => (own === '' ? '' : (places.get(own) ?? `${name}.${own}`))
  for (const [own, array] of Object.entries(constants)) into.set(place(own), array)
  return steps.map(({ op, reads, writes = 'y', attributes = {} }, at) => ({
    type: op,
    domain: '',
    name: at === steps.length - 1 ? name : `${name}.${at}`,
    inputs: reads.map(place),
    outputs: [place(writes)],
    attributes: new Map(
      Object.entries(attributes).map(([key, value]): [string, OnnxAttribute] => [key, attributeOf(value)]),
    ),
  }))
}

function attributeOf(value: OnnxSetting): OnnxAttribute {
  if (typeof value === 'number') return { kind: 'int', value }
  if (typeof value === 'string') return { kind: 'string', value }
  return 'float' in value ? { kind: 'float', value: value.float } : { kind: 'ints', value }
}
