// With a validation set the result of a run is the best epoch's model, and the last event says so.
import { expect, test } from 'vitest'
import type { Dataset } from '../data/dataset.ts'
import { linear, view } from '../layers/index.ts'
import { model } from '../model/model.ts'
import { weightsHash } from '../model/weights-hash.ts'
import { sgd } from '../optimizers/sgd.ts'
import { createRandom } from '../random/random.ts'
import type { DoneEvent, EpochEvent } from './events.ts'
import type { TrainOptions } from './options.ts'
import { constant } from './schedule.ts'
import { train } from './train.ts'

const random = createRandom(3, 'noise')
const noise = (count: number): Dataset => ({
  name: 'noise',
  shape: [1, 4, 4],
  pixels: Uint8Array.from({ length: count * 16 }, () => random() * 256),
  labels: Uint8Array.from({ length: count }, () => random() * 3),
  classes: ['a', 'b', 'c'],
})
const net = model([1, 4, 4], { flat: view(-1, 16), fc: linear(3) })
const data = { train: noise(90), test: noise(60) }

async function runWith(options: TrainOptions) {
  const run = train(net, data, { epochs: 12, optimizer: sgd({ lr: 0.5 }), schedule: constant(), batch: 9, ...options })
  const epochs: EpochEvent[] = []
  let done: DoneEvent | undefined
  for await (const event of run) {
    if (event.event === 'epoch') epochs.push(event)
    // Whoever reads the model while the last event is told gets the result already.
    if (event.event === 'done') {
      done = event
      expect(await weightsHash(net, run.trained.weights)).toBe(event.weightsHash)
    }
  }
  return { run, epochs, done: done! }
}

test('model, hash and test accuracy are those of the best epoch, which is named', async () => {
  const { run, epochs, done } = await runWith({ validation: 30 })
  const accuracies = epochs.map(({ validationAccuracy }) => validationAccuracy!)
  const best = Math.max(...accuracies)
  expect(done).toMatchObject({ epochs: 12, bestEpoch: accuracies.indexOf(best) + 1, validationAccuracy: best })
  expect(done).not.toHaveProperty('noBetterFor')
  // The case that matters: the last epoch is worse.
  expect(accuracies.at(-1)).toBeLessThan(best)
  expect(run.trained.weights).toEqual(run.best!.weights)
  expect(run.checkpoint().weights).not.toEqual(run.best!.weights)
  const { evaluation } = await run.trained.evaluate(data.test)
  expect([evaluation.accuracy, evaluation.errors]).toEqual([done.testAccuracy, done.testErrors])
  expect(run.evaluation).toEqual(evaluation)
})

test('a run that stops early says for how many epochs nothing was better', async () => {
  const { epochs, done } = await runWith({ validation: 30, patience: 2 })
  expect(epochs).toHaveLength(done.bestEpoch! + 2)
  expect(done).toMatchObject({ epochs: epochs.length, noBetterFor: 2 })
})

test('without a validation set the last weights are the result, and nothing is said of a best epoch', async () => {
  const { run, done } = await runWith({})
  expect(done).not.toHaveProperty('bestEpoch')
  expect(run.trained.weights).toEqual(run.checkpoint().weights)
})
