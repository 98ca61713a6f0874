import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FormatError, UsageError } from '../errors.ts'
import { imageFolder } from './image-folder.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenet-folder-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function put(path: string, red: number, size = 4) {
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true })
  const background = { r: red, g: 0, b: 0 }
  await writeFile(
    file,
    await sharp({ create: { width: size, height: size, channels: 3, background } })
      .png()
      .toBuffer(),
  )
}

const fails = async (
  kind: new (...all: never[]) => Error,
  message: RegExp,
  shape?: readonly [number, number, number],
) => {
  const load = imageFolder(folder, shape ? { shape } : {})
  await expect(load).rejects.toThrow(kind)
  await expect(load).rejects.toThrow(message)
}

describe('imageFolder', () => {
  test('sub-folders are classes, both sorted by name', async () => {
    await put('dog/2.png', 30)
    await put('dog/10.png', 20)
    await put('cat/1.png', 10)
    await writeFile(join(folder, 'dog/notes.txt'), 'no picture')
    const { train, test: held } = await imageFolder(folder)
    expect(train).toMatchObject({ shape: [3, 4, 4], classes: ['cat', 'dog'] })
    expect([...train.labels]).toEqual([0, 1, 1])
    expect([0, 1, 2].map((n) => train.pixels[n * 48])).toEqual([10, 20, 30])
    expect(train.pixels[16]).toBe(0)
    expect(held).toBeUndefined()
  })

  test("'train' and 'test' are the splits", async () => {
    for (const path of ['train/a/1.png', 'train/b/1.png', 'train/b/2.png', 'test/b/1.png']) await put(path, 1)
    const { train, test: held } = await imageFolder(folder)
    expect([train.labels.length, train.classes, held!.classes]).toEqual([3, ['a', 'b'], ['a', 'b']])
  })

  test('a shape brings pictures of all sizes to one', async () => {
    await put('a/1.png', 100, 9)
    await put('b/1.png', 50, 30)
    const { train } = await imageFolder(folder, { shape: [1, 8, 8] })
    expect(train.shape).toEqual([1, 8, 8])
    expect(train.pixels).toHaveLength(128)
    expect([train.pixels[0], train.pixels[64]]).toEqual([30, 15])
  })

  test('progress ends at the number of pictures', async () => {
    await put('a/1.png', 1)
    await put('b/1.png', 1)
    const seen: [number, number][] = []
    await imageFolder(folder, { onProgress: (done, total) => seen.push([done, total]) })
    expect(seen.at(-1)).toEqual([2, 2])
  })

  test('a split of one class is read for testing', async () => {
    for (const path of ['train/a/1.png', 'train/b/1.png', 'test/a/1.png']) await put(path, 1)
    expect([...(await imageFolder(folder)).test!.labels]).toEqual([0])
  })

  test('a folder without sub-folders is refused', () =>
    fails(UsageError, /: has no sub-folders\nhint: put the pictures/))

  test('one class is refused', async () => {
    await put('cat/1.png', 1)
    await fails(UsageError, /: has one sub-folder, 'cat', so one class; training needs at least 2/)
  })

  test('a class without pictures is named', async () => {
    await put('a/1.png', 1)
    await mkdir(join(folder, 'b'))
    await fails(UsageError, /b: has no pictures; lenet reads \.png/)
  })

  test('a picture that cannot be decoded is named', async () => {
    await put('a/1.png', 1)
    await put('b/1.png', 1)
    await writeFile(join(folder, 'b/2.png'), 'text')
    await fails(FormatError, /2\.png: is no picture that can be decoded/)
  })

  test('pictures of several sizes want a shape', async () => {
    await put('a/1.png', 1)
    await put('b/1.png', 1, 5)
    await fails(FormatError, /b.1\.png: is 5x5 where the first picture has 4x4\nhint: give a shape/)
  })

  test('a test class that training lacks is refused', async () => {
    for (const path of ['train/a/1.png', 'train/b/1.png', 'test/c/1.png']) await put(path, 1)
    await fails(UsageError, /test: has a class 'c' that /)
  })

  test('a missing folder is refused', async () => {
    await expect(imageFolder(join(folder, 'none'))).rejects.toThrow(/none: cannot be read as a folder/)
  })
})
