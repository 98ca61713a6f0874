import { expect, test } from 'vitest'
import { termValue, type UnitLoad, unitEquations } from '../explain/unit.ts'
import { conv2d, dropout, from, linear, model, relu, tanh, view } from '../index.ts'
import { initialise } from '../model/initialise.ts'
import { createProbe } from '../train/probe.ts'
import { createObserver } from './observe.ts'
import { trainedModel } from './trained-model.ts'

const net = model([1, 8, 8], { conv: conv2d({ out: 3, kernel: 3 }), act: tanh(), flat: view(-1, 108), fc: linear(4) })
const weights = initialise(net, 1)
const normalisation = { mean: [0.3], std: [0.4] }
const classes = ['a', 'b', 'c', 'd']
const parts = { net, weights, classes, normalisation, preparation: 'picture' } as const
const pixels = Uint8Array.from({ length: 64 }, (_, at) => (at * 97) % 256)

test('an observation says what a prediction says', () => {
  const { probabilities, winner } = createObserver(parts).look(pixels)
  const { scores, label } = trainedModel(parts).predict(pixels)
  expect(probabilities).toEqual(scores)
  expect(classes[winner]).toBe(label)
})

test('the terms of a unit, added up in order, are what the engine computed', () => {
  const { values } = createObserver(parts).look(pixels)
  const read = ({ source, tensor }: UnitLoad, at: number): number =>
    source.kind === 'entry' ? values.get(source.name)![at]! : weights.get(tensor.name)![at]!
  for (const unit of [0, 17, 107]) {
    let sum = 0
    for (const { value, loads } of unitEquations(net, 'conv', unit))
      for (let term = 0; term < loads[0]!.at.length; term++)
        sum += termValue(
          value,
          loads.map((load) => read(load, load.at[term]!)),
        )
    expect(values.get('conv')![unit]).toBeCloseTo(sum, 5)
    expect(values.get('act')![unit]).toBeCloseTo(Math.tanh(sum), 5)
  }
})

test('other weights are learned, and too few pixels are refused', () => {
  const observer = createObserver(parts)
  const before = observer.look(pixels).probabilities
  observer.learn(initialise(net, 2))
  expect(observer.look(pixels).probabilities).not.toEqual(before)
  expect(() => observer.look(pixels.subarray(1))).toThrow('observe: 63 numbers are not one image of [1,8,8]')
})

const data = {
  name: 'noise',
  shape: [1, 8, 8],
  pixels: Uint8Array.from({ length: 20 * 64 }, (_, at) => (at * 7919) % 256),
  labels: Uint8Array.from({ length: 20 }, (_, at) => at % 4),
  classes,
} as const

test('a probe sees large weights saturate tanh, and the gradient before it vanish', () => {
  const probe = createProbe(net, data, normalisation)
  const scaled = (factor: number) =>
    new Map(
      [...weights].map(([name, values]) => [name, name.startsWith('conv') ? values.map((w) => w * factor) : values]),
    )
  const [conv, act] = probe.measure(scaled(1))
  const [loud, full] = probe.measure(scaled(400))
  expect(act!.saturated).toBeLessThan(0.1)
  expect(full!.saturated).toBeGreaterThan(0.9)
  expect(loud!.gradient).toBeLessThan(conv!.gradient! / 2)
  // Measuring changed nothing.
  expect(probe.measure(scaled(1))[0]).toEqual(conv)
})

test('a relu is flat where it is off', () => {
  const small = model([1, 8, 8], { flat: view(-1, 64), act: relu(), fc: linear(4) })
  const probe = createProbe(small, data, { mean: [0.5], std: [1] })
  const off = data.pixels.filter((pixel) => pixel / 255 <= 0.5).length / data.pixels.length
  expect(probe.measure(initialise(small, 1))[0]!.saturated).toBeCloseTo(off, 1)
})

test('a probe drops what training would drop: the gradient before dropout is there', () => {
  const layers = (rate?: number) => ({
    conv: conv2d({ out: 2, kernel: 3 }),
    act: relu(),
    ...(rate !== undefined && { drop: dropout(rate) }),
    flat: view(-1, 72),
    fc: linear(4),
  })
  const gradientOf = (rate?: number) => {
    const dropped = model([1, 8, 8], layers(rate))
    return createProbe(dropped, data, normalisation).measure(initialise(dropped, 1))[0]!.gradient!
  }
  const whole = gradientOf()
  expect(gradientOf(0.5)).toBeGreaterThan(whole / 3)
  expect(gradientOf(0.5)).toBeLessThan(3 * whole)
  expect(gradientOf(0.5)).not.toBe(whole)
})

test('an entry that no score depends on has a gradient of nothing', () => {
  const branched = model([1, 8, 8], {
    conv: conv2d({ out: 2, kernel: 3 }),
    act: relu(),
    dead: from(['conv'], conv2d({ out: 1, kernel: 3 })),
    idle: tanh(),
    flat: from(['act'], view(-1, 72)),
    fc: linear(4),
  })
  const states = createProbe(branched, data, normalisation).measure(initialise(branched, 1))
  expect(states.map(({ entry }) => entry)).toEqual(['conv', 'act', 'dead', 'idle', 'fc'])
  expect(states[0]!.gradient).toBeGreaterThan(0)
  expect(states[2]).toMatchObject({ gradient: 0, weight: expect.any(Number) })
  expect(states[2]!.weight).toBeGreaterThan(0)
})
