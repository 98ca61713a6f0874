// Shapes that a graph computes from the shape of its input, as `x.view(x.size(0), -1)` is written with an open batch.
import { expect, test } from 'vitest'
import { integers } from '../layers/onnx.ts'
import { fileOf, nodeOf, scoresOf, weightsOf } from '../testing/onnx-file.ts'
import { importOnnx } from './onnx-import.ts'

const scalar = (value: number) => ({ ...integers(value), shape: [] })
const given = {
  zero: scalar(0),
  one: scalar(1),
  list0: integers(0),
  list1: integers(1),
  rest: integers(-1),
  end: integers(2 ** 40),
  pairs: integers(0, 2),
  back: integers(-1),
  column: integers(-1, 1),
  w: weightsOf(3, 8),
}
const shapeOf = (nodes: Parameters<typeof fileOf>[1]) => {
  const file = fileOf([2, 2, 2], [...nodes, nodeOf('Reshape', 'x shape', 'y')], given)
  return importOnnx(file, 'x').net.entries.at(-1)!.output
}
const take = (index: string, out: string) => [
  nodeOf('Gather', `s ${index}`, `${out}0`),
  nodeOf('Unsqueeze', `${out}0`, out, { axes: [0] }),
]

test.each([
  [
    'x.view(x.size(0), -1)',
    [8],
    [nodeOf('Shape', 'x', 's'), ...take('zero', 'n'), nodeOf('Concat', 'n rest', 'shape', { axis: 0 })],
  ],
  [
    'axes as an input',
    [8],
    [
      nodeOf('Shape', 'x', 's'),
      nodeOf('Gather', 's zero', 'n0', { axis: 0 }),
      nodeOf('Unsqueeze', 'n0 list0', 'n'),
      nodeOf('Concat', 'n rest', 'shape', { axis: 0 }),
    ],
  ],
  [
    'a scalar constant, cast and squeezed',
    [8],
    [
      nodeOf('Shape', 'x', 's', { start: 0, end: 1 }),
      nodeOf('Squeeze', 's', 'n0', { axes: [0] }),
      nodeOf('Cast', 'n0', 'n1', { to: 7 }),
      nodeOf('Constant', '', 'axes', { value_ints: [0] }),
      nodeOf('Unsqueeze', 'n1 axes', 'n'),
      nodeOf('Concat', 'n rest', 'shape', { axis: 0 }),
    ],
  ],
  [
    'x.view(x.size(0), x.size(1) * 2, 2)',
    [4, 2],
    [
      nodeOf('Shape', 'x', 's'),
      ...take('zero', 'n'),
      nodeOf('Gather', 's one', 'c0'),
      nodeOf('Constant', '', 'two', { value_int: 2 }),
      nodeOf('Mul', 'c0 two', 'c1'),
      nodeOf('Unsqueeze', 'c1 list0', 'c'),
      nodeOf('Constant', '', 'last', { value_ints: [2] }),
      nodeOf('Concat', 'n c last', 'shape', { axis: 0 }),
    ],
  ],
  [
    'x.flatten(1), cut from the shape',
    [8],
    [
      nodeOf('Shape', 'x', 's'),
      nodeOf('Slice', 's list0 list1 list0', 'n'),
      nodeOf('Concat', 'n rest', 'shape', { axis: 0 }),
    ],
  ],
] as [string, number[], Parameters<typeof fileOf>[1]][])(
  'a shape that the graph computes is known: %s',
  (_, output, nodes) => {
    // Unsqueeze, Squeeze take their axes as attributes before version 13; both forms are read in every version.
    expect(shapeOf(nodes)).toEqual(output)
  },
)

test('lists are turned round, reshaped and transposed as PyTorch does for its padding', () => {
  const nodes = [
    nodeOf('Constant', '', 'given', { value_ints: [1, 1, 2, 2] }),
    nodeOf('ConstantOfShape', 'four', 'zeros', { value: integers(0) }),
    nodeOf('Concat', 'given zeros', 'all', { axis: 0 }),
    nodeOf('Reshape', 'all column2', 'rows'),
    nodeOf('Slice', 'rows back ends list0 back', 'turned'),
    nodeOf('Transpose', 'turned', 'columns', { perm: [1, 0] }),
    nodeOf('Reshape', 'columns rest', 'flat'),
    nodeOf('Cast', 'flat', 'pads', { to: 7 }),
    nodeOf('Pad', 'x pads', 'z', { mode: 'constant' }),
    nodeOf('Conv', 'z w', 'y'),
  ]
  const weights = {
    four: integers(4),
    column2: integers(-1, 2),
    back: integers(-1),
    rest: integers(-1),
    ends: integers(-(2 ** 40)),
    list0: integers(0),
    w: weightsOf(1, 1, 3, 3),
  }
  const direct = [nodeOf('Conv', 'x w', 'y', { pads: [2, 1, 2, 1] })]
  expect(scoresOf(importOnnx(fileOf([1, 4, 4], nodes, weights), 'x'))).toEqual(
    scoresOf(importOnnx(fileOf([1, 4, 4], direct, weights), 'x')),
  )
})

test.each([
  [
    'mixes samples',
    "Reshape 'y' reshapes [batch,2,2,2] to [-1,4], which does not keep samples apart",
    [nodeOf('Constant', '', 'shape', { value_ints: [-1, 4] })],
  ],
  ['fixes the batch', 'to [3,8], which does not', [nodeOf('Constant', '', 'shape', { value_ints: [3, 8] })]],
  [
    'leaves two extents open',
    'to [-1,-1], which does not',
    [nodeOf('Constant', '', 'shape', { value_ints: [-1, -1] })],
  ],
  [
    'puts the batch behind',
    'to [-1,batch], which',
    [nodeOf('Shape', 'x', 's'), ...take('zero', 'n'), nodeOf('Concat', 'rest n', 'shape', { axis: 0 })],
  ],
  [
    'multiplies with the batch',
    "Mul 'shape' computes with the size of the batch",
    [
      nodeOf('Shape', 'x', 's'),
      nodeOf('Mul', 's pair', 'shape'),
      nodeOf('Constant', '', 'pair', { value_int: 2 }),
    ].sort((a) => (a.type === 'Constant' ? -1 : 0)),
  ],
  [
    'takes a part that is not there',
    "Gather 'shape' takes part 7 of 4",
    [nodeOf('Shape', 'x', 's'), nodeOf('Constant', '', 'i', { value_ints: [7] }), nodeOf('Gather', 's i', 'shape')],
  ],
  [
    'gathers what a layer gives',
    "Gather 'shape' computes with what a layer gives",
    [nodeOf('Gather', 'x zero', 'shape')],
  ],
  [
    'grows without end',
    "Concat 'shape' gives 2048 numbers; up to 1024 are read",
    Array.from({ length: 10 }, (_, at) =>
      nodeOf(
        'Concat',
        Array(2)
          .fill(at === 0 ? 'pairs' : `c${at}`)
          .join(' '),
        at === 9 ? 'shape' : `c${at + 1}`,
        { axis: 0 },
      ),
    ),
  ],
] as [string, string, Parameters<typeof fileOf>[1]][])('a shape that %s is refused', (_, message, nodes) => {
  expect(() => shapeOf(nodes)).toThrow(message)
})

test('a file that is written for a fixed number of samples may name it in a shape', () => {
  const file = (target: number[]) =>
    fileOf(
      [2, 2, 2],
      [nodeOf('Reshape', 'x shape', 'y')],
      { shape: integers(...target) },
      { inputs: [{ name: 'x', dtype: 'float32', shape: [3, 2, 2, 2] }] },
    )
  expect(importOnnx(file([3, 8]), 'x').net.entries[0]!.output).toEqual([8])
  expect(() => importOnnx(file([1, 8]), 'x')).toThrow('to [1,8], which does not keep samples apart')
})
