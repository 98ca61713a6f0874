import { describe, expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { type AugmentOptions, createAugmenter } from './augment.ts'

const generator = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

/** The six draws, in order: right, down, size, angle, lean, mirror. */
const draws = (...values: number[]) => {
  const left = [...values]
  return () => left.shift()!
}

const apply = (options: AugmentOptions, shape: [number, number, number], image: number[], random: () => number) => {
  const target = new Uint8Array(image.length).fill(99)
  createAugmenter(options, shape)(Uint8Array.from(image), 0, target, 0, random)
  return [...target]
}

const middle = 0.5
const square = [1, 2, 3, 4, 5, 6, 7, 8, 9]
const noise = Array.from({ length: 32 * 32 }, (_, place) => (place * 97) & 255)

describe('createAugmenter', () => {
  test('without options, and with all draws in the middle, the image stays as it is', () => {
    expect(apply({}, [1, 3, 3], square, generator(1))).toEqual(square)
    const all = { shift: 3, scale: 0.3, rotate: 20, shear: 10 }
    expect(apply(all, [1, 32, 32], noise, draws(middle, middle, middle, middle, middle, 0.9))).toEqual(noise)
  })

  test('a shift alone moves by whole pixels and leaves black behind', () => {
    const right = draws(0.99, middle, middle, middle, middle, 0.9)
    expect(apply({ shift: 1 }, [1, 3, 3], square, right)).toEqual([0, 1, 2, 0, 4, 5, 0, 7, 8])
    const up = draws(middle, 0, middle, middle, middle, 0.9)
    expect(apply({ shift: 1 }, [1, 3, 3], square, up)).toEqual([4, 5, 6, 7, 8, 9, 0, 0, 0])
  })

  test('half of the images are mirrored with flip, none without', () => {
    const mirrored = [3, 2, 1, 6, 5, 4, 9, 8, 7]
    expect(apply({ flip: true }, [1, 3, 3], square, draws(0, 0, 0, 0, 0, 0.49))).toEqual(mirrored)
    expect(apply({ flip: true }, [1, 3, 3], square, draws(0, 0, 0, 0, 0, 0.5))).toEqual(square)
    expect(apply({}, [1, 3, 3], square, draws(0, 0, 0, 0, 0, 0))).toEqual(square)
  })

  test('squeezed, an image is narrower and taller, or wider and lower', () => {
    const bar = Array.from({ length: 32 * 32 }, (_, at) => {
      const [row, column] = [Math.floor(at / 32), at % 32]
      return row > 7 && row < 24 && column > 7 && column < 24 ? 255 : 0
    })
    const inkAlong = (image: readonly number[]) => [
      image.slice(16 * 32, 17 * 32).reduce((sum, pixel) => sum + pixel, 0) / 255,
      image.filter((_, at) => at % 32 === 16).reduce((sum, pixel) => sum + pixel, 0) / 255,
    ]
    const squeezed = (last: number) =>
      inkAlong(apply({ squeeze: 0.2 }, [1, 32, 32], bar, draws(middle, middle, middle, middle, middle, 0.9, last)))
    const [width, height] = squeezed(1) as [number, number]
    expect(width).toBeCloseTo(16 / 1.2, 0)
    expect(height).toBeCloseTo(16 * 1.2, 0)
    const [wide, low] = squeezed(0) as [number, number]
    expect(wide).toBeCloseTo(16 / 0.8, 0)
    expect(low).toBeCloseTo(16 * 0.8, 0)
  })

  test('with a share, the others stay as they are', () => {
    const options = { shift: 1, share: 0.9 }
    expect(apply(options, [1, 3, 3], square, draws(0.99, middle, middle, middle, middle, 0.9, 0.89))).not.toEqual(
      square,
    )
    expect(apply(options, [1, 3, 3], square, draws(0.99, middle, middle, middle, middle, 0.9, 0.9))).toEqual(square)
  })

  test('a mirrored and moved image moves to the same side', () => {
    const random = draws(0.99, middle, middle, middle, middle, 0)
    expect(apply({ shift: 1, flip: true }, [1, 1, 3], [1, 2, 3], random)).toEqual([0, 3, 2])
  })

  test('half a turn and a quarter turn move every pixel to its place', () => {
    const half = draws(middle, middle, middle, 1, middle, 0.9)
    expect(apply({ rotate: 180 }, [1, 3, 3], square, half)).toEqual([...square].reverse())
    const quarter = draws(middle, middle, middle, 1, middle, 0.9)
    const turned = apply({ rotate: 90 }, [1, 3, 3], square, quarter)
    expect([turned, turned.toReversed()]).toContainEqual([3, 6, 9, 2, 5, 8, 1, 4, 7])
  })

  test('a warp by an exact pixel agrees with the shift', () => {
    const random = () => draws(1, middle, middle, middle, middle, 0.9)
    // The tiniest rotation switches the interpolation on; drawn from the middle it is none.
    const warped = apply({ shift: 1, rotate: 0.001 }, [1, 32, 32], noise, random())
    expect(warped).toEqual(apply({ shift: 1 }, [1, 32, 32], noise, draws(0.99, middle, middle, middle, middle, 0.9)))
  })

  test('an even surface stays even inside, and nothing is written outside of the image', () => {
    const augment = createAugmenter({ shift: 2, scale: 0.2, rotate: 30, shear: 10, flip: true }, [2, 9, 11])
    const size = 2 * 9 * 11
    const source = new Uint8Array(size + 20).fill(200)
    const random = generator(5)
    for (let run = 0; run < 500; run++) {
      const target = new Uint8Array(size + 20).fill(77)
      augment(source, 10, target, 10, random)
      expect(target.subarray(0, 10)).toEqual(new Uint8Array(10).fill(77))
      expect(target.subarray(size + 10)).toEqual(new Uint8Array(10).fill(77))
      const image = target.subarray(10, size + 10)
      expect(image.every((pixel) => pixel <= 200)).toBe(true)
      expect(image[4 * 11 + 5]).toBe(200)
    }
  })

  test('the outermost positions of strong maps stay inside the image', () => {
    const augment = createAugmenter({ shift: 32, scale: 0.9, rotate: 180, shear: 60, flip: true }, [1, 32, 32])
    const source = new Uint8Array(1024).fill(255)
    const target = new Uint8Array(1024)
    const random = generator(6)
    for (let run = 0; run < 3000; run++) {
      const extreme = () => (random() < 0.3 ? Math.round(random()) * (1 - 2 ** -32) : random())
      augment(source, 0, target, 0, extreme)
    }
    expect(target.length).toBe(1024)
  })

  test('images before and after do not show through', () => {
    const augment = createAugmenter({ rotate: 45, shift: 4 }, [1, 8, 8])
    const black = new Uint8Array(64)
    const white = new Uint8Array(64).fill(255)
    const target = new Uint8Array(64)
    const random = generator(7)
    for (let run = 0; run < 100; run++) {
      augment(white, 0, target, 0, random)
      augment(black, 0, target, 0, random)
      expect(target).toEqual(black)
    }
  })

  test('one seed gives these pixels in every JavaScript engine', () => {
    const random = generator(8)
    const options = { shift: 2, scale: 0.15, rotate: 15, shear: 8 }
    let sum = 0
    for (let run = 0; run < 20; run++)
      for (const pixel of apply(options, [1, 32, 32], noise, random)) sum = (sum * 31 + pixel) >>> 0
    expect(sum).toMatchInlineSnapshot(`4138227342`)
  })

  test.each([{ shift: -1 }, { shift: 33 }, { scale: 1 }, { rotate: 181 }, { shear: 61 }, { rotate: Number.NaN }])(
    'options out of range are refused: %o',
    (options) => {
      expect(() => createAugmenter(options, [1, 32, 32])).toThrow(UsageError)
    },
  )
})
