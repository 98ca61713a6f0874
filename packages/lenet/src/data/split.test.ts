import { describe, expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import type { Dataset } from './dataset.ts'
import { splitValidation, takeFirst } from './split.ts'

// Image n has the pixels n, n and the label n mod 3.
const numbered = (count: number): Dataset => ({
  name: 'numbers',
  shape: [1, 1, 2],
  pixels: Uint8Array.from({ length: 2 * count }, (_, place) => place >> 1),
  labels: Uint8Array.from({ length: count }, (_, n) => n % 3),
  classes: ['a', 'b', 'c'],
})

const generator = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

const images = (dataset: Dataset) => [...dataset.labels].map((_, n) => dataset.pixels[2 * n]!)

describe('splitValidation', () => {
  test('each image lands in exactly one of the two parts, with its own label', () => {
    const { train, validation } = splitValidation(numbered(100), 30, generator(1))
    expect(images(validation)).toHaveLength(30)
    expect([...images(train), ...images(validation)].sort((a, b) => a - b)).toEqual(images(numbered(100)))
    for (const part of [train, validation]) expect([...part.labels]).toEqual(images(part).map((n) => n % 3))
  })

  test('both parts keep the order of the source', () => {
    const { train, validation } = splitValidation(numbered(50), 20, generator(2))
    for (const part of [train, validation]) expect(images(part)).toEqual([...images(part)].sort((a, b) => a - b))
  })

  test('one seed gives one split, another seed another', () => {
    const draw = (seed: number) => images(splitValidation(numbered(100), 10, generator(seed)).validation)
    expect(draw(5)).toEqual(draw(5))
    expect(draw(5)).not.toEqual(draw(6))
  })

  test('every image is drawn about equally often', () => {
    const counts = new Array<number>(10).fill(0)
    const random = generator(3)
    for (let run = 0; run < 3000; run++) {
      for (const n of images(splitValidation(numbered(10), 3, random).validation)) counts[n]!++
    }
    // 900 expected, standard deviation 25: five of them either way.
    for (const count of counts) expect(Math.abs(count - 900)).toBeLessThan(125)
  })

  test('floats and wide labels keep their types', () => {
    const wide: Dataset = { ...numbered(4), pixels: new Float32Array(8), labels: new Uint16Array(4) }
    const { train } = splitValidation(wide, 1, generator(1))
    expect(train.pixels).toBeInstanceOf(Float32Array)
    expect(train.labels).toBeInstanceOf(Uint16Array)
  })

  test.each([0, -1, 1.5, 10, 11, Number.NaN])('%s validation images of 10 are refused', (count) => {
    expect(() => splitValidation(numbered(10), count, generator(1))).toThrow(UsageError)
  })
})

describe('takeFirst', () => {
  test('gives the first images without copying them', () => {
    const source = numbered(10)
    const first = takeFirst(source, 4)
    expect(images(first)).toEqual([0, 1, 2, 3])
    expect([...first.labels]).toEqual([0, 1, 2, 0])
    expect(first.pixels.buffer).toBe(source.pixels.buffer)
  })

  test('asking for more than there is gives the whole data set', () => {
    const source = numbered(3)
    expect(takeFirst(source, 5)).toBe(source)
  })

  test.each([0, -2, 2.5])('%s images are refused', (count) => {
    expect(() => takeFirst(numbered(3), count)).toThrow(`numbers: the number of images to take is ${count}`)
  })
})
