import { describe, expect, test } from 'vitest'
import { luminance, type Picture, toPlanes } from './picture.ts'

const picture = (channels: 1 | 3 | 4, ...pixels: number[]): Picture => ({
  width: pixels.length / channels,
  height: 1,
  channels,
  pixels: Uint8Array.from(pixels),
})

describe('toPlanes', () => {
  test('interleaved colours become planes', () => {
    expect([...toPlanes(picture(3, 1, 2, 3, 4, 5, 6), 3)]).toEqual([1, 4, 2, 5, 3, 6])
  })

  test('grey becomes RGB by repetition', () => {
    expect([...toPlanes(picture(1, 7, 8), 3)]).toEqual([7, 8, 7, 8, 7, 8])
  })

  test('RGB becomes grey by the weights of Rec. 601', () => {
    expect([...toPlanes(picture(3, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255), 1)]).toEqual([76, 150, 29, 255])
  })

  test('grey that went through RGB is the same grey', () => {
    for (let grey = 0; grey < 256; grey++) expect(luminance(grey, grey, grey)).toBe(grey)
  })

  test('transparency shows white', () => {
    expect([...toPlanes(picture(4, 0, 0, 0, 0, 0, 0, 0, 255, 0, 100, 200, 51), 3)]).toEqual([
      255, 0, 204, 255, 0, 224, 255, 0, 244,
    ])
  })

  test('pixels that do not fill the picture are refused', () => {
    expect(() => toPlanes({ ...picture(3, 1, 2, 3), height: 2 }, 3)).toThrow(
      'picture: has 3 bytes but 1x2 with 3 channels has 6',
    )
  })

  test('a model with other channels is refused', () => {
    expect(() => toPlanes(picture(1, 1), 2)).toThrow('picture: 2 input channels cannot be filled from it')
  })
})
