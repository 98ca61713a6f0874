import { expect, test } from 'vitest'
import { ShapeError, UsageError } from '../errors.ts'
import { summarise } from '../explain/summarise.ts'
import { describeNet, netFrom } from '../files/description.ts'
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
  for (const input of [[8], [8, 8], [1, 8, 8], [2, 1, 8, 8]]) expect(model(input, { act: relu() }).input).toBe(input)
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
  const named = () => model([4], { one: make() })
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
    flat: view(-1, -1),
    fc: linear(2),
  })
  expect(summarise(deep).parameters).toBe(2 * 65_536 + 2)
})

/** y = x + conv(relu(conv(x))), as in He et al. 2016, without norms. */
const basicBlock = (out: number, stride = 1) => ({
  conv1: conv2d({ out, kernel: 3, stride, padding: 1 }),
  relu: relu(),
  conv2: conv2d({ out, kernel: 3, padding: 1 }),
  ...(stride > 1 && { downsample: from(['input'], { 0: conv2d({ out, kernel: 1, stride }) }) }),
  add: from(['conv2', stride > 1 ? 'downsample' : 'input'], add()),
})
const residual = () =>
  model([3, 8, 8], {
    conv1: conv2d({ out: 4, kernel: 3, padding: 1 }),
    layer1: { 0: basicBlock(4), 1: basicBlock(4) },
    layer2: { 0: basicBlock(6, 2) },
    joint: from(['layer2', 'layer2.0.relu'], add()),
    pool: globalAvgPool2d(),
    fc: linear(5),
  })

test('entries of blocks have the names of PyTorch, and read what they name', () => {
  const { entries } = residual()
  const readBy = (name: string) => entries.find((entry) => entry.name === name)!.inputs
  expect(entries.flatMap(({ parameters }) => parameters.map(({ name }) => name))).toContain(
    'layer2.0.downsample.0.weight',
  )
  expect(readBy('layer1.0.conv1')).toEqual(['conv1'])
  expect(readBy('layer1.0.add')).toEqual(['layer1.0.conv2', 'conv1'])
  expect(readBy('layer1.1.add')).toEqual(['layer1.1.conv2', 'layer1.0.add'])
  expect(readBy('layer2.0.downsample.0')).toEqual(['layer1.1.add'])
  expect(readBy('layer2.0.add')).toEqual(['layer2.0.conv2', 'layer2.0.downsample.0'])
  expect(readBy('joint')).toEqual(['layer2.0.add', 'layer2.0.relu'])
  expect(entries.at(-1)!.output).toEqual([5])
})

test('a net of blocks is described flat, and is the same again', () => {
  const net = residual()
  const again = netFrom(JSON.parse(JSON.stringify(describeNet(net))), 'x')
  const outline = ({ entries }: typeof net) => entries.map(({ name, inputs, output }) => ({ name, inputs, output }))
  expect(outline(again)).toEqual(outline(net))
})

test('in a block names are looked for inside first, then around it', () => {
  const layers = { a: relu(), b: { a: conv2d({ out: 2, kernel: 1 }), c: from(['a', 'd'], add()) } }
  expect(() => model([1, 2, 2], layers)).toThrow("add 'b.c': reads 'd', which is not before it; there is input, a, b.a")
  const net = model([2, 2, 2], { d: relu(), b: { a: relu(), c: from(['a', 'd'], add()) } })
  expect(net.entries.at(-1)!.inputs).toEqual(['b.a', 'd'])
})

test.each<[string, Record<string, unknown>, string]>([
  ['an entry that a block has already', { b: { a: relu() }, 'b.a': relu() }, "model: two entries are called 'b.a'"],
  ['an entry of a block called input', { b: { input: relu() } }, "an entry is called 'b.input'"],
  ['a number in a block', { b: { a: 3 } }, "model: 'b.a' is 3; give a layer"],
  ['a block called by a number', { 0: { a: relu() } }, "an entry is called '0'"],
])('%s is refused', (_, layers, message) => {
  expect(() => model([1, 2, 2], any(layers))).toThrow(message)
})

test('a block may have entries that are called as the parts of a layer are', () => {
  const net = model([4], { b: { definition: relu(), options: relu() }, fc: linear(2) })
  expect(net.entries.map(({ name }) => name)).toEqual(['b.definition', 'b.options', 'fc'])
})

test('an empty block gives what it reads', () => {
  expect(model([4], { a: relu(), b: {}, fc: from(['b'], linear(2)) }).entries.at(-1)!.inputs).toEqual(['a'])
})

test('a block reads one entry', () => {
  expect(() => from(['a'], any(undefined))).toThrow('from: it is given undefined; give a layer')
  expect(() => from(['a'], any(relu))).toThrow('from: it is given')
  expect(() => from(['a', 'b'], { c: relu() })).toThrow('from: a block reads [a,b]; one entry is accepted')
  expect(() => model([1, 4, 4], { b: from(['nobody'], { c: relu() }) })).toThrow("block 'b': reads 'nobody'")
})
