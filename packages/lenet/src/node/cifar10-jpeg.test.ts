import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { decodeJpegArchive } from './cifar10-jpeg.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenet-jpeg-'))
})
afterEach(() => rm(folder, { recursive: true }))

const jpeg = (background: string, size = 32) =>
  sharp({ create: { width: size, height: size, channels: 3, background } })
    .jpeg({ quality: 100 })
    .toBuffer()

function tarEntry(name: string, bytes: Uint8Array): Buffer {
  const block = Buffer.alloc(512 + Math.ceil(bytes.length / 512) * 512)
  block.write(name, 0)
  block.write(bytes.length.toString(8), 124)
  block.fill(' ', 148, 156)
  block.write('0', 156)
  const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0`, 148)
  block.set(bytes, 512)
  return block
}

async function pack(files: Record<string, Uint8Array>): Promise<string> {
  const path = join(folder, 'pictures.tar.gz')
  const entries = Object.entries(files).map(([name, bytes]) => tarEntry(name, bytes))
  await writeFile(path, gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)])))
  return path
}

const options = () => ({ cacheDir: join(folder, 'cache') })

describe('decodeJpegArchive', () => {
  test('pictures come in the order of their index, as planes, with the labels of their names', async () => {
    const path = await pack({ 'x/00001_3.jpg': await jpeg('#0000ff'), 'x/00000_9.jpg': await jpeg('#ff0000') })
    const { pixels, labels } = await decodeJpegArchive(path, options())
    expect([...labels]).toEqual([9, 3])
    expect([0, 1024, 2048, 3072, 3072 + 2048].map((place) => pixels[place]! > 240)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ])
  })

  test('the decoded pixels are kept, and read again without decoding', async () => {
    const path = await pack({ '00000_1.jpg': await jpeg('#123456') })
    const first = await decodeJpegArchive(path, options())
    expect(await readdir(join(folder, 'cache/cifar10'))).toHaveLength(1)
    let decoded = 0
    expect(await decodeJpegArchive(path, { ...options(), onProgress: () => decoded++ })).toEqual(first)
    expect(decoded).toBe(0)
  })

  test('a cache that cannot be written is no obstacle', async () => {
    await writeFile(join(folder, 'file'), '')
    const path = await pack({ '00000_1.jpg': await jpeg('#123456') })
    await chmod(path, 0o444)
    expect((await decodeJpegArchive(path, { cacheDir: join(folder, 'file') })).labels).toHaveLength(1)
  })

  test.each([
    [
      'another size',
      async () => ({ '00000_1.jpg': await jpeg('#123456', 16) }),
      "'00000_1.jpg' is 16x16 with 3 channels",
    ],
    ['a name without label', async () => ({ 'cat.jpg': await jpeg('#123456') }), "'cat.jpg' is not named"],
    ['no pictures', async () => ({ 'readme.txt': Uint8Array.of(1) }), "has no files '<index>_<label>.jpg'"],
    ['a damaged picture', async () => ({ '00000_1.jpg': Uint8Array.of(1, 2) }), '00000_1.jpg: is no picture'],
  ])('%s is refused', async (_, files, message) => {
    const path = await pack(await files())
    await expect(decodeJpegArchive(path, options())).rejects.toThrow(FormatError)
    await expect(decodeJpegArchive(path, options())).rejects.toThrow(message)
  })
})
