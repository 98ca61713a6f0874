// A fully connected layer: every output is a weighted sum of all numbers of a row.
import { sizeOf } from '../engine/program.ts'
import { ShapeError } from '../errors.ts'
import type { NamedArray } from '../formats/arrays.ts'
import { fanIn, type Layer, layer } from './layer.ts'
import { alongAxis, type OnnxReading, type OnnxStep, scaled, transposed } from './onnx.ts'
import { count, flag } from './options.ts'

const definition = layer({
  name: 'linear',
  summary: 'Every output is a weighted sum of all numbers of a row.',
  options: { out: count('outputs'), bias: flag('a number added to each output', true) },
  output: (input, o) => {
    const isRows = input.length === 1 || input.length === 2
    if (!isRows)
      throw new ShapeError(
        `weighs the numbers of a row: it takes [features] or [rows, features], not [${input}]`,
        `view(-1, ${sizeOf(input)}) before it reads a sample as one row`,
      )
    return [...input.slice(0, -1), o.out]
  },
  parameters: (input, o) => ({
    weight: fanIn([o.out, input.at(-1)!]),
    ...(o.bias ? { bias: fanIn([o.out], input.at(-1)!) } : {}),
  }),
  equations: ({ length }, o) => {
    const row = length === 2 ? 't,' : ''
    return [...(o.bias ? [`y[${row}k] = bias[k]`] : []), `y[${row}k] += weight[k,i] * x[${row}i]`]
  },
  onnx: {
    write: ({ length }, o) => ({ steps: length === 2 ? ofRows(o.bias) : [ofOneRow(o.bias)] }),
    read: {
      Gemm: (node) => {
        node.only('transA', 0)
        const weight = scaled(matrix(node, node.number('transB', 0) === 0), node.number('alpha', 1))
        if (sizeOf(node.input) !== node.input.at(-1))
          node.refuse(`multiplies [batch,${node.input}]; one row for each sample is accepted`)
        const beta = node.number('beta', 1)
        const bias = node.has(2) ? { bias: scaled(addedBy(node, weight.shape[0]!), beta) } : undefined
        return {
          given: { out: weight.shape[0], ...(bias ? {} : { bias: false }) },
          parameters: { weight, ...bias },
          input: node.input.slice(-1),
          channels: 'last',
        }
      },
      MatMul: (node) => {
        const weight = matrix(node, true)
        const [out] = weight.shape
        const [features = 0, ...before] = node.input.toReversed()
        const isOneRow = sizeOf(before) === 1
        if (!isOneRow && before.length > 1)
          node.refuse(
            `multiplies the last axis of [batch,${node.input}]; one row, or one list of rows, for each sample is accepted`,
          )
        return {
          given: { out, bias: false },
          parameters: { weight },
          ...(isOneRow && { input: [features], output: [...before, out!] }),
          channels: 'last',
        }
      },
    },
  },
  examples: [
    { input: [7], options: { out: 5 } },
    { input: [4], options: { out: 3, bias: false } },
    { input: [6, 3], options: { out: 9 }, title: 'every row by itself' },
    { input: [5, 4], options: { out: 2, bias: false }, title: 'every row by itself, without bias' },
  ],
})

const ofOneRow = (bias: boolean): OnnxStep => ({
  op: 'Gemm',
  reads: ['x', 'weight', ...(bias ? ['bias'] : [])],
  attributes: { transB: 1 },
})

/** Gemm knows rows of samples alone. */
const ofRows = (bias: boolean): OnnxStep[] => [
  { op: 'Transpose', reads: ['weight'], writes: 'turned', attributes: { perm: [1, 0] } },
  { op: 'MatMul', reads: ['x', 'turned'], ...(bias && { writes: 'product' }) },
  ...(bias ? [{ op: 'Add', reads: ['product', 'bias'] }] : []),
]

/** The weights of a product, a row for each output. */
function matrix(node: OnnxReading, isTurned: boolean): NamedArray {
  const weight = node.array(1)
  if (weight.shape.length !== 2) node.refuse(`multiplies with [${weight.shape}]; two axes are accepted`)
  return isTurned ? transposed(weight) : weight
}

function addedBy(node: OnnxReading, outputs: number): NamedArray {
  const added = node.array(2)
  return (
    alongAxis(added, { rank: 2, axis: 1, extent: outputs }) ??
    node.refuse(`adds [${added.shape}]; one number for each of ${outputs} outputs is accepted`)
  )
}

/**
 * A fully connected layer, as in PyTorch's `nn.Linear`: `linear(120)`. It weighs the last axis of its input: [features] gives
 * [out], and [rows, features] gives [rows, out], each row with the same weights.
 * @throws ShapeError for feature maps; `view(-1, n)` before it reads them as one row.
 */
export const linear = Object.assign(
  (options: number | { readonly out: number; readonly bias?: boolean }): Layer =>
    definition(typeof options === 'number' ? { out: options } : options),
  { definition: definition.definition },
)
