import { expect, test } from 'vitest'
import { type Facts, healthOf } from './health.ts'

const facts: Facts = { accuracies: [0.11], chance: 0.112, images: 10_000, states: [] }

test('a run guesses where it is no better than always naming the commonest class, beyond what chance explains', () => {
  expect(healthOf(facts)).toEqual({ kind: 'guessing', accuracy: 0.11, chance: 0.112 })
  expect(healthOf({ ...facts, accuracies: [0.11, 0.3] })).toBeUndefined()
  expect(healthOf({ ...facts, accuracies: [] })).toBeUndefined()
  // Of twelve images, eight right may be a guess.
  expect(healthOf({ ...facts, accuracies: [8 / 12], chance: 0.5, images: 12 })?.kind).toBe('guessing')
})

test('why it guesses is read off the layers: units that are off, or a gradient that becomes small on its way', () => {
  const gradients = [
    { entry: 'conv1', gradient: 3.6e-5 },
    { entry: 'act1', saturated: 0 },
    { entry: 'fc3', gradient: 7.2e-3 },
  ]
  const cause = (states: Facts['states']) => (healthOf({ ...facts, states }) as { cause?: object }).cause
  expect(cause(gradients)).toEqual({ kind: 'vanishing', first: 'conv1', last: 'fc3', factor: 7.2e-3 / 3.6e-5 })
  expect(cause([...gradients, { entry: 'relu2', saturated: 1 }])).toEqual({ kind: 'dead', entry: 'relu2' })
  expect(
    cause([
      { entry: 'conv1', gradient: 1e-3 },
      { entry: 'fc3', gradient: 1e-2 },
    ]),
  ).toBeUndefined()
})

test('a loss that is no number goes before everything else', () => {
  expect(healthOf({ ...facts, diverged: { epoch: 2, step: 19 } })).toEqual({ kind: 'diverged', epoch: 2, step: 19 })
})
