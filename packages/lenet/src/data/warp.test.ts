import { describe, expect, test } from 'vitest'
import { createWarper, type Matrix } from './warp.ts'

const identity: Matrix = [1, 0, 0, 1]

const warp = (plane: number[], width: number, map: Matrix, shiftX = 0, shiftY = 0) => {
  const target = new Uint8Array(plane.length).fill(99)
  createWarper(plane.length / width, width)(Uint8Array.from(plane), 0, target, 0, map, shiftX, shiftY)
  return [...target]
}

describe('createWarper', () => {
  test('the identity copies, mirror and half turn reorder', () => {
    expect(warp([1, 2, 3, 4, 5, 6], 3, identity)).toEqual([1, 2, 3, 4, 5, 6])
    expect(warp([1, 2, 3, 4, 5, 6], 3, [-1, 0, 0, 1])).toEqual([3, 2, 1, 6, 5, 4])
    expect(warp([1, 2, 3, 4, 5, 6], 3, [-1, 0, 0, -1])).toEqual([6, 5, 4, 3, 2, 1])
  })

  test('between pixels the neighbours mix, at the border with black', () => {
    expect(warp([0, 100, 200], 3, identity, 0.5)).toEqual([0, 50, 150])
    expect(warp([100, 200, 0, 0], 2, identity, 0, 0.25)).toEqual([75, 150, 25, 50])
  })

  test('what lies outside of the source is black', () => {
    expect(warp([9, 9, 9, 9], 2, identity, 5)).toEqual([0, 0, 0, 0])
    expect(warp([9, 9, 9, 9], 2, identity, 0, -5)).toEqual([0, 0, 0, 0])
  })

  test('it agrees with the definition of linear interpolation for random maps', () => {
    let seed = 1
    const random = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      return seed / 2 ** 32
    }
    const [height, width] = [9, 12]
    const plane = Array.from({ length: height * width }, () => Math.floor(random() * 256))
    const at = (y: number, x: number) => (y < 0 || x < 0 || y >= height || x >= width ? 0 : plane[y * width + x]!)
    for (let run = 0; run < 300; run++) {
      const map = [0, 1, 2, 3].map(() => 3 * random() - 1.5) as unknown as Matrix
      const [shiftX, shiftY] = [6 * random() - 3, 6 * random() - 3]
      const warped = warp(plane, width, map, shiftX, shiftY)
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          const [right, down] = [j - (width - 1) / 2 - shiftX, i - (height - 1) / 2 - shiftY]
          const x = map[0] * right + map[1] * down + (width - 1) / 2
          const y = map[2] * right + map[3] * down + (height - 1) / 2
          const [u, v] = [Math.floor(x), Math.floor(y)]
          const top = at(v, u) * (u + 1 - x) + at(v, u + 1) * (x - u)
          const bottom = at(v + 1, u) * (u + 1 - x) + at(v + 1, u + 1) * (x - u)
          // Weights have 8 bits: 255 / 256 for each axis, and the rounding.
          expect(Math.abs(warped[i * width + j]! - (top * (v + 1 - y) + bottom * (y - v)))).toBeLessThan(2.6)
        }
      }
    }
  })
})
