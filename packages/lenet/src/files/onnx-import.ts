// ONNX graph → net: nodes that compute shapes are run, those that do nothing or go into another layer are taken up there,
// every other one is looked up among the operators that layers declare.
import { FormatError, ShapeError, UsageError } from '../errors.ts'
import { type OnnxModel, type OnnxNode, readOnnx } from '../formats/onnx.ts'
import { catalogue } from '../layers/index.ts'
import { inputNames, type LayerDefinition } from '../layers/layer.ts'
import type { OnnxReading, ReadLayer } from '../layers/onnx.ts'
import { INPUT, model } from '../model/model.ts'
import { weightsFor } from '../model/weights-for.ts'
import type { OwnLayers } from './description.ts'
import { type CheckedGraph, checkGraph } from './onnx-graph.ts'
import { OnnxLayers } from './onnx-layers.ts'
import { type NodeReading, readNode } from './onnx-node.ts'
import { shapeOperators } from './onnx-numbers.ts'
import { operators } from './onnx-operators.ts'
import { consistentFacts, type ImportedOnnx, readOwn } from './onnx-own.ts'
import { asValue, type Rows, type Value } from './onnx-value.ts'

/** Operator → the layer that reads it. */
const readers: ReadonlyMap<string, { definition: LayerDefinition; read: (node: OnnxReading) => ReadLayer }> = new Map(
  [...catalogue.values()].flatMap((definition) =>
    Object.entries(definition.onnx?.read ?? {}).map(([op, read]) => [op, { definition, read }] as const),
  ),
)
const others = [...new Set([...Object.keys(operators), ...Object.keys(shapeOperators)])].filter(
  (op) => !readers.has(op),
)

/** How many times the bytes of a file its nodes may read as weights: what many share stands there once. */
const MOST_SHARING = 64

/** @throws FormatError that names a node which no layer reads, and lists those that some layer does. */
export function importOnnx(bytes: Uint8Array, file: string, layers?: OwnLayers): ImportedOnnx {
  const graph = readOnnx(bytes, file)
  const own = readOwn(graph, file, layers)
  if (own !== undefined) return own
  const { net, weights } = readNodes(graph, file, { bytes: bytes.length * MOST_SHARING })
  return { net, weights, facts: consistentFacts(graph, net, file) }
}

function readNodes(graph: OnnxModel, file: string, budget: { bytes: number }): Omit<ImportedOnnx, 'facts'> {
  const checked = checkGraph(graph, file)
  const { input, output } = checked
  const layers = new OnnxLayers(input.shape)
  const values = new Map<string, Value>([...graph.initializers].map(([name, array]) => [name, asValue(array)]))
  values.set(input.name, { kind: 'rows', entry: INPUT, shape: input.shape, isAlone: false })
  for (const node of checked.nodes) {
    const reading = readNode(node, { values, batch: input.batch, budget, file })
    const value = readValue(node, reading, layers)
    reading.finish()
    const isAlone = (rows: Rows) => rows.isAlone && checked.readers.get(node.outputs[0]!) === 1
    values.set(node.outputs[0]!, value.kind === 'rows' ? { ...value, isAlone: isAlone(value) } : value)
  }
  checkOutput(output, values.get(output.name), file)
  const { layers: list, weights } = layers.result
  const net = fitting(
    () => model(input.shape, list),
    (problem) => {
      throw new FormatError(file, problem)
    },
  )
  return { net, weights: weightsFor(net, weights, file) }
}

function readValue(node: OnnxNode, reading: NodeReading, layers: OnnxLayers): Value {
  if (node.domain !== '') reading.refuse(`is of the domain '${node.domain}'; the standard one is read`)
  const value = operatorOf(node, reading, layers)
  if (value !== undefined) return value
  const reader = readers.get(node.type)
  if (reader === undefined && others.includes(node.type))
    return reading.refuse('computes with what a layer gives; shapes and constants are accepted')
  if (reader === undefined)
    return reading.refuse(`is not one that a layer reads; there is ${[...readers.keys(), ...others].join(', ')}`)
  const inputs = inputNames(reader.definition, reading.inputs).map((_, index) => reading.rows(index))
  const differing = inputs.find(({ shape }) => shape.join() !== inputs[0]!.shape.join())
  if (differing && typeof reader.definition.inputs !== 'function')
    reading.refuse(`reads [batch,${inputs[0]!.shape}] and [batch,${differing.shape}]; equal shapes are accepted`)
  const read = reader.read(reading)
  const name = layers.nameFor(node.type, node.inputs[1])
  return fitting(
    () => layers.add(name, reader.definition, read, inputs),
    (problem) => reading.refuse(`is refused: ${problem}`),
  )
}

/** What a layer or a model refuses is the file's fault. */
function fitting<T>(work: () => T, refuse: (problem: string) => never): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ShapeError || error instanceof UsageError) return refuse(error.message)
    throw error
  }
}

/** What is computed while the file is read, or goes into a layer; undefined for a layer of its own. */
function operatorOf(node: OnnxNode, reading: NodeReading, layers: OnnxLayers): Value | undefined {
  const computes = own(shapeOperators, node.type)
  if (computes && (node.type === 'Shape' || reading.value(0).kind === 'numbers')) return computes(reading)
  return own(operators, node.type)?.(reading, layers)
}

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

function checkOutput({ name, shape }: CheckedGraph['output'], value: Value | undefined, file: string): void {
  if (value?.kind !== 'rows' || value.entry === INPUT || value.padding !== undefined)
    throw new FormatError(file, `its output '${name}' is not what a layer gives`)
  const [, ...extents] = shape ?? []
  const differs =
    extents.length !== value.shape.length ||
    extents.some((extent, at) => typeof extent === 'number' && extent !== value.shape[at])
  if (shape !== undefined && differs)
    throw new FormatError(file, `its output '${name}' is [${shape}] but its nodes give [batch,${value.shape}]`)
}
