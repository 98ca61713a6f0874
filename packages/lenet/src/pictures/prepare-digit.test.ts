import { describe, expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import type { Picture } from './picture.ts'
import { prepareDigit } from './prepare-digit.ts'

/** A '7' of a given height in a square picture; 1 is ink. */
const seven = (x: number, y: number, height: number): number => {
  const stroke = height / 9
  const inTop = y >= 0 && y < stroke && x >= 0 && x < height * 0.6
  const slant = height * 0.6 - stroke - (y / height) * height * 0.35
  return inTop || (y >= 0 && y < height && x >= slant && x < slant + stroke) ? 1 : 0
}

interface Scene {
  readonly side?: number
  readonly height?: number
  readonly left?: number
  readonly top?: number
  readonly colour?: (ink: number, x: number, y: number) => number
}

function draw({
  side = 200,
  height = 120,
  left = 60,
  top = 40,
  colour = (ink) => 230 - 200 * ink,
}: Scene = {}): Picture {
  const pixels = new Uint8Array(side * side)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) pixels[y * side + x] = colour(seven(x - left, y - top, height), x, y)
  }
  return { width: side, height: side, channels: 1, pixels }
}

function boundsOf(image: Uint8Array, over = 60) {
  const inked = [...image.keys()].filter((place) => image[place]! > over)
  const columns = inked.map((place) => place % 28)
  const rows = inked.map((place) => Math.floor(place / 28))
  return { width: Math.max(...columns) - Math.min(...columns) + 1, height: Math.max(...rows) - Math.min(...rows) + 1 }
}

function centreOf(image: Uint8Array) {
  const mass = image.reduce((sum, pixel) => sum + pixel, 0)
  const x = image.reduce((sum, pixel, place) => sum + pixel * (place % 28), 0) / mass
  const y = image.reduce((sum, pixel, place) => sum + pixel * Math.floor(place / 28), 0) / mass
  return { x, y }
}

const apart = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, pixel, place) => sum + Math.abs(pixel - b[place]!), 0) / 784

describe('prepareDigit', () => {
  const plain = prepareDigit(draw())

  test('the digit is bright on black, 20 pixels high, with its centre of mass in the middle', () => {
    expect(plain).toHaveLength(784)
    expect(plain[0]).toBe(0)
    expect(Math.max(...plain)).toBe(255)
    expect(boundsOf(plain).height).toBe(20)
    expect(boundsOf(plain).width).toBeCloseTo(12, -0.5)
    expect(Math.abs(centreOf(plain).x - 14)).toBeLessThanOrEqual(0.51)
    expect(Math.abs(centreOf(plain).y - 14)).toBeLessThanOrEqual(0.51)
  })

  test.each<[string, Scene]>([
    ['light ink on dark', { colour: (ink) => 20 + 200 * ink }],
    ['another place', { left: 10, top: 70 }],
    ['another size', { side: 500, height: 300, left: 100, top: 100 }],
    ['a photograph of many pixels', { side: 1500, height: 600, left: 500, top: 300 }],
    [
      'light falling off to half',
      { colour: (ink, x, y) => (230 - 180 * ink) * (1 - 0.3 * (x / 200) - 0.2 * (y / 200) ** 2) },
    ],
    ['a pale pencil', { colour: (ink) => 230 - 50 * ink }],
    ['grain', { colour: (ink, x, y) => 220 - 180 * ink + ((x * 7919 + y * 104729) % 31) - 15 }],
  ])('%s changes little', (_, scene) => {
    expect(apart(prepareDigit(draw(scene)), plain)).toBeLessThan(6)
  })

  test('RGB, and ink on a transparent ground, are read like grey', () => {
    const grey = draw({ colour: (ink) => 255 - 255 * ink })
    const rgb = Uint8Array.from({ length: grey.pixels.length * 3 }, (_, place) => grey.pixels[Math.floor(place / 3)]!)
    const alpha = Uint8Array.from({ length: grey.pixels.length * 4 }, (_, place) =>
      place % 4 === 3 ? 255 - grey.pixels[place >> 2]! : 0,
    )
    expect(prepareDigit({ ...grey, channels: 3, pixels: rgb })).toEqual(prepareDigit(grey))
    expect(prepareDigit({ ...grey, channels: 4, pixels: alpha })).toEqual(prepareDigit(grey))
  })

  test('white ink on a transparent ground, which nobody sees on white, is read as on black', () => {
    const black = draw({ colour: (ink) => 255 * ink })
    const white = Uint8Array.from({ length: black.pixels.length * 4 }, (_, place) =>
      place % 4 === 3 ? black.pixels[place >> 2]! : 255,
    )
    expect(prepareDigit({ ...black, channels: 4, pixels: white })).toEqual(prepareDigit(black))
  })

  test('an image that was prepared already stays nearly the same', () => {
    const again = prepareDigit({ width: 28, height: 28, channels: 1, pixels: plain })
    expect(apart(again, plain)).toBeLessThan(6)
  })

  test('a one is as high as the box and not stretched', () => {
    const one = draw({ colour: () => 0 })
    one.pixels.fill(255)
    for (let y = 50; y < 150; y++) one.pixels.fill(0, y * 200 + 95, y * 200 + 105)
    expect(boundsOf(prepareDigit(one))).toEqual({ width: 2, height: 20 })
  })

  test.each([
    ['white', () => 255],
    ['black', () => 0],
    ['shaded', (x: number) => 100 + x / 2],
  ])('a %s picture without ink is refused', (_, value) => {
    const blank = draw({ colour: (_ink, x) => value(x) })
    expect(() => prepareDigit(blank)).toThrow(UsageError)
    expect(() => prepareDigit(blank)).toThrow('picture: shows no digit')
  })

  test('a picture of one pixel is refused, not a crash', () => {
    expect(() => prepareDigit({ width: 1, height: 1, channels: 1, pixels: Uint8Array.of(7) })).toThrow(UsageError)
  })

  test('pictures of any proportions give 784 bytes or a UsageError', () => {
    for (const [width, height] of [
      [1, 50],
      [50, 1],
      [2, 2],
      [3, 90],
      [400, 5],
    ] as const) {
      const pixels = Uint8Array.from({ length: width * height }, (_, place) => (place * 89) & 255)
      try {
        expect(prepareDigit({ width, height, channels: 1, pixels })).toHaveLength(784)
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError)
      }
    }
  })
})
