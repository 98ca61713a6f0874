import { describe, expect, test } from 'vitest'
import { cropPicture, fitPicture } from './fit-picture.ts'
import { prepareImage } from './prepare-image.ts'

/** Four columns and two rows: an edge of 40 around two pixels would leave nothing, so the middle columns are 100 and 200. */
const wide = { width: 4, height: 2, channels: 1, pixels: Uint8Array.of(40, 100, 200, 40, 40, 100, 200, 40) } as const

describe('fitPicture', () => {
  test('the whole picture is in the middle, its proportions kept; the rest has the mean colour of its edge', () => {
    const mean = Math.round((4 * 40 + 2 * 100 + 2 * 200) / 8)
    expect([...fitPicture(wide, [1, 4, 4])]).toEqual([
      ...new Array(4).fill(mean),
      ...wide.pixels,
      ...new Array(4).fill(mean),
    ])
    const tall = { ...wide, width: 2, height: 4 }
    expect([...fitPicture(tall, [1, 4, 4])].filter((_, at) => at % 4 === 0 || at % 4 === 3)).toEqual(
      new Array(8).fill(Math.round((40 + 100 + 200 + 40 + 40 + 100 + 200 + 40) / 8)),
    )
  })

  test('every channel has its own edge; a line of pixels stays a line', () => {
    const line = {
      width: 30,
      height: 1,
      channels: 3,
      pixels: new Uint8Array(90).map((_, at) => [10, 20, 30][at % 3]!),
    } as const
    const fitted = fitPicture(line, [3, 5, 5])
    expect([0, 1, 2].map((c) => [...new Set(fitted.subarray(25 * c, 25 * (c + 1)))])).toEqual([[10], [20], [30]])
  })
})

test('crop takes the middle that has the proportions of the shape', () => {
  expect([...cropPicture(wide, [1, 2, 2])]).toEqual([100, 200, 100, 200])
  expect([...cropPicture({ ...wide, width: 2, height: 4 }, [1, 2, 2])]).toEqual([200, 40, 40, 100])
})

test('a picture of the model’s size is prepared already, whichever way', () => {
  for (const how of ['picture', 'fit', 'crop'] as const) expect(prepareImage(wide, [1, 2, 4], how)).toEqual(wide.pixels)
})
