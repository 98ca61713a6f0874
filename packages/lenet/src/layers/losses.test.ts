// The losses of LeCun et al. 1998 for scores that are distances, against their closed forms.
import { expect, test } from 'vitest'
import { referenceMachine } from '../engine/reference.ts'
import { model } from '../model/model.ts'
import { planTraining, writeWeights } from '../model/plan.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import type { Layer } from './layer.ts'
import { linear } from './linear.ts'
import { logLoss, maximumAPosteriori, maximumLikelihood, placeCodes } from './losses.ts'

/** The loss of distances for the class `label`, and its gradient by each. */
function measure(loss: Layer, distances: readonly number[], label: number) {
  // A bias of its own for each distance: its gradient is the distance's.
  const net = model([1], { output: linear(distances.length) })
  const plan = planTraining(net, 'float32', {
    loss,
    labelSmoothing: 0,
    update: planUpdate({ ...sgd(), equations: [], state: [], settings: () => ({}) }, 2 * distances.length),
  })
  const machine = referenceMachine(plan.program, 1, 'float32')
  machine.write(plan.scale, [1])
  machine.write(plan.weight, [1])
  const weights = { 'output.weight': distances.map(() => 0), 'output.bias': distances }
  writeWeights(
    machine,
    plan,
    new Map(Object.entries(weights).map(([name, values]) => [name, Float32Array.from(values)])),
  )
  machine.input(plan.label).set([label])
  machine.start(1)
  machine.finish()
  return { loss: machine.output(plan.loss)[0]!, gradient: [...machine.read(plan.gradients.get('output.bias')!)] }
}

test('Eq. 8 is the distance to the right code, and pulls on that alone', () => {
  expect(measure(maximumLikelihood(), [3, 7, 11], 1)).toEqual({ loss: 7, gradient: [0, 1, 0] })
})

test('Eq. 9 adds the log of what is near, the rubbish class included', () => {
  const [distances, j, label] = [[3, 2, 5], 4, 1]
  const near = Math.exp(-j) + distances.reduce((sum, distance) => sum + Math.exp(-distance), 0)
  const { loss, gradient } = measure(maximumAPosteriori({ rubbish: j }), distances, label)
  expect(loss).toBeCloseTo(distances[label]! + Math.log(near), 5)
  distances.forEach((distance, k) => {
    expect(gradient[k]).toBeCloseTo((k === label ? 1 : 0) - Math.exp(-distance) / near, 5)
  })
})

test('far beyond the rubbish class Eq. 9 pushes nothing away and stays a number', () => {
  const { loss, gradient } = measure(maximumAPosteriori({ rubbish: 20 }), [1e4, 2e4, 3e4], 0)
  expect(loss).toBeCloseTo(1e4 - 20, 3)
  expect(gradient).toEqual([1, 0, 0])
})

test('with every code nearer than the rubbish class, Eq. 9 is the cross entropy of minus the distances', () => {
  const { loss, gradient } = measure(maximumAPosteriori({ rubbish: 1e6 }), [1e4, 1e4 + 1, 1e4], 1)
  expect(loss).toBeCloseTo(1 + Math.log(2 + Math.exp(-1)), 3)
  expect(gradient.reduce((sum, part) => sum + part)).toBeCloseTo(0, 5)
})

test('place codes: the cross entropy of half the squared distances, and the distance to the right code', () => {
  const [scores, label] = [[0.3, -0.8, 1.4], 2]
  const distances = scores.map((_, code) =>
    scores.reduce((sum, score, unit) => sum + (score - (unit === code ? 1 : -1)) ** 2, 0),
  )
  const near = distances.reduce((sum, distance) => sum + Math.exp(-distance / 2), 0)
  const { loss, gradient } = measure(placeCodes({ pull: 0.5 }), scores, label)
  expect(loss).toBeCloseTo(distances[label]! / 2 + Math.log(near) + 0.5 * distances[label]!, 5)
  const share = (code: number) => Math.exp(-distances[code]! / 2) / near
  scores.forEach((score, unit) => {
    const target = unit === label ? 1 : -1
    expect(gradient[unit]).toBeCloseTo(2 * (share(unit) - (unit === label ? 1 : 0)) + (score - target), 5)
  })
})

test('probabilities are measured by their own log, one of 0 with a number', () => {
  const { loss, gradient } = measure(logLoss(), [0.2, 0.5, 0.3], 1)
  expect(loss).toBeCloseTo(Math.log(2), 6)
  expect(gradient).toEqual([0, -2, 0])
  const none = measure(logLoss(), [1, 0, 0], 1)
  expect(none.loss).toBeCloseTo(126 * Math.log(2), 4)
  expect(none.gradient).toEqual([0, 0, 0])
})
