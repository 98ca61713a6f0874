// Nodes that together mean one layer become one node: constants are gathered, MatMul + Add is Gemm, a batch normalisation
// goes into the convolution before it, zeros around a mean are its padding.
import { FormatError } from '../errors.ts'
import { type NamedArray, type NamedArrays, toFloat32 } from '../formats/arrays.ts'
import type { OnnxModel, OnnxNode } from '../formats/onnx.ts'

/** Nodes that do nothing when a model only predicts. */
export const passesThrough: ReadonlySet<string> = new Set(['Identity', 'Dropout'])

export function rewriteOnnx(graph: OnnxModel, file: string): OnnxModel {
  const initializers: NamedArrays = new Map(graph.initializers)
  const constants = graph.nodes.filter(({ type }) => type === 'Constant')
  for (const node of constants) {
    const value = node.attributes.get('value')
    if (value?.kind !== 'tensor')
      throw new FormatError(file, `node Constant '${node.name || node.outputs[0]}' holds no tensor`)
    initializers.set(node.outputs[0]!, value.value)
  }
  let nodes = graph.nodes.filter((node) => !constants.includes(node))
  nodes = joinPairs(nodes, (first, second) => joinMatMul(first, second, initializers))
  nodes = nodes.map((node) =>
    node.type === 'MatMul' && initializers.has(node.inputs[1] ?? '') ? { ...node, type: 'Gemm' } : node,
  )
  nodes = joinPairs(nodes, (first, second) => foldNormalisation(first, second, initializers))
  nodes = joinPairs(nodes, (first, second) => joinPadding(first, second, initializers))
  return { ...graph, nodes, initializers }
}

/** Joins a node with the only reader of its output, where `join` can. */
function joinPairs(
  nodes: readonly OnnxNode[],
  join: (first: OnnxNode, second: OnnxNode) => OnnxNode | undefined,
): OnnxNode[] {
  const list: OnnxNode[] = []
  const gone = new Set<OnnxNode>()
  for (const node of nodes) {
    if (gone.has(node)) continue
    const readers = nodes.filter(({ inputs }) => inputs.includes(node.outputs[0]!))
    const joined = readers.length === 1 ? join(node, readers[0]!) : undefined
    if (joined === undefined) list.push(node)
    else {
      gone.add(readers[0]!)
      list.push(joined)
    }
  }
  return list
}

function joinMatMul(first: OnnxNode, second: OnnxNode, initializers: NamedArrays): OnnxNode | undefined {
  if (first.type !== 'MatMul' || second.type !== 'Add' || !initializers.has(first.inputs[1] ?? '')) return undefined
  const bias = second.inputs.find((value) => initializers.get(value)?.shape.length === 1)
  return bias === undefined
    ? undefined
    : { ...first, type: 'Gemm', inputs: [...first.inputs, bias], outputs: second.outputs }
}

/** PyTorch's average pooling: zeros around, then a mean that counts them. */
function joinPadding(first: OnnxNode, second: OnnxNode, initializers: NamedArrays): OnnxNode | undefined {
  if (first.type !== 'Pad' || second.type !== 'AveragePool' || first.inputs.slice(2).some((value) => value !== ''))
    return undefined
  const mode = first.attributes.get('mode')
  const pads = initializers.get(first.inputs[1] ?? '')
  if (pads === undefined || (mode?.kind === 'string' && mode.value !== 'constant')) return undefined
  const [n, c, top, left, nAfter, cAfter, bottom, right] = Array.from(pads.data as ArrayLike<bigint>, Number)
  if ([n, c, nAfter, cAfter].some((side) => side !== 0)) return undefined
  const own = second.attributes.get('pads')
  if (own?.kind === 'ints' && own.value.some((side) => side !== 0)) return undefined
  const attributes = new Map(second.attributes)
    .set('pads', { kind: 'ints', value: [top!, left!, bottom!, right!] })
    .set('count_include_pad', { kind: 'int', value: 1 })
  return { ...second, inputs: [first.inputs[0]!], attributes }
}

/** y = γ·(Wx + b − μ)/√(σ² + ε) + β is a convolution again. */
function foldNormalisation(first: OnnxNode, second: OnnxNode, initializers: NamedArrays): OnnxNode | undefined {
  if (first.type !== 'Conv' || second.type !== 'BatchNormalization') return undefined
  const [gamma, beta, mean, variance] = second.inputs.slice(1).map((name) => initializers.get(name))
  const weight = initializers.get(first.inputs[1] ?? '')
  if (!gamma || !beta || !mean || !variance || !weight) return undefined
  const attribute = second.attributes.get('epsilon')
  const epsilon = attribute?.kind === 'float' ? attribute.value : 1e-5
  const bias = initializers.get(first.inputs[2] ?? '')
  const [g, b, m, v, w] = [gamma, beta, mean, variance, weight].map(toFloat32) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const each = w.length / g.length
  const factors = Array.from(g, (scale, o) => scale / Math.sqrt(v[o]! + epsilon))
  const before = bias ? toFloat32(bias) : new Float32Array(g.length)
  const put = (name: string, shape: readonly number[], data: Float32Array): string => {
    initializers.set(name, { dtype: 'float32', shape, data } satisfies NamedArray)
    return name
  }
  const stem = first.inputs[1]!.replace(/\.weight$/, '')
  const folded = put(
    `${stem}.weight`,
    weight.shape,
    w.map((value, at) => value * factors[Math.floor(at / each)]!),
  )
  const shifted = put(
    `${stem}.bias`,
    [g.length],
    g.map((_, o) => (before[o]! - m[o]!) * factors[o]! + b[o]!),
  )
  return { ...first, inputs: [first.inputs[0]!, folded, shifted], outputs: second.outputs }
}
