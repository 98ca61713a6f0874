// A model that ends in softmax is measured, and trained, as the same model without it.
import { expect, test } from 'vitest'
import type { Dataset } from '../data/dataset.ts'
import { linear, softmax, view } from '../layers/index.ts'
import { initialise } from '../model/initialise.ts'
import { model } from '../model/model.ts'
import { train } from '../train/train.ts'
import { trainedModel } from './trained-model.ts'

const data: Dataset = {
  name: 'made',
  shape: [1, 2, 3],
  pixels: Uint8Array.from({ length: 120 }, (_, at) => (at * 53) % 256),
  labels: Uint8Array.from({ length: 20 }, (_, at) => at % 3),
  classes: ['a', 'b', 'c'],
}
const nets = [
  model([1, 2, 3], { flat: view(-1, 6), fc: linear(3) }),
  model([1, 2, 3], { flat: view(-1, 6), fc: linear(3), p: softmax() }),
]

test('the loss on a data set is that of its probabilities', async () => {
  const losses = await Promise.all(
    nets.map((net) => {
      const parts = { net, weights: initialise(net, 3), classes: data.classes }
      const normalisation = { mean: [0.5], std: [0.2] }
      return trainedModel({ ...parts, normalisation, preparation: 'picture' }).evaluate(data)
    }),
  )
  expect(losses[0]!.evaluation.loss).toBeGreaterThan(0.5)
  expect(losses[1]!.evaluation.loss).toBeCloseTo(losses[0]!.evaluation.loss, 5)
})

test('it learns by the same gradients', async () => {
  const [logits, probabilities] = await Promise.all(
    nets.map(async (net) => {
      const run = train(net, data, { epochs: 4, engine: 'wasm' })
      for await (const _ of run);
      return run.checkpoint().weights.get('fc.weight')!
    }),
  )
  for (const [at, weight] of logits!.entries()) expect(probabilities![at]).toBeCloseTo(weight, 5)
})
