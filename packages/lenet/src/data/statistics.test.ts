import { describe, expect, test } from 'vitest'
import type { Dataset } from './dataset.ts'
import { channelStatistics } from './statistics.ts'

const make = (shape: [number, number, number], pixels: Uint8Array | Float32Array): Dataset => {
  const count = pixels.length / (shape[0] * shape[1] * shape[2])
  return { name: 'tiny', shape, pixels, labels: new Uint8Array(count), classes: ['a', 'b'] }
}

describe('channelStatistics', () => {
  test('bytes are counted in units of 255', () => {
    expect(channelStatistics(make([1, 1, 2], Uint8Array.of(0, 255)))).toEqual({ mean: [0.5], std: [0.5] })
  })

  test('every channel has its own mean over all images', () => {
    const { mean, std } = channelStatistics(make([2, 1, 2], Uint8Array.of(0, 255, 51, 51, 255, 0, 51, 51)))
    expect(mean).toEqual([0.5, 0.2])
    expect(std).toEqual([0.5, 1])
  })

  test('a channel without variation gets a deviation of 1, so that dividing by it changes nothing', () => {
    for (let value = 0; value < 256; value++) {
      expect(channelStatistics(make([1, 3, 7], new Uint8Array(21 * 3).fill(value))).std).toEqual([1])
    }
  })

  test('floats are taken as they are, also far from zero', () => {
    const { mean, std } = channelStatistics(make([1, 1, 4], Float32Array.of(4095, 4097, 4095, 4097)))
    expect(mean).toEqual([4096])
    expect(std).toEqual([1])
  })

  test('a data set without images is refused', () => {
    expect(() => channelStatistics(make([1, 2, 2], new Uint8Array(0)))).toThrow('tiny: has no pixels (0 images of 2x2)')
  })
})
