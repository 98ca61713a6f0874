import { describe, expect, test } from 'vitest'
import { fitDataset } from './fit-to-model.ts'
import { prepareDigit } from './prepare-digit.ts'
import { prepareImage } from './prepare-image.ts'

/** A cross on black, `size` pixels long, off the middle of `side` pixels by half a pixel, as MNIST's are. */
const cross = (side: number, size = 20) => {
  const start = (side - size) / 2
  const isIn = (at: number) => at >= start && at < start + size
  const pixels = Uint8Array.from({ length: side * side }, (_, place) => {
    const [x, y] = [place % side, Math.floor(place / side)]
    return (isIn(x) && Math.abs(y - side / 2) < 2) || (isIn(y) && Math.abs(x - side / 2) < 2) ? 200 : 0
  })
  return { width: side, height: side, channels: 1, pixels } as const
}
const framed = (pixels: Uint8Array) =>
  fitDataset({ name: '', shape: [1, 28, 28], pixels, labels: new Uint8Array(1), classes: ['0'] }, [1, 32, 32]).pixels

describe('prepareImage', () => {
  test('an image of MNIST is taken as it is, also in the frame of the model', () => {
    const wanted = framed(cross(28).pixels)
    expect(prepareImage(cross(28), [1, 32, 32], 'digit')).toEqual(wanted)
    expect(prepareImage(cross(32), [1, 32, 32], 'digit')).toEqual(wanted)
  })

  test("a digit of the model's size that was not prepared is prepared", () => {
    const { pixels, ...rest } = cross(32, 26)
    const onPaper = { ...rest, pixels: pixels.map((value) => 255 - value) }
    expect(prepareImage(onPaper, [1, 32, 32], 'digit')).toEqual(framed(prepareDigit(onPaper)))
  })

  test("without a preparation a picture of the model's size, or one to be framed, is taken as it is", () => {
    expect(prepareImage(cross(32, 26), [1, 32, 32], 'none')).toEqual(cross(32, 26).pixels)
    expect(prepareImage(cross(28, 26), [1, 32, 32], 'none')).toEqual(framed(cross(28, 26).pixels))
    expect(() => prepareImage(cross(40), [1, 32, 32], 'none')).toThrow(
      /^picture: is 40x40 but the model takes 32x32\nhint: /,
    )
  })
})
