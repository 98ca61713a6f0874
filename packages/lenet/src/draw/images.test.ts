import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { drawImages } from './images.ts'

/** Pixels of the first embedded image, without the filter byte of each row. */
function firstPixels(svg: string, rowBytes: number): number[] {
  const file = Buffer.from(svg.match(/base64,([^"]+)/)![1]!, 'base64')
  const length = file.readUInt32BE(33)
  const rows = [...inflateSync(file.subarray(41, 41 + length))]
  return rows.filter((_, i) => i % (rowBytes + 1) !== 0)
}

describe('drawImages', () => {
  test('captions are the truth and the answer, and mistakes are marked', () => {
    const one = { shape: [1, 1, 1], pixels: Uint8Array.of(5), truth: '4' } as const
    const svg = drawImages({
      images: [
        { ...one, answer: '9', probability: 0.873 },
        { ...one, answer: '4' },
      ],
    })
    expect(svg).toContain('class="orange" font-size="12">→ 9 · 87 %</text>')
    expect(svg).toContain('class="blue" font-size="12">→ 4</text>')
  })

  test('planes of red, green and blue become pixels', () => {
    const svg = drawImages({ images: [{ shape: [3, 1, 2], pixels: Uint8Array.of(1, 2, 3, 4, 5, 6), truth: 'x' }] })
    expect(firstPixels(svg, 6)).toEqual([1, 3, 5, 2, 4, 6])
  })

  test('floats are stretched from their smallest to their largest, and a flat image is black', () => {
    const image = (...values: number[]) => ({
      shape: [1, 1, 3] as const,
      pixels: Float32Array.from(values),
      truth: 'x',
    })
    expect(firstPixels(drawImages({ images: [image(-1, 0, 1)] }), 3)).toEqual([0, 128, 255])
    expect(firstPixels(drawImages({ images: [image(4, 4, 4)] }), 3)).toEqual([0, 0, 0])
  })

  test('an image of two channels, or with too few pixels, is refused', () => {
    const draw = (channels: number, count: number) => () =>
      drawImages({ images: [{ shape: [channels, 1, 1], pixels: new Uint8Array(count), truth: 'x' }] })
    expect(draw(2, 2)).toThrow('drawImages: an image has 2 channels; 1 (grey) or 3 (RGB) can be drawn')
    expect(draw(3, 2)).toThrow('drawImages: [3, 1, 1] wants 3 pixels, not 2')
  })
})
