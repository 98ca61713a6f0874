import { expect, test } from 'vitest'
import { createAugmenter } from '../data/augment.ts'
import { createFeeder } from '../data/batches.ts'
import type { Dataset } from '../data/dataset.ts'
import { channelStatistics } from '../data/statistics.ts'
import { createRandom } from '../random/random.ts'
import { pad } from './pad.ts'
import { createPlacer, fitsWithin } from './place.ts'

const random = createRandom(1, 'noise')
const small: Dataset = {
  name: 'small',
  shape: [2, 5, 4],
  pixels: Uint8Array.from({ length: 9 * 40 }, () => random() * 256),
  labels: Uint8Array.from({ length: 9 }, (_, n) => n % 2),
  classes: ['a', 'b'],
}
const large = pad(small, 8, 7)

test('an image covers what stood where it is placed', () => {
  const target = new Uint8Array(2 * 56 + 2).fill(9)
  createPlacer(small.shape, large.shape)(small.pixels, 40, target, 1)
  expect([...target]).toEqual([9, ...large.pixels.subarray(112, 224), 9])
})

test('an image can stand in one that is at least as large, with as many channels', () => {
  expect(fitsWithin([1, 28, 28], [1, 32, 32])).toBe(true)
  expect(fitsWithin([1, 32, 32], [1, 32, 32])).toBe(true)
  expect(fitsWithin([1, 33, 32], [1, 32, 32])).toBe(false)
  expect(fitsWithin([1, 28, 28], [3, 32, 32])).toBe(false)
})

test.each([undefined, { shift: 2, rotate: 20 }, { shift: 3, flip: true }, { shift: 1, share: 0.5 }])(
  'images that are framed as they are fed are those that were framed before',
  (options) => {
    const [framed, whole] = [small, large].map((data) => {
      const feeder = createFeeder(data, {
        batch: 4,
        seed: 3,
        order: 'shuffled',
        shape: large.shape,
        ...(options && { augment: createAugmenter(options, data.shape, large.shape) }),
      })
      const pixels = new Uint8Array(4 * 112)
      const steps = [0, 1, 2].map((step) => {
        feeder.fill(1, step, pixels, new Float32Array(4))
        return [...pixels.subarray(0, feeder.samplesIn(step) * 112)]
      })
      return steps
    })
    expect(framed).toEqual(whole)
  },
)

test('statistics within a frame are those of the framed images', () => {
  expect(channelStatistics(small, large.shape)).toEqual(channelStatistics(large))
  const floats = { ...small, pixels: Float32Array.from(small.pixels, (value) => value / 7 - 3) }
  const [within, framed] = [channelStatistics(floats, large.shape), channelStatistics(pad(floats, 8, 7))]
  for (const channel of [0, 1]) {
    expect(within.mean[channel]).toBe(framed.mean[channel])
    expect(within.std[channel]).toBeCloseTo(framed.std[channel]!, 12)
  }
})
