import { expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import type { Dataset } from './dataset.ts'
import { holdOut, takeOfEveryClass, usualHoldOut } from './every-class.ts'
import { takeFirst } from './split.ts'

/** Image n has the pixel n; the classes come one after the other, as a folder of pictures gives them. */
function sorted(...counts: number[]): Dataset {
  const labels = counts.flatMap((count, label) => new Array<number>(count).fill(label))
  return {
    name: 'folder',
    shape: [1, 1, 1],
    pixels: Uint8Array.from(labels.keys()),
    labels: Uint8Array.from(labels),
    classes: counts.map((_, label) => `class ${label}`),
  }
}

const counts = ({ labels, classes }: Dataset) => classes.map((_, label) => labels.filter((one) => one === label).length)

test('so many images are taken of every class in proportion, not the first of the folder', () => {
  expect(counts(takeOfEveryClass(sorted(50, 50, 50, 50), 100))).toEqual([25, 25, 25, 25])
  expect(counts(takeOfEveryClass(sorted(120, 60, 20), 100))).toEqual([60, 30, 10])
})

test('a class of a single image is there, however few are taken', () => {
  expect(counts(takeOfEveryClass(sorted(100, 1, 100), 3))).toEqual([1, 1, 1])
})

test('the first images of a part are the smaller part', () => {
  const data = sorted(40, 70, 11)
  const large = takeOfEveryClass(data, 90)
  for (const count of [3, 17, 64]) {
    expect(takeFirst(large, count).pixels).toEqual(takeOfEveryClass(data, count).pixels)
    expect(takeFirst(large, count).labels).toEqual(takeOfEveryClass(data, count).labels)
  }
})

test('all images are the data set as it is; fewer than classes are refused', () => {
  const data = sorted(3, 3)
  expect(takeOfEveryClass(data, 6)).toBe(data)
  for (const count of [1, 0, 2.5]) expect(() => takeOfEveryClass(data, count)).toThrow(UsageError)
})

test('a fifth of every class is held out, each image is in one part, and one seed draws the same', () => {
  const data = sorted(50, 20, 7)
  const { train, test } = holdOut(data, usualHoldOut)
  expect([counts(train), counts(test!)]).toEqual([
    [40, 16, 6],
    [10, 4, 1],
  ])
  expect([...train.pixels, ...test!.pixels].sort((a, b) => a - b)).toEqual([...data.pixels])
  for (const part of [train, test!]) expect([...part.pixels]).toEqual([...part.pixels].sort((a, b) => a - b))
  expect(holdOut(data, usualHoldOut).test).toEqual(test)
  expect(holdOut(data, { share: 0.2, seed: 2 }).test!.pixels).not.toEqual(test!.pixels)
})

test('every image of a class is held out about equally often', () => {
  const times = new Array<number>(10).fill(0)
  for (let seed = 0; seed < 1000; seed++)
    for (const image of holdOut(sorted(10, 10), { share: 0.3, seed }).test!.pixels) if (image < 10) times[image]!++
  // 300 expected, standard deviation 15: five of them either way.
  for (const count of times) expect(Math.abs(count - 300)).toBeLessThan(75)
})

test('classes that are too small keep their images, and a share that is none is refused', () => {
  expect(holdOut(sorted(1, 2), usualHoldOut)).not.toHaveProperty('test')
  for (const share of [0, 1, -0.1, Number.NaN])
    expect(() => holdOut(sorted(9, 9), { share, seed: 1 })).toThrow(UsageError)
})
