import { expect, test } from 'vitest'
import { createMachineNow } from '../engine/create-machine.ts'
import { sharedVariable } from '../equation/variable.ts'
import { FormatError, ShapeError } from '../errors.ts'
import type { NamedArray } from '../formats/arrays.ts'
import { linear, relu, view } from '../layers/index.ts'
import { trainedModel } from '../predict/trained-model.ts'
import { train } from '../train/train.ts'
import { initialise } from './initialise.ts'
import { model, parametersOf } from './model.ts'
import { planPrediction } from './plan.ts'
import { checkWeights, weightsFor } from './weights-for.ts'

const net = model([1, 2, 2], { flat: view(-1, 4), fc1: linear(3), act: relu(), fc2: linear(2) })
const whole = (): Map<string, NamedArray> =>
  new Map(
    [...initialise(net, 1)].map(([name, data]) => [
      name,
      { dtype: 'float32', shape: parametersOf(net).find((one) => one.name === name)!.shape, data },
    ]),
  )
const changed = (name: string, array: Partial<NamedArray> | undefined) => {
  const arrays = whole()
  if (array === undefined) arrays.delete(name)
  else arrays.set(name, { ...whole().get('fc2.bias')!, ...arrays.get(name), ...array } as NamedArray)
  return arrays
}

test('arrays that fit come in the order of the net, as float32', () => {
  const backwards = new Map([...whole()].reverse())
  backwards.set('fc2.bias', { dtype: 'float64', shape: [2], data: Float64Array.of(0.5, 0.1) })
  const weights = weightsFor(net, backwards, 'x')
  expect([...weights.keys()]).toEqual(['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'])
  expect(weights.get('fc2.bias')).toEqual(Float32Array.of(0.5, 0.1))
})

test('another shape, a missing name, a strange name and too few numbers are refused by name', () => {
  const refusal = (name: string, array: Partial<NamedArray> | undefined) => {
    try {
      weightsFor(net, changed(name, array), 'x.pth')
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError)
      return (error as Error).message
    }
    return 'accepted'
  }
  expect(refusal('fc2.bias', { shape: [1], data: new Float32Array(1) })).toBe(
    "x.pth: tensor 'fc2.bias' is [1] but the model wants [2]",
  )
  expect(refusal('fc1.weight', { shape: [4, 3] })).toBe("x.pth: tensor 'fc1.weight' is [4,3] but the model wants [3,4]")
  expect(refusal('fc2.bias', undefined)).toBe(
    "x.pth: tensor 'fc2.bias' [2] is missing; it holds fc1.weight, fc1.bias, fc2.weight",
  )
  expect(refusal('fc3.bias', {})).toBe(
    "x.pth: tensor 'fc3.bias' has no place in the model, which wants fc1.weight, fc1.bias, fc2.weight, fc2.bias",
  )
  expect(refusal('fc2.bias', { data: new Float32Array(1) })).toBe(
    "x.pth: tensor 'fc2.bias' has 1 numbers but the model wants the 2 of [2]",
  )
})

const wrong: [string, (weights: Map<string, Float32Array>) => void][] = [
  ['one missing', (weights) => weights.delete('fc1.bias')],
  ['one too short', (weights) => weights.set('fc1.bias', new Float32Array(1))],
  ['one too long', (weights) => weights.set('fc1.bias', new Float32Array(9))],
  ['one that nobody reads', (weights) => weights.set('zzz', new Float32Array(1))],
]
const data = {
  name: 'four',
  shape: [1, 2, 2] as const,
  pixels: new Uint8Array(16).map((_, at) => at * 9),
  labels: Uint8Array.of(0, 1, 0, 1),
  classes: ['a', 'b'],
}
const facts = { classes: ['a', 'b'], normalisation: { mean: [0], std: [1] }, preparation: 'digit' } as const

test.each(wrong)('weights with %s are refused where a model is made, trained or checked', (_, spoil) => {
  const weights = new Map(initialise(net, 1))
  spoil(weights)
  expect(() => checkWeights(net, weights, 'x')).toThrow(ShapeError)
  expect(() => trainedModel({ net, weights, ...facts })).toThrow(ShapeError)
  expect(() => train(net, data, { weights })).toThrow(ShapeError)
})

test.each(['reference', 'wasm'] as const)(
  'a machine of %s takes as many numbers as a tensor has, no more or less',
  (engine) => {
    const { program, parameters } = planPrediction(net, 'uint8')
    const machine = createMachineNow(program, 1, { engine })
    const bias = parameters.get('fc2.bias')!
    machine.write(bias, [1, 2])
    for (const values of [[1], [1, 2, 3]])
      expect(() => machine.write(bias, values)).toThrow(
        new ShapeError(`machine: 'fc2.bias' takes 2 numbers, but ${values.length} were given`),
      )
    expect(() => machine.write(sharedVariable('fc2.bias', [2]), [1, 2])).toThrow(ShapeError)
  },
)
