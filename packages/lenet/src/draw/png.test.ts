import { crc32, inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Depth, png, pngUrl } from './png.ts'

interface Chunk {
  readonly type: string
  readonly data: Uint8Array
}

function chunksOf(file: Uint8Array): Chunk[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const chunks: Chunk[] = []
  for (let at = 8; at < file.length; ) {
    const length = view.getUint32(at)
    const body = file.subarray(at + 4, at + 8 + length)
    expect(view.getUint32(at + 8 + length)).toBe(crc32(body))
    chunks.push({ type: String.fromCharCode(...body.subarray(0, 4)), data: body.subarray(4) })
    at += 12 + length
  }
  return chunks
}

describe('png', () => {
  const cases: readonly [Depth, number, number][] = [
    [1, 2, 3],
    [3, 4, 1],
    [4, 5, 5],
    [1, 300, 300],
  ]
  test.each(cases)(
    '%i values a pixel, %i by %i: inflates to its rows, with checksums that zlib accepts',
    (depth, height, width) => {
      const values = Uint8Array.from({ length: depth * height * width }, (_, i) => (i * 37) & 255)
      const chunks = chunksOf(png(values, { height, width, depth }))
      expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'IDAT', 'IEND'])
      const rows = inflateSync(chunks[1]!.data)
      expect(rows.length).toBe(height * (1 + width * depth))
      const back = values.map((_, i) => rows[Math.floor(i / (width * depth)) + 1 + i]!)
      expect(back).toEqual(values)
    },
  )

  test('the data URL is base64 of the file', () => {
    const size = { height: 1, width: 1, depth: 1 as const }
    const url = pngUrl(Uint8Array.of(7), size)
    expect(Uint8Array.from(Buffer.from(url.split(',')[1]!, 'base64'))).toEqual(png(Uint8Array.of(7), size))
  })
})
