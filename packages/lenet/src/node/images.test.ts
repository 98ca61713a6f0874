import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { readImage } from './images.ts'

const raw = (channels: 1 | 2 | 3 | 4, ...pixels: number[]) =>
  sharp(Uint8Array.from(pixels), { raw: { width: pixels.length / channels, height: 1, channels } })

describe('readImage', () => {
  test('RGB pixels come side by side', async () => {
    const png = await raw(3, 1, 2, 3, 250, 251, 252).png().toBuffer()
    const pixels = Uint8Array.of(1, 2, 3, 250, 251, 252)
    expect(await readImage(png)).toEqual({ width: 2, height: 1, channels: 3, pixels })
  })

  test('grey stays one channel', async () => {
    const png = await raw(1, 10, 200).toColourspace('b-w').png().toBuffer()
    expect(await readImage(png)).toEqual({ width: 2, height: 1, channels: 1, pixels: Uint8Array.of(10, 200) })
  })

  test('transparency is kept, grey with alpha becomes RGBA', async () => {
    const rgba = await raw(4, 1, 2, 3, 4).png().toBuffer()
    expect([...(await readImage(rgba)).pixels]).toEqual([1, 2, 3, 4])
    const greyAlpha = await raw(2, 9, 77).toColourspace('b-w').png().toBuffer()
    expect([...(await readImage(greyAlpha)).pixels]).toEqual([9, 9, 9, 77])
  })

  test('JPEG and WebP are read, from a path too', async () => {
    const picture = sharp({ create: { width: 5, height: 4, channels: 3, background: '#808080' } })
    expect(await readImage(await picture.clone().webp().toBuffer())).toMatchObject({ width: 5, height: 4, channels: 3 })
    const folder = await mkdtemp(join(tmpdir(), 'lenet-images-'))
    await writeFile(join(folder, 'a.jpg'), await picture.jpeg().toBuffer())
    expect(await readImage(join(folder, 'a.jpg'))).toMatchObject({ width: 5, height: 4, channels: 3 })
    await rm(folder, { recursive: true })
  })

  test("a camera's rotation is obeyed", async () => {
    const jpeg = await raw(3, ...new Array(6).fill(100))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect(await readImage(jpeg)).toMatchObject({ width: 1, height: 2 })
  })

  test('a small file that holds a huge picture is refused before it is decoded', async () => {
    // Width and height stand in the header, at byte 16, and its sum at 29.
    const png = Buffer.from(await raw(1, 0, 0).toColourspace('b-w').png().toBuffer())
    png.writeUInt32BE(16_000, 16)
    png.writeUInt32BE(16_000, 20)
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
    await expect(readImage(png, 'huge.png')).rejects.toThrow(
      'huge.png: has 16000 x 16000 pixels, 256 million; at most 64 million are read\nhint: make it smaller',
    )
  })

  test('what is no picture, or half of one, is a FormatError with its name', async () => {
    await expect(readImage(Uint8Array.of(1, 2, 3), 'upload')).rejects.toThrow(
      /^upload: is no picture that can be decoded/,
    )
    const noisy = Uint8Array.from({ length: 64 * 64 * 3 }, (_, place) => (place * place) & 255)
    const png = await sharp(noisy, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer()
    await expect(readImage(png.subarray(0, png.length / 2), 'half')).rejects.toThrow(FormatError)
    await expect(readImage('/no/such/file.png')).rejects.toThrow('/no/such/file.png: does not exist')
  })
})
