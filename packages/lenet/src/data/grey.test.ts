import { expect, test } from 'vitest'
import type { Dataset } from './dataset.ts'
import { greyWhereGrey } from './grey.ts'

const images = (...pixels: number[]): Dataset => ({
  name: 'tiny',
  shape: [3, 1, 2],
  pixels: Uint8Array.from(pixels),
  labels: new Uint8Array(pixels.length / 6),
  classes: ['a', 'b'],
})

test('images whose channels are alike have one channel', () => {
  const { train, test: held } = greyWhereGrey({
    train: images(10, 200, 12, 200, 10, 203),
    test: images(1, 2, 1, 2, 1, 2),
  })
  expect(train.shape).toEqual([1, 1, 2])
  expect([...train.pixels]).toEqual([11, 200])
  expect([...held!.pixels]).toEqual([1, 2])
})

test('one pixel with a colour, in any split, keeps all in colour', () => {
  const grey = images(10, 200, 10, 200, 10, 200)
  const colour = images(10, 200, 10, 200, 10, 200, 10, 200, 10, 195, 10, 200)
  for (const splits of [{ train: colour }, { train: grey, test: colour }, { train: grey, validation: colour }])
    expect(greyWhereGrey(splits)).toBe(splits)
})
