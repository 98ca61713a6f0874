import { describe, expect, test } from 'vitest'
import { subtractBackgrounds } from './background.ts'

const image = (side: number, value: (x: number, y: number) => number) => ({
  width: side,
  height: side,
  pixels: Float32Array.from({ length: side * side }, (_, place) => value(place % side, Math.floor(place / side))),
})

const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

const subtractBackground = (picture: Parameters<typeof subtractBackgrounds>[0]) => [...subtractBackgrounds(picture)][0]!

describe('subtractBackgrounds', () => {
  test('light that falls off as a curve vanishes', () => {
    const { difference, noise } = subtractBackground(image(60, (x, y) => 200 - 0.02 * x * x - y))
    expect(largest(difference)).toBeLessThan(0.01)
    expect(noise).toBeLessThan(0.01)
  })

  test('ink stands out by its contrast and does not bend the background', () => {
    const inked = image(60, (x, y) => 200 - x - (x > 25 && x < 35 && y > 10 && y < 50 ? 100 : 0))
    const { difference } = subtractBackground(inked)
    expect(difference[30 * 60 + 30]).toBeCloseTo(-100, 0)
    expect(Math.abs(difference[30 * 60 + 10]!)).toBeLessThan(1)
  })

  test('a picture of a few pixels has the median of its rim as background', () => {
    const { difference } = subtractBackground(image(3, (x, y) => (x === 1 && y === 1 ? 200 : 50)))
    expect([...difference]).toEqual([0, 0, 0, 0, 150, 0, 0, 0, 0])
  })
})
