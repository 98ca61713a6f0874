import { expect, test } from 'vitest'
import { floats } from '../layers/onnx.ts'
import { fileOf, nodeOf, scoresOf, weightsOf } from '../testing/onnx-file.ts'
import { importOnnx } from './onnx-import.ts'

const CONV = { pads: [1, 1, 1, 1] }
const given = {
  w: weightsOf(2, 2, 3, 3),
  b: weightsOf(2),
  gamma: floats([2], 1.5, -2),
  beta: floats([2], 0.1, 0.2),
  mean: floats([2], 0.3, -0.4),
  variance: floats([2], 4, 0.25),
}
const normalise = (x: string, y: string, attributes = {}) =>
  nodeOf('BatchNormalization', `${x} gamma beta mean variance`, y, attributes)
const read = (nodes: Parameters<typeof fileOf>[1], more = {}) =>
  importOnnx(fileOf([2, 4, 4], nodes, { ...given, ...more }), 'x')

/** What a batch normalisation makes of a convolution's scores. */
const normalised = (scores: Float32Array): number[] =>
  Array.from(scores, (value, at) => {
    const o = Math.floor(at / 16)
    const of = (name: 'gamma' | 'beta' | 'mean' | 'variance') => (given[name].data as Float32Array)[o]!
    return (of('gamma') * (value - of('mean'))) / Math.sqrt(of('variance') + 1e-5) + of('beta')
  })
const expectClose = (scores: Float32Array, wanted: readonly number[]) => {
  for (const [at, score] of scores.entries()) expect(score).toBeCloseTo(wanted[at]!, 5)
}

test('a batch normalisation goes into the convolution before it, and no other that reads the same weights', () => {
  const conv = (x: string, y: string) => nodeOf('Conv', `${x} w b`, y, CONV)
  expectClose(scoresOf(read([conv('x', 'c'), normalise('c', 'y')])), normalised(scoresOf(read([conv('x', 'y')]))))
  const twice = read([conv('x', 'c'), nodeOf('Tanh', 'c', 't'), conv('t', 'd'), normalise('d', 'y')])
  expectClose(scoresOf(twice), normalised(scoresOf(read([conv('x', 'c'), nodeOf('Tanh', 'c', 't'), conv('t', 'y')]))))
  const first = read([conv('x', 'c'), normalise('c', 'n'), conv('n', 'y')])
  const hidden = Float32Array.from(normalised(scoresOf(read([conv('x', 'y')]))))
  expectClose(scoresOf(first), [...scoresOf(read([conv('x', 'y')]), hidden)])
})

test('a bias that a normalisation makes takes no name that the file uses', () => {
  const shared = { 'c.weight': given.w, 'c.bias': given.b }
  const nodes = [
    nodeOf('Conv', 'x c.weight', 'c', CONV),
    nodeOf('BatchNormalization', 'c gamma c.bias mean variance', 'n'),
    nodeOf('Conv', 'n w c.bias', 'y', CONV),
  ]
  const apart = [nodes[0]!, { ...nodes[1]!, inputs: ['c', 'gamma', 'beta2', 'mean', 'variance'] }, nodes[2]!]
  expect(scoresOf(read(nodes, shared))).toEqual(scoresOf(read(apart, { ...shared, beta2: given.b })))
})

test('a convolution that somebody else reads as well is not changed by a normalisation behind it', () => {
  const conv = nodeOf('Conv', 'x w b', 'c', CONV)
  const message = "node BatchNormalization 'n' normalises what is no output of a Conv or Gemm of its own"
  expect(() => read([conv, normalise('c', 'n'), nodeOf('Add', 'c n', 'y')])).toThrow(message)
  const renamed = nodeOf('Identity', 'c', 'i')
  expect(() => read([conv, renamed, normalise('i', 'n'), nodeOf('Add', 'c n', 'y')])).toThrow(message)
  expect(() => read([nodeOf('Relu', 'x', 'r'), normalise('r', 'n'), nodeOf('Relu', 'n', 'y')])).toThrow(message)
})

test('what trains while it predicts is refused, what does nothing then is passed over', () => {
  const conv = nodeOf('Conv', 'x w b', 'c', CONV)
  expect(() => read([conv, normalise('c', 'y', { training_mode: 1 })])).toThrow('has training_mode 1; 0 is accepted')
  expect(() => read([conv, normalise('c', 'y', { spatial: 0 })])).toThrow('has spatial 0; 1 is accepted')
  const plain = scoresOf(read([nodeOf('Conv', 'x w b', 'y', CONV)]))
  const drop = (inputs: string) => [conv, nodeOf('Dropout', inputs, 'y mask', { seed: 3 })]
  const flag = (on: number) => ({ ratio: floats([], 0.5), on: { dtype: 'bool', shape: [], data: Uint8Array.of(on) } })
  expect(scoresOf(read(drop('c')))).toEqual(plain)
  expect(scoresOf(read(drop('c ratio'), flag(0)))).toEqual(plain)
  expect(scoresOf(read(drop('c ratio on'), flag(0)))).toEqual(plain)
  expect(() => read(drop('c ratio on'), flag(1))).toThrow("node Dropout 'y' has training_mode")
  expect(scoresOf(read([conv, nodeOf('Cast', 'c', 'y', { to: 11 })]))).toEqual(plain)
  expect(() => read([conv, nodeOf('Cast', 'c', 'y', { to: 7 })])).toThrow('casts to type 7; 1 and 11 are accepted')
})

test.each<[string, ReturnType<typeof floats>]>([
  ['[5]', floats([5], 1, 2, 3, 4, 5)],
  ['[1,5]', floats([1, 5], 1, 2, 3, 4, 5)],
  ['[1]', floats([1], 7)],
  ['[]', floats([], 7)],
])('a product and a sum with a bias of %s are one layer', (_, bias) => {
  const weights = { w: weightsOf(3, 5), bias }
  const file = (nodes: Parameters<typeof fileOf>[1]) => importOnnx(fileOf([3], nodes, weights), 'x')
  const product = scoresOf(file([nodeOf('MatMul', 'x w', 'y')]))
  for (const inputs of ['m bias', 'bias m']) {
    const read = file([nodeOf('MatMul', 'x w', 'm'), nodeOf('Add', inputs, 'y')])
    expect(read.net.entries).toHaveLength(1)
    expectClose(
      scoresOf(read),
      Array.from(product, (value, at) => value + Number(bias.data[at] ?? bias.data[0])),
    )
  }
})

test('a sum with a constant that is no bias is refused', () => {
  const conv = nodeOf('Conv', 'x w b', 'c', CONV)
  const plane = { p: weightsOf(4, 4), row: weightsOf(2) }
  expect(() => read([conv, nodeOf('Add', 'c p', 'y')], plane)).toThrow(
    "node Add 'y' adds a constant [4,4] to [batch,2,4,4]",
  )
  expect(() => read([conv, nodeOf('Add', 'c row', 'y')], plane)).toThrow('adds a constant [2]')
  expect(() => read([nodeOf('Relu', 'x', 'r'), nodeOf('Add', 'r b', 'y')])).toThrow('adds a constant [2]')
})

test('a constant is one value', () => {
  const biased = (constant: Parameters<typeof nodeOf>[3]) => [
    nodeOf('Conv', 'x w', 'c', CONV),
    nodeOf('Constant', '', 'k', constant),
    nodeOf('Add', 'c k', 'y'),
  ]
  const value = floats([2, 1, 1], 0.5, 0.25)
  expect([...read(biased({ value })).weights.get('conv1.bias')!]).toEqual([0.5, 0.25])
  expect(() => read(biased({ value, value_float: 1.5 }))).toThrow("node Constant 'k' holds several values")
})
