import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FormatError, UsageError } from '../errors.ts'
import { readFileOrExplain, writeFileAtomic } from './files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenet-files-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('writeFileAtomic', () => {
  test('writes bytes and text, and leaves nothing else behind', async () => {
    await writeFileAtomic(join(folder, 'a'), Uint8Array.of(1, 2, 3))
    await writeFileAtomic(join(folder, 'b'), 'text')
    expect([...(await readFile(join(folder, 'a')))]).toEqual([1, 2, 3])
    expect(await readFile(join(folder, 'b'), 'utf8')).toBe('text')
    expect(await readdir(folder)).toEqual(['a', 'b'])
  })

  test('replaces an older file and makes missing folders', async () => {
    const path = join(folder, 'new/deep/file')
    await writeFileAtomic(path, 'old and long')
    await writeFileAtomic(path, 'new')
    expect(await readFile(path, 'utf8')).toBe('new')
  })

  test('a bare name is written to the current folder', async () => {
    const before = process.cwd()
    process.chdir(folder)
    try {
      await writeFileAtomic('here', 'x')
    } finally {
      process.chdir(before)
    }
    expect(await readdir(folder)).toEqual(['here'])
  })

  test('a path that is a folder is refused and no temporary file is left', async () => {
    await mkdir(join(folder, 'inner'))
    const write = writeFileAtomic(join(folder, 'inner'), 'x')
    await expect(write).rejects.toThrow(UsageError)
    await expect(write).rejects.toThrow(/inner: cannot be written: it is a folder\nhint: /)
    expect(await readdir(folder)).toEqual(['inner'])
  })

  test('a path below a file is refused', async () => {
    await writeFile(join(folder, 'file'), '')
    const write = writeFileAtomic(join(folder, 'file/x'), '')
    await expect(write).rejects.toThrow(/x: cannot be written: a part of the path is a file/)
  })

  test.skipIf(!existsSync('/dev/null'))('a device is written through and stays a device', async () => {
    await writeFileAtomic('/dev/null', 'x')
    expect((await readFile('/dev/null')).length).toBe(0)
  })

  test.skipIf(!existsSync('/dev/full'))('a full disk is named with a way out', async () => {
    await expect(writeFileAtomic('/dev/full', 'x')).rejects.toThrow(
      '/dev/full: cannot be written: the disk is full\nhint: free some space',
    )
  })
})

describe('readFileOrExplain', () => {
  test('gives the bytes', async () => {
    await writeFile(join(folder, 'a'), 'AB')
    expect([...(await readFileOrExplain(join(folder, 'a')))]).toEqual([65, 66])
  })

  test('a missing file and a folder are FormatErrors that say so', async () => {
    const missing = readFileOrExplain(join(folder, 'missing'))
    await expect(missing).rejects.toThrow(FormatError)
    await expect(missing).rejects.toThrow(/missing: does not exist/)
    await expect(readFileOrExplain(folder)).rejects.toThrow(/is a folder; a file is wanted/)
  })
})
