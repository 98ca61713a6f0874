import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { gunzip, plainOrGzip, readMaybeGzip } from './gunzip.ts'

const content = Uint8Array.from({ length: 300 }, (_, place) => (place * 7) & 255)
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenet-gunzip-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('gzip', () => {
  test('is unpacked to plain bytes', async () => {
    expect(await gunzip(gzipSync(content), 'x')).toEqual(content)
  })

  test('cut off at any byte, it is a FormatError naming the file', async () => {
    const packed = gzipSync(content)
    for (let length = 0; length < packed.length; length++) {
      await expect(gunzip(packed.subarray(0, length), 'x.gz')).rejects.toThrow(FormatError)
    }
  })

  test('the bytes say whether a file is packed, whatever its name, and the plain one is preferred', async () => {
    const path = join(folder, 'a')
    expect(await plainOrGzip(path)).toBeUndefined()
    await writeFile(`${path}.gz`, gzipSync(content))
    expect(await plainOrGzip(path)).toBe(`${path}.gz`)
    expect(await readMaybeGzip(`${path}.gz`)).toEqual(content)
    await writeFile(path, content)
    expect(await plainOrGzip(path)).toBe(path)
    expect(await readMaybeGzip(path)).toEqual(content)
    await writeFile(path, gzipSync(content))
    expect(await readMaybeGzip(path)).toEqual(content)
    await writeFile(`${path}.gz`, content)
    expect(await readMaybeGzip(`${path}.gz`)).toEqual(content)
  })
})
