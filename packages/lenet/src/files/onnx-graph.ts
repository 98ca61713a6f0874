// What an ONNX graph must be before its nodes are looked at: of a known version, with one input and one output, each value
// given once. Nodes that the output does not depend on are left out.
import { FormatError } from '../errors.ts'
import type { OnnxModel, OnnxNode, OnnxValue } from '../formats/onnx.ts'
import type { Shape } from '../tensor.ts'

/** Versions of the standard operators in which those that are read mean what is read here. */
const [FIRST, LAST] = [7, 24]
const floating: readonly string[] = ['float32', 'float64', 'float16', 'bfloat16']

export interface CheckedGraph {
  readonly input: { readonly name: string; readonly shape: Shape; readonly batch: number | undefined }
  readonly output: OnnxValue
  readonly nodes: readonly OnnxNode[]
  /** Value → how many nodes read it; the output is read once more. */
  readonly readers: ReadonlyMap<string, number>
}

/** @throws FormatError for a graph that no model could be read from. */
export function checkGraph(graph: OnnxModel, file: string): CheckedGraph {
  if (graph.opset < FIRST || graph.opset > LAST)
    throw new FormatError(
      file,
      `is written in version ${graph.opset} of ONNX's operators; ${FIRST} to ${LAST} are read`,
    )
  const output = only(graph.outputs, 'outputs', file)
  const input = inputOf(only(graph.inputs, 'inputs', file), file)
  const nodes = neededNodes(graph, output.name, file)
  const readers = new Map([[output.name, 1]])
  for (const { inputs } of nodes) for (const name of new Set(inputs)) readers.set(name, (readers.get(name) ?? 0) + 1)
  return { input, output, nodes, readers }
}

function only(values: readonly OnnxValue[], what: string, file: string): OnnxValue {
  if (values.length === 1) return values[0]!
  const names = values.slice(0, 12).map(({ name }) => name)
  throw new FormatError(file, `has ${values.length} ${what} (${names.join(', ')}); one is accepted`)
}

/** Of one sample; the batch comes first. */
function inputOf({ name, dtype, shape: [batch, ...shape] = [] }: OnnxValue, file: string): CheckedGraph['input'] {
  if (!floating.includes(dtype))
    throw new FormatError(file, `its input '${name}' is ${dtype}; ${floating.join(', ')} are accepted`)
  if (shape.length === 0 || !shape.every((extent): extent is number => typeof extent === 'number' && extent > 0))
    throw new FormatError(file, `its input '${name}' has no fixed shape behind the batch`)
  return { name, shape, batch: typeof batch === 'number' ? batch : undefined }
}

function neededNodes(graph: OnnxModel, output: string, file: string): readonly OnnxNode[] {
  const given = new Map<string, OnnxNode | undefined>(
    [...graph.initializers.keys(), ...graph.inputs.map(({ name }) => name)].map((name) => [name, undefined]),
  )
  for (const node of graph.nodes)
    for (const name of node.outputs) {
      if (name !== '' && given.has(name)) throw new FormatError(file, `its value '${name}' is given twice`)
      given.set(name, node)
    }
  const needed = new Set<OnnxNode>()
  const open = [output]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = given.get(name)
    if (node === undefined || needed.has(node)) continue
    needed.add(node)
    open.push(...node.inputs)
  }
  return graph.nodes.filter((node) => needed.has(node))
}
