import { expect, test } from 'vitest'
import { ShapeError, UsageError } from '../errors.ts'
import { summarise } from '../explain/summarise.ts'
import {
  add,
  avgPool2d,
  conv2d,
  dropout,
  globalAvgPool2d,
  linear,
  maxPool2d,
  rbf,
  relu,
  subsample,
  view,
} from '../layers/index.ts'
import { from, type Layer } from '../layers/layer.ts'
import { model } from './model.ts'

const any = (value: unknown) => value as never

test('an input that is no shape of whole numbers from 1 is refused', () => {
  for (const input of [[0, 32, 32], [1.5, 8, 8], [-1, 8, 8], [Number.NaN], [], [1e300], '1,8,8', null, undefined, 8])
    expect(() => model(any(input), { fc: linear(3) }), JSON.stringify(input)).toThrow(ShapeError)
  expect(() => model([0, 32, 32], { fc: linear(3) })).toThrow(
    'model: its input is [0,32,32]; 1 to 64 whole numbers from 1 are wanted',
  )
  expect(() => model([3, 20_000, 20_000], { fc: linear(3) })).toThrow(/1200000000 numbers a sample; at most 16777216/)
  for (const input of [[8], [8, 8], [1, 8, 8], [2, 1, 8, 8]]) expect(model(input, { fc: linear(3) }).input).toBe(input)
})

test('what is no layer is refused by name', () => {
  for (const layer of [relu, 5, null, 'relu', undefined])
    expect(() => model([8], { act: any(layer) })).toThrow(UsageError)
  expect(() => model([8], any(null))).toThrow('model: its list of layers is null; an object is wanted')
})

const refused: [string, () => Layer, string][] = [
  ['a table narrower than the input', () => conv2d({ out: 2, kernel: 3, table: [[1], [1]] }), 'table of [2,1]; [2,3]'],
  ['a table with too few rows', () => conv2d({ out: 2, kernel: 3, table: [[1, 1, 1]] }), 'table of [1,3]; [2,3]'],
  ['a table that is none', () => conv2d({ out: 2, kernel: 3, table: any(null) }), 'conv2d: table is null; give rows'],
  ['a table with a hole', () => conv2d({ out: 2, kernel: 3, table: any([[1, 1, 1], null]) }), 'give rows'],
  ['more padding than half a window', () => maxPool2d({ kernel: 2, padding: 2 }), 'padding of [2,2]; at most half'],
  ['the same of the mean', () => avgPool2d({ kernel: [3, 5], padding: [2, 2] }), 'padding of [2,2]; at most half'],
  ['no kernel', () => maxPool2d(any(undefined)), 'maxPool2d: kernel is missing'],
  ['null for options', () => conv2d(any(null)), 'conv2d: its options are null; give an object'],
  ['null for a window', () => subsample(any(null)), 'subsample: kernel is null'],
  ['an option of every object', () => conv2d(any({ out: 2, kernel: 3, constructor: 5 })), "no option 'constructor'"],
  ['a number that JSON cannot write', () => linear(any(10n)), 'linear: its options are 10'],
  ['more outputs than are counted', () => linear(1e300), 'linear: out is 1e+300; give a whole number from 1'],
  ['outputs beyond any memory', () => linear(2 ** 40), "linear 'one': its output is [1099511627776], 1099511627776"],
  ['a rate of 1', () => dropout(1), 'dropout: rate is 1; give a number from 0, below 1'],
  ['a rate that is a text', () => dropout(any('0.5')), 'dropout: rate is "0.5"'],
  ['a sum of two shapes', () => from(['input', 'mean'], add()), 'adds [3] to [3,6,6]'],
]

test.each(refused)('a layer with %s is refused', (_, make, message) => {
  const build = () => model([3, 6, 6], { mean: globalAvgPool2d(), one: from(['input'], relu()), last: make() })
  const named = () => model([3, 6, 6], { one: make() })
  expect(message.startsWith("linear 'one'") ? named : build).toThrow(message)
})

test('drawn codes are counted by characters, and each is known before anything is trained', () => {
  expect(() => model([84], { out: rbf({ codes: '😀' }) })).toThrow("codes: '😀' is not a printable ASCII character")
  expect(() => model([84], { out: rbf({ codes: '0é' }) })).toThrow(UsageError)
  expect(model([84], { out: rbf({ codes: '017' }) }).entries[0]!.output).toEqual([3])
})

test('padding of half a window is accepted, as in PyTorch', () => {
  expect(model([1, 6, 6], { pool: maxPool2d({ kernel: 2, padding: 1 }) }).entries[0]!.output).toEqual([1, 4, 4])
  expect(model([1, 6, 6], { pool: avgPool2d({ kernel: 3, padding: 1 }) }).entries[0]!.output).toEqual([1, 2, 2])
})

test('a view of thousands of axes is refused at once, one of sixty-four is planned', () => {
  const began = performance.now()
  expect(() => model([4], { flat: view(-1, ...new Array(60_000).fill(1), 4) })).toThrow(
    /^view: shape is \[-1,1,1.*…; give at most 64 extents/,
  )
  expect(performance.now() - began).toBeLessThan(1000)
  const deep = model([1, 256, 256], {
    deep: view(-1, ...new Array(16).fill(2), ...new Array(48).fill(1)),
    fc: linear(2),
  })
  expect(summarise(deep).parameters).toBe(2 * 65_536 + 2)
})
