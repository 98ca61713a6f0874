import { describe, expect, test } from 'vitest'
import { findInk } from './find-ink.ts'

const image = (side: number, value: (x: number, y: number) => number) => ({
  width: side,
  height: side,
  pixels: Float32Array.from({ length: side * side }, (_, place) => value(place % side, Math.floor(place / side))),
})

const bar = (x: number, y: number) => x >= 40 && x < 50 && y >= 20 && y < 80

describe('findInk', () => {
  test('dark ink and light ink have the same box', () => {
    const box = { left: 40, top: 20, width: 10, height: 60 }
    expect(findInk(image(100, (x, y) => (bar(x, y) ? 30 : 220)))?.box).toEqual(box)
    expect(findInk(image(100, (x, y) => (bar(x, y) ? 220 : 30)))?.box).toEqual(box)
  })

  test('specks and the edge of the paper are no ink of the digit', () => {
    const speck = (x: number, y: number) => x > 80 && x < 84 && y > 80 && y < 84
    const found = findInk(image(100, (x, y) => (bar(x, y) || speck(x, y) || x >= 96 ? 30 : 220)))
    expect(found?.box).toEqual({ left: 40, top: 20, width: 10, height: 60 })
    expect(found?.ink.pixels[82 * 100 + 82]).toBe(0)
  })

  test('a digit that reaches the border is kept', () => {
    expect(findInk(image(100, (x) => (x >= 40 && x < 50 ? 255 : 0)))?.box).toEqual({
      left: 40,
      top: 0,
      width: 10,
      height: 100,
    })
  })

  test('a fine line is made as wide as a stroke of MNIST', () => {
    const found = findInk(image(200, (x, y) => (x === 100 && y >= 20 && y < 180 ? 0 : 255)))!
    expect(found.box.width).toBeGreaterThanOrEqual(7)
    expect(found.box.width).toBeLessThanOrEqual(17)
  })

  test('a digit that fills its picture leaves the paper in its corners', () => {
    // A ring of 28 pixels in a picture of 28, thicker than the rim by which paper is known.
    const ring = (x: number, y: number) => Math.hypot(x - 13.5, (y - 13.5) * 0.95)
    const ink = (x: number, y: number) => (ring(x, y) > 6 && ring(x, y) < 14.5 ? 1 : 0)
    for (const value of [ink, (x: number, y: number) => 1 - ink(x, y)]) {
      const found = findInk(image(28, (x, y) => 255 * value(x, y)))!
      expect(found.box).toEqual({ left: 0, top: 0, width: 28, height: 28 })
      expect([found.ink.pixels[0], found.ink.pixels[13 * 28 + 2], found.ink.pixels[13 * 28 + 13]]).toEqual([0, 1, 0])
    }
  })

  test('two halves, noise and shadows are no digit that fills its picture', () => {
    expect(findInk(image(50, (x) => (x < 25 ? 20 : 230)))).toBeUndefined()
    expect(findInk(image(50, (x, y) => (x * 7919 + y * 104_729 + x * y * 31) % 256))).toBeUndefined()
    expect(findInk(image(50, (x) => 180 + 60 * Math.tanh((x - 20) / 6)))).toBeUndefined()
  })

  test('an even surface has no ink', () => {
    expect(findInk(image(50, () => 128))).toBeUndefined()
    expect(findInk(image(50, (x, y) => 100 + x + y))).toBeUndefined()
  })
})
