import { describe, expect, test } from 'vitest'
import type { Dataset } from '../data/dataset.ts'
import { pad } from './pad.ts'

const two: Dataset = {
  name: 'two',
  shape: [2, 1, 2],
  pixels: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  labels: Uint8Array.of(0, 1),
  classes: ['a', 'b'],
}

describe('pad', () => {
  test('every channel of every image stands in the middle of zeros', () => {
    const padded = pad(two, 3, 4)
    expect(padded.shape).toEqual([2, 3, 4])
    const plane = (a: number, b: number) => [0, 0, 0, 0, 0, a, b, 0, 0, 0, 0, 0]
    expect([...padded.pixels]).toEqual([...plane(1, 2), ...plane(3, 4), ...plane(5, 6), ...plane(7, 8)])
    expect(padded.labels).toBe(two.labels)
  })

  test('an odd surplus goes to the bottom and the right', () => {
    const one: Dataset = { ...two, shape: [1, 1, 1], pixels: Uint8Array.of(9), labels: Uint8Array.of(0) }
    expect([...pad(one, 2, 2).pixels]).toEqual([9, 0, 0, 0])
  })

  test('28x28 in 32x32 leaves two pixels on each side', () => {
    const image: Dataset = { ...two, shape: [1, 28, 28], pixels: new Uint8Array(784).fill(1), labels: Uint8Array.of(0) }
    const { pixels } = pad(image, 32, 32)
    expect([pixels[2 * 32 + 1], pixels[2 * 32 + 2], pixels[29 * 32 + 29], pixels[29 * 32 + 30]]).toEqual([0, 1, 1, 0])
    expect(pixels.indexOf(1)).toBe(2 * 32 + 2)
  })

  test('floats stay floats', () => {
    const floats: Dataset = { ...two, pixels: Float32Array.from(two.pixels, (pixel) => pixel / 2) }
    expect(pad(floats, 1, 4).pixels).toEqual(Float32Array.of(0, 0.5, 1, 0, 0, 1.5, 2, 0, 0, 2.5, 3, 0, 0, 3.5, 4, 0))
  })

  test('a data set of the right size is given back as it is', () => {
    expect(pad(two, 1, 2)).toBe(two)
  })

  test('images that are larger than the frame are refused', () => {
    expect(() => pad(two, 3, 1)).toThrow('two: images of 1x2 do not fit into 3x1')
  })
})
