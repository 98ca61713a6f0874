// A fully connected layer: every output is a weighted sum of all inputs.
import { sizeOf } from '../engine/program.ts'
import type { NamedArray } from '../formats/arrays.ts'
import { fanIn, flattened, type Layer, layer } from './layer.ts'
import { alongAxis, type OnnxReading, type OnnxStep, scaled, transposed } from './onnx.ts'
import { count, flag } from './options.ts'

const definition = layer({
  name: 'linear',
  summary: 'Every output is a weighted sum of all inputs.',
  options: { out: count('outputs'), bias: flag('a number added to each output', true) },
  output: (_, o) => [o.out],
  parameters: (input, o) => ({
    weight: fanIn([o.out, sizeOf(input)]),
    ...(o.bias ? { bias: fanIn([o.out], sizeOf(input)) } : {}),
  }),
  equations: (input, o) => {
    const { equations, name } = flattened(input)
    return [...equations, ...(o.bias ? ['y[k] = bias[k]'] : []), `y[k] += weight[k,i] * ${name}[i]`]
  },
  onnx: {
    write: (input, o) => {
      const gemm = (row: string): OnnxStep => ({
        op: 'Gemm',
        reads: [row, 'weight', ...(o.bias ? ['bias'] : [])],
        attributes: { transB: 1 },
      })
      const flatten: OnnxStep = { op: 'Flatten', reads: ['x'], writes: 'flat', attributes: { axis: 1 } }
      return { steps: input.length > 1 ? [flatten, gemm('flat')] : [gemm('x')] }
    },
    read: {
      Gemm: (node) => {
        node.only('transA', 0)
        const weight = scaled(matrix(node, node.number('transB', 0) === 0), node.number('alpha', 1))
        const beta = node.number('beta', 1)
        const bias = node.has(2) ? { bias: scaled(addedBy(node, weight.shape[0]!), beta) } : undefined
        return {
          given: { out: weight.shape[0], ...(bias ? {} : { bias: false }) },
          parameters: { weight, ...bias },
          channels: true,
        }
      },
      MatMul: (node) => {
        const weight = matrix(node, true)
        const [out] = weight.shape
        return {
          given: { out, bias: false },
          parameters: { weight },
          output: [...node.input.slice(0, -1), out!],
          channels: true,
        }
      },
    },
  },
  examples: [
    { input: [7], options: { out: 5 } },
    { input: [2, 3, 3], options: { out: 9 }, title: 'reads feature maps as one row' },
    { input: [4], options: { out: 3, bias: false } },
  ],
})

/** The weights of a product, a row for each output; the input must be one row for each sample. */
function matrix(node: OnnxReading, isTurned: boolean): NamedArray {
  const weight = node.array(1)
  if (weight.shape.length !== 2) node.refuse(`multiplies with [${weight.shape}]; two axes are accepted`)
  if (node.input.slice(0, -1).some((extent) => extent !== 1))
    node.refuse(`multiplies the last axis of [batch,${node.input}]; one row for each sample is accepted`)
  return isTurned ? transposed(weight) : weight
}

function addedBy(node: OnnxReading, outputs: number): NamedArray {
  const added = node.array(2)
  return (
    alongAxis(added, { rank: 2, axis: 1, extent: outputs }) ??
    node.refuse(`adds [${added.shape}]; one number for each of ${outputs} outputs is accepted`)
  )
}

/** A fully connected layer, as in PyTorch's `nn.Linear`: `linear(120)`. Its input may have any shape. */
export const linear = Object.assign(
  (options: number | { readonly out: number; readonly bias?: boolean }): Layer =>
    definition(typeof options === 'number' ? { out: options } : options),
  { definition: definition.definition },
)
