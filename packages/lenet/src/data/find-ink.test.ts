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

  test('an even surface has no ink', () => {
    expect(findInk(image(50, () => 128))).toBeUndefined()
    expect(findInk(image(50, (x, y) => 100 + x + y))).toBeUndefined()
  })
})
