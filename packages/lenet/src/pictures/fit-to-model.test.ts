import { describe, expect, test } from 'vitest'
import type { Dataset } from '../data/dataset.ts'
import { ShapeError, UsageError } from '../errors.ts'
import { fitDataset } from './fit-to-model.ts'

const make = (shape: [number, number, number], pixels: Uint8Array | Float32Array): Dataset => {
  const count = pixels.length / (shape[0] * shape[1] * shape[2])
  return { name: 'tiny', shape, pixels, labels: new Uint8Array(count), classes: ['a', 'b'] }
}

describe('fitDataset', () => {
  test('a data set of the right shape is given back as it is', () => {
    const dataset = make([1, 2, 2], new Uint8Array(8))
    expect(fitDataset(dataset, [1, 2, 2])).toBe(dataset)
  })

  test('28x28 gets a frame of two zeros to 32x32', () => {
    const fitted = fitDataset(make([1, 28, 28], new Uint8Array(784 * 2).fill(200)), [1, 32, 32])
    expect(fitted.shape).toEqual([1, 32, 32])
    expect(fitted.pixels.filter((pixel) => pixel === 200)).toHaveLength(784 * 2)
    expect(fitted.pixels.indexOf(200)).toBe(2 * 32 + 2)
  })

  test('other sizes are resampled', () => {
    expect([...fitDataset(make([1, 1, 4], Uint8Array.of(1, 3, 5, 7)), [1, 1, 2]).pixels]).toEqual([2, 6])
    const grown = fitDataset(make([1, 28, 28], new Uint8Array(784).fill(200)), [1, 40, 40])
    expect(grown.pixels).toEqual(new Uint8Array(1600).fill(200))
  })

  test('grey images become RGB, image after image', () => {
    const fitted = fitDataset(make([1, 1, 2], Uint8Array.of(1, 2, 3, 4)), [3, 1, 2])
    expect([...fitted.pixels]).toEqual([1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4])
    expect(fitted.shape).toEqual([3, 1, 2])
  })

  test('RGB images become grey, image after image', () => {
    const pixels = Uint8Array.of(255, 0, 0, 255, 0, 0, 0, 9, 0, 9, 255, 9)
    expect([...fitDataset(make([3, 1, 2], pixels), [1, 1, 2]).pixels]).toEqual([76, 150, 29, 9])
  })

  test('floats stay floats', () => {
    const pixels = fitDataset(make([3, 1, 1], Float32Array.of(1, 0.5, 0)), [1, 1, 1]).pixels
    expect(pixels).toBeInstanceOf(Float32Array)
    expect(pixels[0]).toBeCloseTo(0.5925, 6)
  })

  test('size and channels can change together', () => {
    const fitted = fitDataset(make([1, 28, 28], new Uint8Array(784).fill(3)), [3, 32, 32])
    expect([...fitted.shape, fitted.pixels.length]).toEqual([3, 32, 32, 3072])
  })

  test('channels without a rule are refused', () => {
    const fit = () => fitDataset(make([2, 1, 1], new Uint8Array(2)), [3, 1, 1])
    expect(fit).toThrow(ShapeError)
    expect(fit).toThrow('tiny: images have 2 channels but the model takes 3\nhint: only grey (1) and RGB (3)')
  })

  test('a shape that is none and a result beyond memory are refused', () => {
    const dataset = make([1, 1, 1], new Uint8Array(4))
    expect(() => fitDataset(dataset, [1, 0, 1])).toThrow('tiny: cannot be brought to [1,0,1]')
    expect(() => fitDataset(dataset, [1, 100_000, 100_000])).toThrow(UsageError)
  })
})
