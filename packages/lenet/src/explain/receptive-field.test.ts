// What a unit sees is found along every path, and in the order of none.
import { expect, test } from 'vitest'
import { add, avgPool2d, conv2d, globalAvgPool2d, linear, maxPool2d, relu, subsample } from '../layers/index.ts'
import { from, layer } from '../layers/layer.ts'
import { model } from '../model/model.ts'
import { modelNamed } from '../model/zoo/index.ts'
import { summarise } from './summarise.ts'

const lastOf = (net: Parameters<typeof summarise>[0]) => {
  const { receptiveField, jump } = summarise(net).layers.at(-1)!
  return { receptiveField, jump }
}
const same = (kernel: number) => conv2d({ out: 2, kernel, padding: (kernel - 1) / 2 })

test('LeNet sees what it is known to see', () => {
  const { layers } = summarise(modelNamed('lenet', { channels: 1 }))
  const seen = layers.map(({ name, receptiveField, jump }) => [name, receptiveField?.[0], jump?.[0]])
  expect(seen).toContainEqual(['conv1', 5, 1])
  expect(seen).toContainEqual(['pool1', 6, 2])
  expect(seen).toContainEqual(['conv2', 14, 2])
  expect(seen).toContainEqual(['pool2', 16, 4])
})

test.each([[['conv3', 'conv1']], [['conv1', 'conv3']]])('a sum of %j sees what either sees', (order) => {
  const net = model([1, 12, 12], { conv1: same(3), conv2: same(3), conv3: same(3), sum: from(order, add()) })
  expect(lastOf(net)).toEqual({ receptiveField: [7, 7], jump: [1, 1] })
})

test('a wide window and a high one make one that holds both', () => {
  const net = model([1, 12, 12], {
    conv: same(3),
    wide: from(['conv'], conv2d({ out: 2, kernel: [1, 3], padding: [0, 1] })),
    high: from(['conv'], conv2d({ out: 2, kernel: [3, 1], padding: [1, 0] })),
    sum: from(['wide', 'high'], add()),
  })
  expect(lastOf(net)).toEqual({ receptiveField: [5, 5], jump: [1, 1] })
})

test('strides multiply, also where an equation stands between', () => {
  const net = model([1, 16, 16], {
    conv: conv2d({ out: 2, kernel: 3, stride: 2, padding: 1 }),
    act: relu(),
    pool: maxPool2d({ kernel: 3, stride: 2, padding: 1 }),
    sub: subsample(2),
  })
  expect(lastOf(net)).toEqual({ receptiveField: [11, 11], jump: [8, 8] })
})

test('paths with unequal strides have no common window, and none is given', () => {
  const net = model([1, 8, 8], {
    conv: conv2d({ out: 1, kernel: 5 }),
    pool: from(['input'], avgPool2d(2)),
    sum: from(['conv', 'pool'], add()),
  })
  expect(lastOf(net)).toEqual({ receptiveField: undefined, jump: undefined })
})

test('a layer that looks at the whole map besides its window claims none', () => {
  const centred = layer({
    name: 'centred',
    summary: 'Takes the mean of the map away.',
    options: {},
    output: (input) => input,
    equations: ['m[c] += x[c,i,j]', 'y[c,i,j] = x[c,i,j] - m[c]'],
    examples: [],
  })
  expect(lastOf(model([1, 8, 8], { conv: same(3), centred: centred() })).receptiveField).toBeUndefined()
})

test('a class sees everything, and no window is given', () => {
  const net = model([1, 8, 8], { conv: same(3), pool: globalAvgPool2d(), fc: linear(2) })
  expect(lastOf(net).receptiveField).toBeUndefined()
})
