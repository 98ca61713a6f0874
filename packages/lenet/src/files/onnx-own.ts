// An ONNX file of ours: its metadata says which layers it was written from. That holds only as long as the nodes are those
// that would be written for them; an edited graph is what its nodes say.
import { FormatError, UsageError } from '../errors.ts'
import { arrayBytes, type NamedArray } from '../formats/arrays.ts'
import { objectOf, parseJson, type Refuse } from '../formats/json-fields.ts'
import type { OnnxModel } from '../formats/onnx.ts'
import { type Net, parametersOf } from '../model/model.ts'
import { weightsFor } from '../model/weights-for.ts'
import { subjectOf } from './check-model.ts'
import { type OwnLayers, readNet } from './description.ts'
import { factNames, type ModelFacts, readFacts } from './facts.ts'
import { graphOf, type NetGraph } from './onnx-export.ts'

export interface ImportedOnnx {
  readonly net: Net
  readonly weights: ReadonlyMap<string, Float32Array>
  readonly facts: Partial<ModelFacts>
}

/** The model of the metadata; undefined where there is none, or where the graph is another. */
export function readOwn(graph: OnnxModel, file: string, layers?: OwnLayers): ImportedOnnx | undefined {
  const [description, facts] = [graph.metadata['lenet.net'], graph.metadata['lenet.facts']]
  if (description === undefined || facts === undefined) return undefined
  const refuse: Refuse = (problem) => new FormatError(file, problem)
  const { net, written } = readNet(parseJson(description, 'its layer list', refuse), file, layers)
  if (!isGraphOf(written, graph)) return undefined
  const wanted = new Set(parametersOf(net).map(({ name }) => name))
  const own = new Map([...graph.initializers].filter(([name]) => wanted.has(name)))
  return {
    net,
    weights: weightsFor(net, own, file),
    facts: readFacts(parsedFacts(facts, refuse), subjectOf(net), refuse),
  }
}

const parsedFacts = (text: string, refuse: Refuse): unknown => parseJson(text, 'what it says about itself', refuse)

/** What the metadata says beside the layers, as far as it fits a net that was read from nodes. */
export function consistentFacts({ metadata }: OnnxModel, net: Net, file: string): Partial<ModelFacts> {
  const text = metadata['lenet.facts']
  if (text === undefined) return {}
  const refuse: Refuse = (problem) => new FormatError(file, problem)
  const facts = objectOf(parsedFacts(text, refuse), 'what it says about itself', refuse)
  return Object.assign({}, ...factNames.map((name) => factThatFits({ [name]: facts[name] }, net)))
}

function factThatFits(fact: Readonly<Record<string, unknown>>, net: Net): Partial<ModelFacts> {
  const misfit = new UsageError('it is about another net')
  try {
    return readFacts(fact, subjectOf(net), () => misfit)
  } catch (error) {
    if (error === misfit) return {}
    throw error
  }
}

/** Everything but the weights and the names of nodes, which do not matter. */
function isGraphOf(net: Net, graph: OnnxModel): boolean {
  const wanted = graphOf(net)
  if (graph.opset !== wanted.opset || graph.nodes.length !== wanted.nodes.length) return false
  const constants = [...wanted.constants].every(([name, array]) => areEqual(graph.initializers.get(name), array))
  return constants && outline(graph) === outline(wanted)
}

function outline({ nodes, inputs, outputs }: Pick<NetGraph, 'nodes' | 'inputs' | 'outputs'>): string {
  return JSON.stringify([
    nodes.map(({ type, domain, inputs, outputs, attributes }) => [
      type,
      domain,
      inputs,
      outputs,
      // We write no tensors as attributes.
      [...attributes].map(([name, { kind, value }]) => [name, kind, kind === 'tensor' ? '' : value]).sort(),
    ]),
    inputs.map(({ name, shape }) => [name, shape?.slice(1)]),
    outputs.map(({ name }) => name),
  ])
}

function areEqual(a: NamedArray | undefined, b: NamedArray): boolean {
  if (a?.dtype !== b.dtype || a.shape.join() !== b.shape.join()) return false
  const [own, other] = [arrayBytes(a), arrayBytes(b)]
  return own.every((byte, at) => byte === other[at])
}
