import { expect, test } from 'vitest'
import { createFeeder } from './batches.ts'
import type { Dataset } from './dataset.ts'

const data: Dataset = {
  name: 'twenty',
  shape: [1, 1, 1],
  pixels: Uint8Array.from({ length: 20 }, (_, n) => n),
  labels: new Uint8Array(20),
  classes: ['0'],
}
const orderOf = (order: 'shuffled' | 'constant', seed: number, epoch: number): number[] => {
  const feeder = createFeeder(data, { batch: 1, seed, order, shape: data.shape })
  return Array.from({ length: feeder.steps }, (_, step) => feeder.indices(epoch, step)[0]!)
}

test('a constant order is random, the same in every epoch, and another for another seed', () => {
  const first = orderOf('constant', 1, 0)
  expect(first.toSorted((a, b) => a - b)).toEqual(Array.from(data.pixels))
  expect(first).not.toEqual(Array.from(data.pixels))
  expect(orderOf('constant', 1, 7)).toEqual(first)
  expect(orderOf('constant', 2, 0)).not.toEqual(first)
})

test('a shuffled order is another one in every epoch', () => {
  expect(orderOf('shuffled', 1, 0)).not.toEqual(orderOf('shuffled', 1, 1))
  expect(orderOf('shuffled', 1, 3)).toEqual(orderOf('shuffled', 1, 3))
})
