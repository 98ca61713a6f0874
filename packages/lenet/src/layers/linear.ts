// A fully connected layer: every output is a weighted sum of all inputs.
import { sizeOf } from '../engine/program.ts'
import { fanIn, flattened, type Layer, layer } from './layer.ts'
import { type OnnxStep, transposed } from './onnx.ts'
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
        if (node.number('transA', 0) !== 0 || node.number('alpha', 1) !== 1 || node.number('beta', 1) !== 1)
          node.refuse('has transA, alpha or beta; 0, 1 and 1 are accepted')
        const weight = node.number('transB', 0) === 1 ? node.array(1) : transposed(node.array(1))
        return {
          given: { out: weight.shape[0], ...(node.has(2) ? {} : { bias: false }) },
          parameters: { weight, ...(node.has(2) ? { bias: node.array(2) } : {}) },
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

/** A fully connected layer, as in PyTorch's `nn.Linear`: `linear(120)`. Its input may have any shape. */
export const linear = Object.assign(
  (options: number | { readonly out: number; readonly bias?: boolean }): Layer =>
    definition(typeof options === 'number' ? { out: options } : options),
  { definition: definition.definition },
)
