import { expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import type { OnnxModel } from '../formats/onnx.ts'
import { floats, integers } from '../layers/onnx.ts'
import { fileOf, nodeOf, scoresOf, weightsOf } from '../testing/onnx-file.ts'
import { importOnnx } from './onnx-import.ts'

const weights = {
  'a.weight': weightsOf(2, 1, 3, 3),
  'a.bias': weightsOf(2),
  'f.weight': weightsOf(3, 8),
  'f.bias': weightsOf(3),
}
/** Conv, Relu, Flatten, Gemm on [1, 4, 4]; what is given takes the place of the node of that name. */
const chain = (
  changed: Readonly<Record<string, object>> = {},
  more: Partial<OnnxModel> = {},
  other: object = weights,
) =>
  fileOf(
    [1, 4, 4],
    [
      { ...nodeOf('Conv', 'x a.weight a.bias', 'c'), ...changed.Conv },
      { ...nodeOf('Relu', 'c', 'r'), ...changed.Relu },
      { ...nodeOf('Flatten', 'r', 'l', { axis: 1 }), ...changed.Flatten },
      { ...nodeOf('Gemm', 'l f.weight f.bias', 'y', { transB: 1 }), ...changed.Gemm },
    ],
    other as typeof weights,
    more,
  )
const attributes = (type: string, given: Parameters<typeof nodeOf>[3]) => ({
  [type]: { attributes: nodeOf(type, '', '', given).attributes },
})
const value = (name: string) => ({ name, dtype: 'float32', shape: ['n', 1, 4, 4] }) as const

test.each<[string, Uint8Array]>([
  ["node Relu 'r' has an attribute 'slope', which no layer reads", chain(attributes('Relu', { slope: 2 }))],
  ["node Conv 'c' has weights [2,1,3,3] for 1 channels in 2 groups", chain(attributes('Conv', { group: 2 }))],
  ["node Conv 'c' has a window that is not two-dimensional", chain(attributes('Conv', { dilations: [2] }))],
  ["node Conv 'c' has an attribute 'strides' that is not a list of whole", chain(attributes('Conv', { strides: 2 }))],
  ["node Gemm 'y' has transA 1; 0 is accepted", chain(attributes('Gemm', { transA: 1, transB: 1 }))],
  ["node Relu 'r' is of the domain 'com.acme'; the standard one is read", chain({ Relu: { domain: 'com.acme' } })],
  ["node Identity 'r' is of the domain 'com.acme'", chain({ Relu: { type: 'Identity', domain: 'com.acme' } })],
  ["node Dropout 'r' is of the domain 'com.acme'", chain({ Relu: { type: 'Dropout', domain: 'com.acme' } })],
  ["node Relu 'r' has an input 2, 'a.bias', which no layer reads", chain({ Relu: { inputs: ['c', 'a.bias'] } })],
  ["node Conv 'c' computes its input 'x'; a constant is accepted", chain({ Conv: { inputs: ['x', 'x'] } })],
  ["node Relu 'r' reads 'z', which is not there", chain({ Relu: { inputs: ['z'] } })],
  ["node Relu 'r' reads 'a.bias', which is no output of a layer", chain({ Relu: { inputs: ['a.bias'] } })],
  ["node Transpose 'r' computes with what a layer gives; shapes and", chain({ Relu: { type: 'Transpose' } })],
  ["node constructor 'r' is not one that a layer reads; there is Conv", chain({ Relu: { type: 'constructor' } })],
  ["node Softmax 'r' is refused: takes [classes], not [2,2,2]", chain({ Relu: { type: 'Softmax' } })],
  ["value 'c' is given twice", chain({ Relu: { outputs: ['c'] } })],
  ["is written in version 6 of ONNX's operators; 7 to 24 are read", chain({}, { opset: 6 })],
  ["is written in version 99 of ONNX's operators", chain({}, { opset: 99 })],
  [
    'has 2 outputs (y, r); one is accepted',
    chain({}, { outputs: ['y', 'r'].map((name) => ({ name, dtype: 'float32' })) }),
  ],
  ['has 2 inputs (x, z); one is accepted', chain({}, { inputs: [value('x'), value('z')] })],
  ["its output 'x' is not what a layer gives", chain({}, { outputs: [value('x')] })],
  ["its output 'y' is [n,1,4,4] but its nodes give [batch,3]", chain({}, { outputs: [value('y')] })],
  ['model: its input is [1,1024,1024,1024]', fileOf([1, 1024, 1024, 1024], [nodeOf('Relu', 'x', 'y')])],
  ["its input 'x' is uint8; float32", chain({}, { inputs: [{ ...value('x'), dtype: 'uint8' }] })],
  [
    "node Conv 'c' has weights [2,5,3,3] for 1 channels in 1 groups",
    chain({}, {}, { ...weights, 'a.weight': weightsOf(2, 5, 3, 3) }),
  ],
  ["tensor 'a.bias' is [1] but the model wants [2]", chain({}, {}, { ...weights, 'a.bias': weightsOf(1) })],
  [
    "tensor 'f.weight' is [3,100] but the model wants [3,8]",
    chain({}, {}, { ...weights, 'f.weight': weightsOf(3, 100) }),
  ],
  ["node Gemm 'y' multiplies with [8]; two axes", chain({}, {}, { ...weights, 'f.weight': weightsOf(8) })],
  ["node Gemm 'y' adds [2,3]; one number for each of 3", chain({}, {}, { ...weights, 'f.bias': weightsOf(2, 3) })],
  ["node Conv 'c' has 'a.bias' of whole numbers", chain({}, {}, { ...weights, 'a.bias': integers(1, 2) })],
])('what is not read is refused by its name: %s', (message, bytes) => {
  expect(() => importOnnx(bytes, 'x.onnx')).toThrow(FormatError)
  expect(() => importOnnx(bytes, 'x.onnx')).toThrow(`x.onnx: ${message.replace(/^value/, 'its value')}`)
})

test('attributes that say what is so anyway are read, and nodes that the output does not need are left out', () => {
  const plain = importOnnx(chain(), 'x')
  const said = {
    ...attributes('Conv', {
      auto_pad: 'NOTSET',
      dilations: [1, 1],
      group: 1,
      kernel_shape: [3, 3],
      pads: [0, 0, 0, 0],
      strides: [1, 1],
    }),
    ...attributes('Gemm', { alpha: 1, beta: 1, transA: 0, transB: 1 }),
  }
  expect(scoresOf(importOnnx(chain(said), 'x'))).toEqual(scoresOf(plain))
  const unread = fileOf([1, 4, 4], [nodeOf('Conv', 'x a.weight a.bias', 'y'), nodeOf('LSTM', 'y', 'z')], weights)
  expect(importOnnx(unread, 'x').net.entries.map(({ name }) => name)).toEqual(['a'])
})

test('a product on the last axis of feature maps is refused, one on rows is read', () => {
  const nodes = [nodeOf('MatMul', 'x w', 'y')]
  expect(() => importOnnx(fileOf([3, 8, 8], nodes, { w: weightsOf(8, 4) }), 'x')).toThrow(
    "x: node MatMul 'y' multiplies the last axis of [batch,3,8,8]; one row, or one list of rows, for each sample is accepted",
  )
  const row = importOnnx(fileOf([1, 1, 8], nodes, { w: weightsOf(8, 4) }), 'x')
  expect(row.net.entries.at(-1)!.output).toEqual([4])
  const rows = importOnnx(fileOf([3, 8], nodes, { w: weightsOf(8, 4) }), 'x')
  expect(rows.net.entries.at(-1)!.output).toEqual([3, 4])
  expect(() => importOnnx(fileOf([3, 8], [nodeOf('Gemm', 'x w', 'y')], { w: weightsOf(8, 4) }), 'x')).toThrow(
    "x: node Gemm 'y' multiplies [batch,3,8]; one row for each sample is accepted",
  )
})

test('alpha, beta, transB and biases that are broadcast mean what ONNX says', () => {
  const [w, x] = [floats([2, 3], 1, 2, 3, 4, 5, 6), Float32Array.of(1, -1, 2)]
  const turned = floats([3, 2], 1, 4, 2, 5, 3, 6)
  const scores = (bias: Parameters<typeof floats>, given: object, weight = w) => [
    ...scoresOf(
      importOnnx(
        fileOf([3], [nodeOf('Gemm', 'x w b', 'y', given as { transB: number })], { w: weight, b: floats(...bias) }),
        'x',
      ),
      x,
    ),
  ]
  expect(scores([[2], 10, 20], { transB: 1 })).toEqual([15, 31])
  expect(scores([[2], 10, 20], {}, turned)).toEqual([15, 31])
  expect(scores([[1], 10], { transB: 1 })).toEqual([15, 21])
  expect(scores([[], 10], { transB: 1 })).toEqual([15, 21])
  expect(scores([[1, 2], 10, 20], { transB: 1 })).toEqual([15, 31])
  expect(scores([[1, 1], 10], { transB: 1 })).toEqual([15, 21])
  expect(scores([[2], 10, 20], { transB: 1, alpha: 2, beta: 0.5 })).toEqual([15, 32])
  const half = {
    dtype: 'float16',
    shape: [3, 2],
    data: Uint16Array.of(0x3c00, 0x4400, 0x4000, 0x4500, 0x4200, 0x4600),
  } as const
  expect(scores([[2], 10, 20], {}, half as never)).toEqual([15, 31])
})

test('one weight that two layers read stays the same for both', () => {
  const tied = { w: weightsOf(2, 2, 3, 3), b: weightsOf(2) }
  const of = (again: string, more = {}) =>
    fileOf(
      [2, 4, 4],
      [
        nodeOf('Conv', 'x w b', 'c', { pads: [1, 1, 1, 1] }),
        nodeOf('Tanh', 'c', 't'),
        nodeOf('Conv', `t ${again}`, 'y', { pads: [1, 1, 1, 1] }),
      ],
      { ...tied, ...more },
    )
  const copied = of('w2 b2', { w2: tied.w, b2: tied.b })
  expect(scoresOf(importOnnx(of('w b'), 'x'))).toEqual(scoresOf(importOnnx(copied, 'x')))
})

test('an initializer is read through Identity, as exporters share equal ones', () => {
  const nodes = [nodeOf('Identity', 'b', 'b2'), nodeOf('Conv', 'x w b', 'c'), nodeOf('Conv', 'c w2 b2', 'y')]
  const shared = { w: weightsOf(2, 1, 3, 3), w2: weightsOf(2, 2, 2, 2), b: weightsOf(2) }
  const copied = fileOf([1, 4, 4], nodes.slice(1), { ...shared, b2: shared.b })
  expect(scoresOf(importOnnx(fileOf([1, 4, 4], nodes, shared), 'x'))).toEqual(scoresOf(importOnnx(copied, 'x')))
})

test('modules get names that entries may have: input is taken, a name twice gets a number', () => {
  const names = (nodes: Parameters<typeof fileOf>[1], more: object) =>
    importOnnx(fileOf([1, 9, 9], nodes, more as typeof weights), 'x').net.entries.map(({ name }) => name)
  const weight = weightsOf(1, 1, 3, 3)
  const convs = ['input.weight', 'scores.weight', 'scores.weight', 'a.b.weight'].map((name, at) =>
    nodeOf('Conv', `${at === 0 ? 'x' : `v${at}`} ${name}`, at === 3 ? 'y' : `v${at + 1}`),
  )
  const given = { 'input.weight': weight, 'scores.weight': weight, 'a.b.weight': weight }
  expect(names(convs, given)).toEqual(['input_', 'scores', 'conv1', 'a_b'])
})

test('shapes whose axes of 1 are dropped and made again are followed, so that a layer reads what ONNX gives it', () => {
  const nodes = [nodeOf('GlobalAveragePool', 'x', 'm'), nodeOf('Conv', 'm w', 'c'), nodeOf('Flatten', 'c', 'y')]
  const read = importOnnx(fileOf([2, 2, 2], nodes, { w: floats([2, 2, 1, 1], 1, 2, 3, 4) }), 'x')
  expect([...scoresOf(read, Float32Array.of(1, 1, 3, 3, 0, 0, 0, 4))]).toEqual([4, 10])
})

test.each([
  ['keepdims', nodeOf('ReduceMean', 'x', 'm', { axes: [2, 3], keepdims: 0 })],
  ['axes from behind', nodeOf('ReduceMean', 'x', 'm', { axes: [-1, -2] })],
  ['axes as an input', nodeOf('ReduceMean', 'x axes', 'm', { keepdims: 0 })],
])('a mean over rows and columns is global average pooling (%s)', (_, node) => {
  const nodes = [node, nodeOf('Flatten', 'm', 'l'), nodeOf('Gemm', 'l w', 'y')]
  const read = importOnnx(fileOf([2, 2, 2], nodes, { w: floats([2, 1], 1, 10), axes: integers(2, 3) }), 'x')
  expect([...scoresOf(read, Float32Array.of(1, 1, 3, 3, 0, 0, 0, 4))]).toEqual([12])
})

test('means and sums that are other than those are refused', () => {
  const refused =
    (nodes: Parameters<typeof fileOf>[1], given = {}) =>
    () =>
      importOnnx(fileOf([2, 2, 2], nodes, given), 'x')
  expect(refused([nodeOf('ReduceMean', 'x', 'y', { axes: [1] })])).toThrow('takes the mean of [batch,2,2,2] along [1]')
  expect(refused([nodeOf('ReduceMean', 'x', 'y')])).toThrow('along []')
  const sum = [nodeOf('ReduceMean', 'x', 'm', { axes: [2, 3] }), nodeOf('Add', 'm x', 'y')]
  expect(refused(sum)).toThrow(/node Add 'y' is refused: adds \[2,2,2\] to \[2,1,1\]; equal shapes are accepted/)
})

test('the cost is that of the nodes, not of their square', () => {
  const length = 5000
  const nodes = Array.from({ length }, (_, at) =>
    nodeOf('Relu', at === 0 ? 'x' : `r${at}`, at === length - 1 ? 'y' : `r${at + 1}`),
  )
  expect(importOnnx(fileOf([4], nodes), 'x').net.entries).toHaveLength(length)
})

test('a small file whose layers share one weight a thousand times does not fill the memory', () => {
  const length = 1000
  const nodes = Array.from({ length }, (_, at) =>
    nodeOf('Gemm', `${at === 0 ? 'x' : `r${at}`} w`, at === length - 1 ? 'y' : `r${at + 1}`),
  )
  expect(() => importOnnx(fileOf([200], nodes, { w: weightsOf(200, 200) }), 'x')).toThrow(
    'reads weights that other nodes read too often',
  )
})
