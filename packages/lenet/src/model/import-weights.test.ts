import { describe, expect, test } from 'vitest'
import type { NamedArrays } from '../formats/arrays.ts'
import { importWeights } from './import-weights.ts'
import { type Net, parametersOf } from './model.ts'
import { modelNamed } from './zoo/index.ts'

const arraysOf = (net: Net, rename = (name: string, _at: number) => name): NamedArrays =>
  new Map(
    parametersOf(net).map(({ name, shape }, at) => [
      rename(name, at),
      { dtype: 'float32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(at) },
    ]),
  )

describe('a bare state dict', () => {
  test.each([
    ['lenet', 3, 10],
    ['lenet', 1, 26],
    ['lenet-gap', 1, 7],
    ['lenet-strided', 3, 10],
  ])('of %s with %i channels and %i classes is recognised by names and shapes', (name, channels, classes) => {
    const net = modelNamed(name, { channels, classes })
    const found = importWeights(arraysOf(net))
    expect(parametersOf(found.net)).toEqual(parametersOf(net))
    expect(found.weights.get(parametersOf(net)[1]!.name)![0]).toBe(1)
  })

  test('with the names of a Sequential is matched by order and shape', () => {
    const net = modelNamed('lenet')
    const { mapping } = importWeights(arraysOf(net, (name, at) => `features.${at >> 1}.${name.split('.')[1]}`))
    expect(mapping.get('fc1.weight')).toBe('features.2.weight')
  })

  test('can be told which array is which', () => {
    const net = modelNamed('lenet')
    const arrays = arraysOf(net, (name) => (name.startsWith('fc3') ? `head.${name.split('.')[1]}` : name))
    const map = new Map([
      ['fc3.weight', 'head.weight'],
      ['fc3.bias', 'head.bias'],
    ])
    expect(importWeights(arrays, { net, map }).mapping.get('fc3.bias')).toBe('head.bias')
  })

  test('that fits nothing is refused with what it holds', () => {
    const arrays: NamedArrays = new Map([['w', { dtype: 'float32', shape: [2, 2], data: new Float32Array(4) }]])
    expect(() => importWeights(arrays, { file: 'x.pth' })).toThrow('x.pth: fits none of the models')
    expect(() => importWeights(arrays, { file: 'x.pth', net: modelNamed('lenet') })).toThrow(
      "tensor 'conv1.weight' is missing; it holds w [2,2]",
    )
  })
})
