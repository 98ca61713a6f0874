import { expect, test } from 'vitest'
import { avgPool2d, conv2d, linear, maxPool2d, relu, view } from '../layers/index.ts'
import { model } from '../model/model.ts'
import { modelNamed } from '../model/zoo/index.ts'
import { summarise } from './summarise.ts'
import { createFieldFinder, receptiveField, termValue, unitEquations } from './unit.ts'

const net = modelNamed('lenet', { channels: 1 })

test('a unit of a convolution reads its patch and its kernel', () => {
  // Map 2, row 3, column 4 of [6, 28, 28].
  const [bias, sum] = unitEquations(net, 'conv1', (2 * 28 + 3) * 28 + 4)
  expect(bias!.loads).toMatchObject([{ tensor: { name: 'conv1.bias' }, source: { kind: 'parameter' } }])
  expect([...bias!.loads[0]!.at]).toEqual([2])
  expect(sum!.over).toEqual([
    { name: 'c', extent: 1 },
    { name: 'u', extent: 5 },
    { name: 'v', extent: 5 },
  ])
  const [weight, input] = sum!.loads
  expect([...weight!.at]).toEqual(Array.from({ length: 25 }, (_, k) => 50 + k))
  expect([...input!.at]).toEqual(Array.from({ length: 25 }, (_, k) => (3 + Math.floor(k / 5)) * 32 + 4 + (k % 5)))
})

test('padding is outside', () => {
  const padded = model([1, 3, 3], { conv: conv2d({ out: 1, kernel: 3, padding: 1 }) })
  expect([...unitEquations(padded, 'conv', 0)[1]!.loads[1]!.at]).toEqual([-1, -1, -1, -1, 0, 1, -1, 3, 4])
})

test('a value on the way comes before the unit that reads it', () => {
  const pooled = model([1, 4, 4], { pool: avgPool2d(2) })
  const [sum, mean] = unitEquations(pooled, 'pool', 3)
  expect(sum).toMatchObject({ tensor: { name: 'pool.s' }, isOutput: false, unit: 3, reduction: 'sum' })
  expect([...sum!.loads[0]!.at]).toEqual([10, 11, 14, 15])
  expect(termValue(mean!.value, [10])).toBe(2.5)
})

test('a field is as large as the summary says, and the fully connected layers see everything', () => {
  const { layers } = summarise(net)
  for (const name of ['conv1', 'pool1', 'conv2', 'pool2']) {
    const { receptiveField: size, output } = layers.find((layer) => layer.name === name)!
    const [, rows, columns] = output as [number, number, number]
    const middle = Math.floor(rows / 2) * columns + Math.floor(columns / 2)
    const seen = receptiveField(net, name, middle).get('input')!
    expect(
      seen.reduce((sum, bit) => sum + bit, 0),
      name,
    ).toBe(size![0] * size![1])
  }
  expect(
    receptiveField(net, 'fc1', 7)
      .get('input')!
      .every((bit) => bit === 1),
  ).toBe(true)
})

test('a finder that was asked before finds what one finds that was not', () => {
  const find = createFieldFinder(net)
  for (const [entry, unit] of [
    ['fc3', 2],
    ['fc1', 7],
    ['fc3', 9],
    ['conv2', 123],
    ['relu3', 5],
  ] as const)
    expect(find(entry, unit), `${entry} ${unit}`).toEqual(receptiveField(net, entry, unit))
})

test('what a connection table switches off is not seen', () => {
  const table = [
    [1, 0, 1],
    [0, 1, 0],
  ]
  const sparse = model([3, 4, 4], { conv: conv2d({ out: 2, kernel: 2, table }), relu1: relu() })
  const seen = receptiveField(sparse, 'relu1', 0).get('input')!
  expect([0, 16, 32].map((at) => seen[at])).toEqual([1, 0, 1])
  expect([...unitEquations(sparse, 'conv', 0)[1]!.off!]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0])
})

test('a view only renames, and a linear layer reads a row or each of several', () => {
  const flat = model([2, 2, 2], { pool: maxPool2d(1), flat: view(-1, 8), fc: linear(3) })
  expect([...receptiveField(flat, 'flat', 5).get('pool')!]).toEqual([0, 0, 0, 0, 0, 1, 0, 0])
  expect(unitEquations(flat, 'fc', 1).at(-1)!.loads[1]!.at.length).toBe(8)
  const rows = model([2, 4], { fc: linear(3) })
  expect([...unitEquations(rows, 'fc', 4).at(-1)!.loads[1]!.at]).toEqual([4, 5, 6, 7])
})

test('a unit that is not there is named', () => {
  expect(() => unitEquations(net, 'conv1', 4704)).toThrow("unit of 'conv1': there is no 4704")
  expect(() => unitEquations(net, 'conv9', 0)).toThrow("there is no entry 'conv9'")
})
