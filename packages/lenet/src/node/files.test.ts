import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FormatError, UsageError } from '../errors.ts'
import { makeFolder, readFileOrExplain, removeTemporaryFiles, writeFileAtomic } from './files.ts'

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

  // A name space of its own may mount what it likes; not every machine lets one have it.
  const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0
  test.skipIf(!canMount)('a folder that would have to be made on a read-only disk is refused for that reason', () => {
    const source = resolve(import.meta.dirname, 'files.ts')
    const code = `(await import('${source}')).writeFileAtomic('${folder}/runs/deep/a', 'x').catch((e) => console.log(e.message))`
    const script = `mount -t tmpfs -o ro none ${folder} && '${process.execPath}' --input-type=module -e "${code}"`
    const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', script], { encoding: 'utf8' })
    expect(stderr + stdout).toContain('runs/deep/a: cannot be written: the disk is read-only\nhint: choose a folder')
  })

  test.skipIf(!existsSync('/proc/self'))(
    'a place where no folder can be made is refused, and does not hang',
    async () => {
      await expect(writeFileAtomic('/proc/lenet/deep/a', 'x')).rejects.toThrow('a folder of the path cannot be made')
    },
  )

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

test('makeFolder tells which folders were not there', async () => {
  const path = join(folder, 'a/b')
  expect(await makeFolder(path)).toEqual([join(folder, 'a'), path])
  expect(await makeFolder(path)).toEqual([])
  await writeFile(join(folder, 'file'), '')
  await expect(makeFolder(join(folder, 'file/c'))).rejects.toThrow(/c: cannot be written: a part of the path is a file/)
})

test('what a killed writer left is removed, and nothing else', async () => {
  for (const name of [
    '.model.safetensors.3c2b54de-6d0e-4d19-9d43-9c1b3a2f8e11.tmp',
    'model.tmp',
    '.a.tmp',
    'config.json',
  ])
    await writeFile(join(folder, name), '')
  await removeTemporaryFiles(folder)
  expect(await readdir(folder)).toEqual(['.a.tmp', 'config.json', 'model.tmp'])
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
