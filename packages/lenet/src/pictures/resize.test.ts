import { describe, expect, test } from 'vitest'
import { createResampler, resizePicture } from './resize.ts'

const resize = (source: number[], from: [number, number], to: [number, number]) => {
  const target = new Float32Array(to[0] * to[1])
  createResampler(from, to)(Float32Array.from(source), 0, target, 0)
  return [...target]
}

describe('createResampler', () => {
  test('shrinking averages over what an output pixel covers, also in parts', () => {
    expect(resize([1, 3, 5, 7], [1, 4], [1, 2])).toEqual([2, 6])
    expect(resize([0, 3, 6], [1, 3], [1, 2])).toEqual([1, 5])
    expect(resize([1, 2, 3, 4], [2, 2], [1, 1])).toEqual([2.5])
  })

  test('growing interpolates between the centres of pixels', () => {
    expect(resize([0, 4], [1, 2], [1, 4])).toEqual([0, 1, 3, 4])
    expect(resize([0, 4], [2, 1], [4, 1])).toEqual([0, 1, 3, 4])
  })

  test('one axis may grow while the other shrinks', () => {
    expect(resize([0, 4, 2, 6], [2, 2], [1, 4])).toEqual([1, 2, 4, 5])
  })

  test('the same size copies', () => {
    expect(resize([5, 6, 7, 8, 9, 10], [2, 3], [2, 3])).toEqual([5, 6, 7, 8, 9, 10])
  })

  test('an even surface stays exactly even in bytes at every size', () => {
    for (let side = 1; side < 40; side++) {
      for (const value of [1, 77, 254, 255]) {
        const target = new Uint8Array(side * 7)
        createResampler([13, 17], [side, 7])(new Uint8Array(13 * 17).fill(value), 0, target, 0)
        expect(target).toEqual(new Uint8Array(side * 7).fill(value))
      }
    }
  })

  test('planes are read and written at their offsets', () => {
    const target = Uint8Array.of(9, 9, 9)
    createResampler([1, 2], [1, 1])(Uint8Array.of(100, 100, 4, 6), 2, target, 1)
    expect([...target]).toEqual([9, 5, 9])
  })
})

describe('resizePicture', () => {
  test('gives the planes of the asked shape', () => {
    const pixels = Uint8Array.of(10, 0, 0, 30, 0, 0, 50, 0, 0, 70, 0, 0)
    expect([...resizePicture({ width: 4, height: 1, channels: 3, pixels }, [3, 1, 2])]).toEqual([20, 60, 0, 0, 0, 0])
  })
})
