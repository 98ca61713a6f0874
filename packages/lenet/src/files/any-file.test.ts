// Opening and saving models: what a file says about itself is checked, and nothing that was given is ignored.
import { describe, expect, test } from 'vitest'
import { FormatError, ShapeError, UsageError } from '../errors.ts'
import { readOnnx, writeOnnx } from '../formats/onnx.ts'
import { writePth } from '../formats/pth.ts'
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts'
import { conv2d, linear, maxPool2d, relu, tanh, view } from '../layers/index.ts'
import { layer } from '../layers/layer.ts'
import { real } from '../layers/options.ts'
import { initialise } from '../model/initialise.ts'
import { model } from '../model/model.ts'
import { trainedModel } from '../predict/trained-model.ts'
import { type Companion, openModel, saveModel } from './any-file.ts'
import type { ModelFile } from './check-model.ts'

const net = model([1, 8, 8], {
  conv1: conv2d({ out: 2, kernel: 3, table: [[1], [1]] }),
  relu1: relu(),
  pool1: maxPool2d(2),
  flat: view(-1, 18),
  fc: linear(3),
})
const parts: ModelFile = {
  net,
  weights: initialise(net, 1),
  classes: ['a', 'b', 'c'],
  normalisation: { mean: [0.5], std: [0.25] },
  preparation: 'digit',
}
const safetensors = saveModel(parts, 'x.safetensors').bytes
const onnx = saveModel(parts, 'x.onnx').bytes
const pth = saveModel(parts, 'x.pth')

type Metadata = 'net' | 'facts'
const withMetadata = (key: Metadata, value: unknown): Uint8Array => {
  const { arrays, metadata } = readSafetensors(safetensors)
  return writeSafetensors(arrays, { ...metadata, [key]: JSON.stringify(value) })
}
const withProperty = (key: Metadata, value: unknown): Uint8Array => {
  const graph = readOnnx(onnx)
  return writeOnnx({ ...graph, metadata: { ...graph.metadata, [`lenet.${key}`]: JSON.stringify(value) } })
}
const described = (key: Metadata): unknown => JSON.parse(readSafetensors(safetensors).metadata[key]!)

const strange = [null, 0, -1, 1.5, 1e9, '', 'x', true, [], [null], [[1]], [[1], null], {}, { a: 1 }, 'constructor']

/** The value with each of its parts replaced by each strange one, left away, or joined by another. */
function* mutations(value: unknown): Generator<unknown> {
  yield* strange
  if (Array.isArray(value))
    for (const [at, element] of value.entries()) for (const other of mutations(element)) yield value.with(at, other)
  else if (typeof value === 'object' && value !== null)
    for (const [key, field] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
      for (const other of mutations(field)) yield { ...value, [key]: other }
      for (const name of ['table', 'codes', 'from', 'constructor']) yield { ...value, [name]: 1 }
    }
}

/** Whether it opened and predicts. Anything but the three kinds of errors is a fault. */
function opens(bytes: Uint8Array, companion?: unknown): boolean {
  try {
    const opened = openModel(bytes, 'x', companion === undefined ? {} : { companion: companion as Companion })
    expect(opened.classes.every((name) => typeof name === 'string')).toBe(true)
    const size = opened.net.input.reduce((product, extent) => product * extent, 1)
    expect(trainedModel(opened).predict(new Uint8Array(size)).probability).toBeGreaterThan(0)
    return true
  } catch (error) {
    if ([FormatError, ShapeError, UsageError].some((kind) => error instanceof kind)) return false
    throw error
  }
}

describe('whatever stands where a field belongs, a file opens rightly or is refused in the form of the house', () => {
  test.each(['net', 'facts'] as const)('%s in the metadata of safetensors', (key) => {
    let [count, opened] = [0, 0]
    for (const value of mutations(described(key))) {
      count++
      if (opens(withMetadata(key, value))) opened++
    }
    expect(count).toBeGreaterThan(100)
    expect(opened).toBeLessThan(count / 5)
  })

  test.each(['net', 'facts'] as const)('%s in the properties of ONNX', (key) => {
    for (const value of mutations(described(key))) opens(withProperty(key, value))
  })

  test('the JSON beside a .pth', () => {
    expect(opens(pth.bytes, JSON.parse(JSON.stringify(pth.companion)))).toBe(true)
    for (const value of mutations(JSON.parse(JSON.stringify(pth.companion)))) opens(pth.bytes, value)
  })
})

test('a mistake in the JSON is named with the file, the place and what would be right', () => {
  const refusal = (key: Metadata, value: unknown) => {
    try {
      openModel(withMetadata(key, value), 'x.safetensors')
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError)
      return (error as Error).message
    }
    return 'opened'
  }
  const layers = { fc: { layer: 'linear', options: { out: 3 } } }
  const facts = { classes: ['a', 'b', 'c'], normalisation: { mean: [0.5], std: [0.25] }, preparation: 'digit' }
  expect(refusal('net', { layers })).toBe(
    'x.safetensors: its layer list has the input undefined; a shape such as [1, 28, 28] is wanted',
  )
  expect(refusal('net', { input: [0, 2, 2], layers })).toBe(
    'x.safetensors: model: its input is [0,2,2]; 1 to 64 whole numbers from 1 are wanted',
  )
  expect(refusal('net', { input: [1, 2, 2], layers: { fc: { layer: 'linear', options: { constructor: 5 } } } })).toBe(
    "x.safetensors: linear: there is no option 'constructor'; there is out, bias",
  )
  expect(refusal('net', { input: [1, 2, 2], layers: { fc: { layer: 'linear' } } })).toBe(
    "x.safetensors: entry 'fc': options is undefined; an object is wanted",
  )
  expect(refusal('facts', { ...facts, classes: ['a', 5, 'c'] })).toBe(
    'x.safetensors: class 1 is called 5; a text is wanted',
  )
  expect(refusal('facts', { ...facts, classes: ['a'] })).toBe('x.safetensors: 1 labels were given for 3 scores')
  expect(refusal('facts', { ...facts, normalisation: { mean: [0, 0], std: [1] } })).toBe(
    'x.safetensors: mean is [0,0]; one number in a list is wanted',
  )
  for (const std of [0, -1, null, '1'])
    expect(refusal('facts', { ...facts, normalisation: { mean: [0], std: [std] } })).toContain('std holds')
  expect(refusal('facts', { ...facts, normalization: {} })).toBe(
    "x.safetensors: what it says about itself: there is no field 'normalization'; there is classes, normalisation, preparation",
  )
})

test('two classes of one name are refused: an answer would not tell which', () => {
  const bytes = writePth(new Map([['fc.weight', { dtype: 'float32', shape: [2, 4], data: new Float32Array(8) }]]))
  const net = model([1, 2, 2], { flat: view(-1, 4), fc: linear({ out: 2, bias: false }) })
  expect(() => openModel(bytes, 'x.pth', { net, facts: { classes: ['a', 'a'] } })).toThrow(
    "x.pth: two classes are called 'a'; an answer would not tell which",
  )
})

test('one mean and deviation count for every channel, and any other number than that of the channels is refused', () => {
  const coloured = model([3, 2, 2], { flat: view(-1, 12), fc: linear(2) })
  const of = (mean: number[], std: number[]) =>
    trainedModel({
      net: coloured,
      weights: initialise(coloured, 2),
      classes: ['a', 'b'],
      normalisation: { mean, std },
      preparation: 'picture',
    })
  const image = Uint8Array.from({ length: 12 }, (_, at) => at * 20)
  expect(of([0.5], [0.25]).predict(image)).toEqual(of([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]).predict(image))
  expect(() => of([0.5, 0.5], [0.25])).toThrow(UsageError)
  expect(() => of([0.5], [0.25, 0.25, 0.25, 0.25])).toThrow(UsageError)
  expect(() => of([0.5], [0])).toThrow('model: std holds 0; a number above 0 is wanted')
})

describe('layers of one’s own', () => {
  const leaky = layer({
    name: 'ownRelu',
    summary: 'A small slope for negative values.',
    options: { slope: real('slope below zero', 0.01) },
    output: (input) => input,
    equations: ['y[...] = max(x[...], 0) + slope * min(x[...], 0)'],
    examples: [],
  })
  const own = model([1, 2, 2], { act: leaky({ slope: 0.2 }), flat: view(-1, 4), fc: linear(2) })
  const saved = (file: string, built = own) =>
    saveModel(
      {
        net: built,
        weights: initialise(built, 3),
        classes: ['a', 'b'],
        normalisation: { mean: [0], std: [1] },
        preparation: 'digit',
      },
      file,
    )

  test('open again where they are given, from safetensors and from a .pth with its companion', () => {
    const image = Uint8Array.of(1, 90, 160, 255)
    const { bytes } = saved('own.safetensors')
    expect(() => openModel(bytes, 'own.safetensors')).toThrow(/entry 'act' is a 'ownRelu'; there is conv2d, .*\nhint: /)
    const opened = openModel(bytes, 'own.safetensors', { layers: [leaky] })
    expect(opened.net.entries[0]!.layer.options).toEqual({ slope: 0.2 })
    const torch = saved('own.pth')
    const again = openModel(torch.bytes, 'own.pth', { layers: [leaky], companion: torch.companion! })
    expect(trainedModel(again).predict(image)).toEqual(trainedModel(opened).predict(image))
    expect(openModel(bytes, 'own.safetensors', { net: own }).net).toBe(own)
    expect(openModel(torch.bytes, 'own.pth', { net: own, companion: torch.companion! }).net).toBe(own)
  })

  test('are refused under a name that another layer has, when saved and when given', () => {
    const false2d = layer({ ...leaky.definition, name: 'conv2d' })
    const message = /^model: two layers are called 'conv2d'; a file knows layers by their names\nhint: /
    expect(() =>
      saved('own.safetensors', model([1, 2, 2], { act: false2d(), flat: view(-1, 4), fc: linear(2) })),
    ).toThrow(message)
    expect(() => openModel(safetensors, 'x', { layers: [false2d] })).toThrow(message)
  })
})

test('what cannot go with a file that names its layers is refused, not ignored', () => {
  const others = model([1, 8, 8], { flat: view(-1, 64), fc: linear(3) })
  for (const bytes of [safetensors, onnx]) {
    expect(() => openModel(bytes, 'x', { model: 'lenet' })).toThrow(
      /^x: the file says which layers it has, but a model was/,
    )
    expect(() => openModel(bytes, 'x', { map: new Map([['a', 'b']]) })).toThrow(UsageError)
  }
  const companion = pth.companion!
  expect(() => openModel(pth.bytes, 'x', { companion, model: 'lenet' })).toThrow(
    /^x: the JSON beside it says which layers it has, but a model was/,
  )
  expect(() => openModel(pth.bytes, 'x', { companion, map: new Map() })).toThrow(/a map of its arrays was given/)
  expect(() => openModel(onnx, 'x', { net })).toThrow(UsageError)
  expect(() => openModel(safetensors, 'x', { net: others })).toThrow(FormatError)
  const squashed = model([1, 8, 8], {
    conv1: conv2d({ out: 2, kernel: 3 }),
    act: tanh(),
    pool1: maxPool2d(2),
    flat: view(-1, 18),
    fc: linear(3),
  })
  expect(openModel(safetensors, 'x', { net: squashed }).net).toBe(squashed)
  expect(openModel(safetensors, 'x', { facts: { classes: ['x', 'y', 'z'] } }).classes).toEqual(['x', 'y', 'z'])
  expect(() => openModel(safetensors, 'x', { facts: { classes: ['x'] } })).toThrow(
    new UsageError('x: 1 labels were given for 3 scores'),
  )
})
