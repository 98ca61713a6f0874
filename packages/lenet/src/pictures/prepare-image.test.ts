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
  test('numbers that are no bytes are refused, and never cut down to 8 bits', () => {
    const any = (value: unknown) => value as never
    const [width, height] = [4, 4]
    const list = new Array<number>(64).fill(356)
    for (const wide of [list, Float32Array.from(list), Float64Array.from(list), Uint16Array.from(list)]) {
      const numbers = any(wide)
      const decoded = { width, height, channels: 4, pixels: numbers } as const
      for (const image of [{ width, height, data: numbers }, decoded])
        expect(() => prepareImage(image, [3, 4, 4], 'picture')).toThrow(
          /^picture: its pixels are .*; bytes from 0 to 255/,
        )
    }
    const doubles = any(new Float64Array(48))
    expect(() => prepareImage({ shape: [3, 4, 4], data: doubles }, [3, 4, 4], 'none')).toThrow(
      'predict: the tensor holds',
    )
    const data = new Uint8ClampedArray(64).fill(9)
    expect(prepareImage({ width, height, data: data.fill(255, 48) }, [3, 4, 4], 'none')).toHaveLength(48)
  })

  test('a picture of two channels, or of half a side, is refused', () => {
    const of = (width: number, height: number, channels: number) =>
      ({ width, height, channels, pixels: new Uint8Array(Math.abs(width * height * channels)) }) as never
    for (const image of [of(4, 4, 2), of(2, 2, 12), of(1.5, 32, 1), of(-4, -4, 3)])
      expect(() => prepareImage(image, [3, 4, 4], 'picture')).toThrow('whole sides from 1 and 1, 3 or 4 channels')
  })

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
