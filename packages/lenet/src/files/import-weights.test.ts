import { describe, expect, test } from 'vitest'
import { FormatError, UsageError } from '../errors.ts'
import type { NamedArray, NamedArrays } from '../formats/arrays.ts'
import { readPth, writePth } from '../formats/pth.ts'
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts'
import { linear, view } from '../layers/index.ts'
import { model, type Net, parametersOf } from '../model/model.ts'
import { modelNamed, zoo } from '../model/zoo/index.ts'
import { importWeights } from './import-weights.ts'

const filled = (shape: readonly number[], value: number): NamedArray => ({
  dtype: 'float32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
})

/** Every parameter is filled with its number in the model's order, which tells where it went. */
const arraysOf = (net: Net, rename = (name: string, _at: number) => name): NamedArrays =>
  new Map(parametersOf(net).map(({ name, shape }, at) => [rename(name, at), filled(shape, at)]))

const firsts = (weights: ReadonlyMap<string, Float32Array>) => [...weights.values()].map((values) => values[0])
const numbers = (net: Net) => parametersOf(net).map((_, at) => at)
const sequential = (name: string, at: number) =>
  `${at < 4 ? 'features' : 'classifier'}.${at >> 1}.${name.split('.')[1]}`

describe('a bare state dict', () => {
  test.each(
    Object.keys(zoo).flatMap((name) => [
      [name, 3, 10] as const,
      // How many of LeNet-5's drawn codes there are does not show in its weights.
      ...(name === 'lenet5'
        ? []
        : ([
            [name, 1, 26],
            [name, 1, 1],
            [name, 3, 120],
          ] as const)),
    ]),
  )('of %s with %i channels and %i classes is recognised by names and shapes', (name, channels, classes) => {
    const net = modelNamed(name, { channels, classes })
    const found = importWeights(arraysOf(net))
    expect(parametersOf(found.net)).toEqual(parametersOf(net))
    expect(found.by).toBe('name')
    expect([found.model, ...found.alsoFits]).toContain(name)
    expect([...found.weights.keys()]).toEqual(parametersOf(net).map(({ name }) => name))
    expect(firsts(found.weights)).toEqual(numbers(net))
  })

  test('that fits two models of the zoo is the first, and the other is named', () => {
    const found = importWeights(arraysOf(modelNamed('lenet-tanh')))
    expect([found.model, found.alsoFits]).toEqual(['lenet', ['lenet-tanh']])
    expect(importWeights(arraysOf(modelNamed('lenet-tanh')), { model: 'lenet-tanh' }).model).toBe('lenet-tanh')
    expect(importWeights(arraysOf(modelNamed('lenet-gap'))).alsoFits).toEqual([])
  })

  test('is matched whatever the order of its names', () => {
    const net = modelNamed('lenet', { channels: 1, classes: 47 })
    expect(firsts(importWeights(new Map([...arraysOf(net)].reverse())).weights)).toEqual(numbers(net))
  })

  test.each(Object.keys(zoo))('with the names of a Sequential is matched to %s by order and shape', (name) => {
    const net = modelNamed(name, { channels: 1, classes: 7 })
    const { by, mapping, weights } = importWeights(arraysOf(net, sequential))
    expect(by).toBe('order')
    expect([...mapping]).toEqual(
      parametersOf(net).map((parameter, at) => [parameter.name, sequential(parameter.name, at)]),
    )
    expect(firsts(weights)).toEqual(numbers(net))
  })

  test('of foreign names that a file keeps sorted is matched by its shapes', () => {
    const net = modelNamed('lenet')
    const { arrays } = readSafetensors(writeSafetensors(arraysOf(net, sequential)))
    expect([...arrays.keys()][0]).toBe('classifier.2.bias')
    expect(firsts(importWeights(arrays).weights)).toEqual(numbers(net))
  })

  test('in which order and shapes leave two ways is refused', () => {
    const net = model([6], { flat: view(-1, 6), a: linear(6), b: linear(6) })
    expect(
      firsts(
        importWeights(
          arraysOf(net, (_, at) => `x${at}`),
          { net },
        ).weights,
      ),
    ).toEqual([0, 1, 2, 3])
    const turned = new Map([...arraysOf(net, (_, at) => `x${at}`)].reverse())
    expect(() => importWeights(turned, { net, file: 'x.pth' })).toThrow(
      "x.pth: tensor 'a.weight' is missing; it holds x3",
    )
  })

  test('survives the way through a .pth file in half precision', () => {
    const net = modelNamed('lenet')
    const arrays: NamedArrays = new Map(
      parametersOf(net).map(({ name, shape }) => {
        const { data } = filled(shape, 0)
        return [name, { dtype: 'float16', shape, data: new Uint16Array(data.length).fill(0x3e00) }]
      }),
    )
    const { weights } = importWeights(readPth(writePth(arrays)).arrays)
    expect(new Set(firsts(weights))).toEqual(new Set([1.5]))
  })
})

describe('a map', () => {
  const net = modelNamed('lenet')
  const headless = arraysOf(net, (name) => (name.startsWith('fc3') ? `head.${name.split('.')[1]}` : name))
  const head = new Map([
    ['fc3.weight', 'head.weight'],
    ['fc3.bias', 'head.bias'],
  ])

  test.each([{ net }, { model: 'lenet' }, {}])('tells which array is which, with %o', (options) => {
    const found = importWeights(headless, { ...options, map: head })
    expect(found.mapping.get('fc3.bias')).toBe('head.bias')
    expect([found.by, ...firsts(found.weights)]).toEqual(['name', ...numbers(net)])
  })

  test('goes before what names and order say', () => {
    const twins = model([6], { flat: view(-1, 6), a: linear(6), b: linear(6) })
    const swapped = new Map([
      ['a.weight', 'b.weight'],
      ['b.weight', 'a.weight'],
    ])
    const found = importWeights(arraysOf(twins), { net: twins, map: swapped })
    expect(firsts(found.weights)).toEqual([2, 1, 0, 3])
    const last = new Map([
      ['b.weight', 'x0'],
      ['b.bias', 'x1'],
    ])
    const foreign = importWeights(
      arraysOf(twins, (_, at) => `x${at}`),
      { net: twins, map: last },
    )
    expect(firsts(foreign.weights)).toEqual([2, 3, 0, 1])
  })

  test('to what is not there, of what is not there, or twice to one tensor is refused', () => {
    const importing =
      (...map: [string, string][]) =>
      () =>
        importWeights(headless, { net, map: new Map(map), file: 'x' })
    expect(importing(['fc3.weight', 'tail'])).toThrow(UsageError)
    expect(importing(['fc3.weight', 'tail'])).toThrow(
      "x: fc3.weight was mapped to 'tail'; the file holds conv1.weight [",
    )
    expect(importing(['fc4.weight', 'head.weight'])).toThrow(
      "x: 'fc4.weight' was mapped, but the model has conv1.weight,",
    )
    expect(importing(...head, ['fc2.weight', 'head.weight'])).toThrow(
      "tensor 'head.weight' is [10,84] but the model wants",
    )
    expect(importing(...head, ['fc2.bias', 'head.bias'])).toThrow("tensor 'head.bias' is [10] but the model wants [84]")
  })
})

describe('arrays that fit nothing', () => {
  const refusal = (change: (arrays: NamedArrays) => void, options = {}) => {
    const arrays = arraysOf(modelNamed('lenet', { channels: 1 }))
    change(arrays)
    try {
      importWeights(arrays, { file: 'x.pth', ...options })
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError)
      return (error as Error).message.split('\n')[0]
    }
    return undefined
  }

  test.each<[string, (arrays: NamedArrays) => void]>([
    [
      "tensor 'conv1.weight' is [6,1,3,3] but lenet wants [6,1,5,5]",
      (a) => a.set('conv1.weight', filled([6, 1, 3, 3], 0)),
    ],
    [
      "tensor 'conv1.weight' is [6,2,5,5] but lenet wants [6,3,5,5]",
      (a) => a.set('conv1.weight', filled([6, 2, 5, 5], 0)),
    ],
    ["tensor 'fc3.bias' is [9] but lenet wants [10]", (a) => a.set('fc3.bias', filled([9], 0))],
    ['holds bn1.weight [6], for which lenet has no place', (a) => a.set('bn1.weight', filled([6], 0))],
    ['holds no tensors', (a) => a.clear()],
  ])('%s', (message, change) => {
    expect(refusal(change)).toBe(`x.pth: ${message}`)
  })

  test('are listed with their shapes, not all of thousands', () => {
    const many = (arrays: NamedArrays) => {
      arrays.clear()
      for (let n = 0; n < 5000; n++) arrays.set(`w${n}`, filled([n + 1, 1], 0))
    }
    expect(refusal(many)).toMatch(/^x.pth: fits none of the models lenet, .*; it holds w0 \[1,1\], .*, 4988 more$/)
    expect(refusal(many, { model: 'lenet' })).toMatch(/^x.pth: tensor 'conv1.weight' is missing; it holds w0 /)
  })

  test('with extents of an array without elements make no giant net', () => {
    const empty = (arrays: NamedArrays) => arrays.set('fc3.weight', filled([2 ** 40, 0], 0))
    expect(refusal(empty)).toMatch(/^x.pth: tensor 'fc3.weight' is \[1099511627776,0\] but lenet wants \[10,84\]/)
  })
})
