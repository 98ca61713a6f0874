// Fills a batch's inputs: which sample comes when is drawn from the seed, and so is each sample's distortion.
import { sizeOf } from '../engine/program.ts'
import { createPlacer } from '../pictures/place.ts'
import { createRandom, shuffledOrder } from '../random/random.ts'
import type { Augmenter } from './augment.ts'
import type { Dataset } from './dataset.ts'

export interface Feeder {
  readonly steps: number
  /** Samples in a step of an epoch; the last may be shorter. */
  samplesIn(step: number): number
  /** Indices of a step's samples. */
  indices(epoch: number, step: number): Uint32Array
  /** Copies a step's pixels and labels. */
  fill(epoch: number, step: number, pixels: Uint8Array | Float32Array, labels: Float32Array): void
}

export interface FeederOptions {
  readonly batch: number
  readonly seed: number
  /** `constant`: every epoch in the order of the first. */
  readonly order: 'shuffled' | 'constant'
  readonly augment?: Augmenter
  /** [channels, height, width] of what is fed; smaller images stand in its middle. */
  readonly shape: readonly number[]
}

/** Epochs and steps count from 0. */
export function createFeeder(data: Dataset, { batch, seed, order: kind, augment, shape }: FeederOptions): Feeder {
  const samples = data.labels.length
  const [from, to] = [sizeOf(data.shape), sizeOf(shape)]
  const place = createPlacer(data.shape, shape)
  const steps = Math.ceil(samples / batch)
  let orderOf = -1
  let order = new Uint32Array(0)
  const indices = (now: number, step: number): Uint32Array => {
    const epoch = kind === 'constant' ? 0 : now
    if (orderOf !== epoch)
      order = shuffledOrder(samples, createRandom(seed, 'shuffle', epoch)) as Uint32Array<ArrayBuffer>
    orderOf = epoch
    return order.subarray(step * batch, Math.min(samples, (step + 1) * batch))
  }
  return {
    steps,
    samplesIn: (step) => Math.min(batch, samples - step * batch),
    indices,
    fill: (epoch, step, pixels, labels) =>
      indices(epoch, step).forEach((index, row) => {
        labels[row] = data.labels[index]!
        if (augment === undefined) place(data.pixels, index * from!, pixels, row * to!)
        else
          augment(
            data.pixels as Uint8Array,
            index * from!,
            pixels as Uint8Array,
            row * to!,
            createRandom(seed, 'augment', epoch, index),
          )
      }),
  }
}
