// An ONNX file of ours: its metadata says which layers it was written from. That holds only as long as the nodes are those
// that would be written for them; an edited graph is what its nodes say.
import { FormatError } from '../errors.ts'
import type { NamedArray } from '../formats/arrays.ts'
import { arrayBytes } from '../formats/arrays.ts'
import type { OnnxModel } from '../formats/onnx.ts'
import { type ModelFacts, type NetDescription, netFrom } from './file.ts'
import { type Net, parametersOf } from './model.ts'
import { graphOf, type NetGraph } from './onnx-export.ts'
import type { ImportedOnnx } from './onnx-import.ts'
import { weightsFor } from './weights-for.ts'

/** The model of the metadata; undefined where there is none, or where the graph is another. */
export function readOwn(graph: OnnxModel, file: string): ImportedOnnx | undefined {
  const [description, facts] = [graph.metadata['lenet.net'], graph.metadata['lenet.facts']]
  if (description === undefined || facts === undefined) return undefined
  const net = netFrom(parsed(description, 'layer list', file) as NetDescription, file)
  if (!isGraphOf(net, graph)) return undefined
  const own = parametersOf(net).flatMap(({ name }): [string, NamedArray][] => {
    const array = graph.initializers.get(name)
    return array ? [[name, array]] : []
  })
  return { net, weights: weightsFor(net, new Map(own), file), facts: parsed(facts, 'facts', file) as ModelFacts }
}

/** What the metadata says beside the layers, as far as it fits a net that was read from nodes. */
export function consistentFacts({ metadata }: OnnxModel, net: Net, file: string): Partial<ModelFacts> {
  const text = metadata['lenet.facts']
  if (text === undefined) return {}
  const { classes, normalisation, preparation } = parsed(text, 'facts', file) as Partial<ModelFacts>
  const hasAll = (list: unknown, count: number) => Array.isArray(list) && list.length === count
  const [channels, scores] = [net.input[0]!, net.entries.at(-1)!.output[0]!]
  const isWhole = hasAll(normalisation?.mean, channels) && hasAll(normalisation?.std, channels)
  return {
    ...(classes && hasAll(classes, scores) && { classes }),
    ...(normalisation && isWhole && { normalisation }),
    ...(preparation && { preparation }),
  }
}

function parsed(text: string, what: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FormatError(file, `its ${what} is damaged: ${(error as Error).message}`)
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
