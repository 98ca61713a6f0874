import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkDataset } from '../data/check.ts'
import { FormatError, UsageError } from '../errors.ts'
import { prepareImage } from '../pictures/prepare-image.ts'
import { type ImageFolderOptions, imageFolder, imageTable } from './image-folder.ts'
import { readImage } from './images.ts'
import type { FolderNotice } from './picture-tree.ts'

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

async function listen(options: ImageFolderOptions = {}) {
  const told: FolderNotice[] = []
  const splits = await imageFolder(folder, { ...options, onNotice: (notice) => told.push(notice) })
  return { told, ...splits }
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

  test('one class is a data set to be measured on; training refuses it', async () => {
    await put('cat/1.png', 1)
    const { train } = await imageFolder(folder)
    expect(train.classes).toEqual(['cat'])
    expect(() => checkDataset(train, { trainOn: true })).toThrow(/all images are of one class, 'cat'/)
  })

  test('a folder without a picture is refused', async () => {
    await mkdir(join(folder, 'b'))
    await fails(UsageError, /: has no pictures in its sub-folders; lenet reads \.png/)
  })

  test('pictures at any depth below a class are of the class; what is not read is told', async () => {
    for (const path of [
      'a/1.png',
      'a/2.png',
      'b/1.png',
      'b/deep/2.png',
      'b/deep/er/3.png',
      'stray.png',
      '.hidden/c/1.png',
    ])
      await put(path, 1)
    await mkdir(join(folder, '__MACOSX/b'), { recursive: true })
    await writeFile(join(folder, '__MACOSX/b/1.png'), 'resource fork')
    await mkdir(join(folder, 'empty'))
    await writeFile(join(folder, 'a/3.heic'), 'no ending that is read')
    await symlink(folder, join(folder, 'b/deep/round'))
    const { told, train } = await listen()
    expect(train.classes).toEqual(['a', 'b'])
    expect(train.files).toEqual(
      ['a/1.png', 'a/2.png', 'b/1.png', 'b/deep/2.png', 'b/deep/er/3.png'].map((path) => join(folder, path)),
    )
    expect(told).toEqual([
      { kind: 'loose', folder, pictures: 1 },
      { kind: 'empty', folder: join(folder, 'empty') },
      { kind: 'other', folder, files: 1, endings: ['.heic'] },
      { kind: 'counts', folder, classes: ['a', 'b'], counts: [2, 3] },
    ])
  })

  test('splits have several names, in any case; one without classes is told', async () => {
    for (const path of ['Training/a/1.png', 'Training/b/1.png', 'VALID/a/2.png', 'Testing/7.png']) await put(path, 1)
    const { told, train, validation, test: held } = await listen()
    expect([train.labels.length, validation!.labels.length, held]).toEqual([2, 1, undefined])
    expect(validation!.classes).toEqual(['a', 'b'])
    expect(told).toContainEqual({ kind: 'unlabelled', folder: join(folder, 'Testing'), pictures: 1 })
    await put('val/a/1.png', 1)
    await fails(UsageError, /has 'VALID' and 'val', two folders of one split/)
  })

  test('classes may be called as splits are', async () => {
    for (const path of ['train/1.png', 'test/1.png']) await put(path, 1)
    expect((await imageFolder(folder)).train.classes).toEqual(['test', 'train'])
    await put('car/1.png', 1)
    expect((await imageFolder(folder)).train.classes).toEqual(['car', 'test', 'train'])
  })

  test('splits without training pictures, and classes that lie a folder deeper, are refused', async () => {
    for (const path of ['val/a/1.png', 'test/a/1.png']) await put(path, 1)
    await fails(UsageError, /has test and val, and no train\nhint: .*test$/)
    for (const path of ['deep/all/cat/1.png', 'deep/all/dog/1.png']) await put(path, 1)
    await expect(imageFolder(join(folder, 'deep'))).rejects.toThrow(
      /has one class, 'all', and all its pictures lie in sub-folders: cat, dog\nhint: .*all\?*$/,
    )
  })

  test('pictures that cannot be read are left out and told, where that was asked for', async () => {
    for (const path of ['a/1.png', 'b/1.png', 'b/3.png']) await put(path, path === 'b/3.png' ? 77 : 1)
    await writeFile(join(folder, 'b/2.png'), 'text')
    const { told, train } = await listen({ skipUnreadable: true })
    expect(told).toContainEqual({
      kind: 'unreadable',
      file: join(folder, 'b/2.png'),
      problem: expect.stringContaining('is no picture that can be decoded'),
    })
    expect(train.files).toEqual(['a/1.png', 'b/1.png', 'b/3.png'].map((path) => join(folder, path)))
    expect([...train.labels]).toEqual([0, 1, 1])
    expect(train.pixels).toHaveLength(3 * 48)
    expect(train.pixels[2 * 48]).toBe(77)
    await rm(join(folder, 'a/1.png'))
    await writeFile(join(folder, 'a/1.png'), 'text')
    await expect(imageFolder(folder, { skipUnreadable: true })).rejects.toThrow(
      /none of the pictures of class 'a' can be read/,
    )
  })

  test('an animation is told: its first picture is read', async () => {
    const two = sharp(
      Uint8Array.from({ length: 96 }, (_, n) => n),
      { raw: { width: 4, height: 8, channels: 3, pageHeight: 4 } },
    )
    await put('a/1.png', 1)
    await mkdir(join(folder, 'b'))
    await writeFile(join(folder, 'b/1.gif'), await two.gif().toBuffer())
    expect((await listen()).told).toContainEqual({ kind: 'pages', file: join(folder, 'b/1.gif'), pages: 2 })
  })

  test('pictures are prepared as a model wants them, exactly as its predictions prepare one', async () => {
    const paper = new Uint8Array(60 * 60).fill(220)
    for (let i = 10; i < 50; i++) paper.fill(30, i * 60 + 25, i * 60 + 31)
    const stroke = await sharp(paper, { raw: { width: 60, height: 60, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer()
    for (const name of ['0', '1']) {
      await mkdir(join(folder, name))
      await writeFile(join(folder, name, 'x.png'), stroke)
    }
    const shape = [1, 32, 32] as const
    const { train } = await imageFolder(folder, { shape, preparation: 'digit' })
    expect(train.pixels.subarray(0, 1024)).toEqual(prepareImage(await readImage(stroke), shape, 'digit'))
    expect(train.preparation).toBe('digit')
    expect(train.pixels[0]).toBe(0)
    await put('1/blank.png', 9, 60)
    const blank = imageFolder(folder, { shape, preparation: 'digit' })
    await expect(blank).rejects.toThrow(/blank\.png: shows no digit, only one even surface\nhint: /)
    await expect(imageFolder(folder, { shape, preparation: 'none' })).rejects.toThrow(
      /\.png: is 60x60 but the model takes 32x32/,
    )
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
    await fails(UsageError, /test: has a class 'c' that the training pictures lack/)
  })

  test('a missing folder is refused', async () => {
    await expect(imageFolder(join(folder, 'none'))).rejects.toThrow(/none: cannot be read as a folder/)
  })
})

describe('imageTable', () => {
  const table = async (name: string, text: string) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }

  test('a CSV lists paths from its own folder and labels, in any order of columns, and splits', async () => {
    for (const path of ['pictures/1.png', 'pictures/2.png', 'two, three.png']) await put(path, 1)
    const lines = [
      '\ufeffLabel,Split,Path,note',
      'cat,train,pictures/1.png,x',
      'dog,,"two, three.png","a ""quote"""',
      'cat,VAL,pictures/2.png,',
      '',
    ]
    const { train, validation, test: held } = await imageTable(await table('list.csv', lines.join('\r\n')))
    expect(train).toMatchObject({ name: 'list.csv', classes: ['cat', 'dog'] })
    expect(train.files).toEqual(['pictures/1.png', 'two, three.png'].map((path) => join(folder, path)))
    expect([...train.labels, ...validation!.labels]).toEqual([0, 1, 0])
    expect(held).toBeUndefined()
  })

  test('a JSONL has an object a line; labels may be numbers', async () => {
    for (const path of ['1.png', '2.png']) await put(path, 1)
    const file = await table('list.jsonl', '{"file": "1.png", "class": 7}\n\n{"file": "2.png", "class": 3}\n')
    expect((await imageTable(file)).train).toMatchObject({ classes: ['3', '7'] })
  })

  test('a picture that is not there is left out and told, like one that cannot be decoded', async () => {
    for (const path of ['1.png', '2.png']) await put(path, 1)
    const file = await table('list.csv', 'path;label\n1.png;a\n2.png;b\nnone.png;b\n')
    const told: FolderNotice[] = []
    await imageTable(file, { skipUnreadable: true, onNotice: (notice) => told.push(notice) })
    expect(told).toEqual([
      { kind: 'unreadable', file: join(folder, 'none.png'), problem: 'does not exist' },
      { kind: 'counts', folder: file, classes: ['a', 'b'], counts: [1, 1] },
    ])
    await expect(imageTable(file)).rejects.toThrow(/none\.png: does not exist/)
  })

  test.each([
    ['a.csv', 'picture,label\n1.png,a\n', /line 2: has no 'path', only picture, label\nhint: a table names/],
    ['a.csv', 'path,label\n1.png\n', /line 2: has 1 fields where the first row names 2/],
    ['a.csv', 'path,label\n1.png,\n', /line 2: has an empty label/],
    ['a.csv', 'path,label,split\n1.png,a,later\n', /line 2: has the split 'later'; train, val and test are known/],
    ['a.csv', 'path,label,split\n1.png,a,test\n', /lists 1 pictures, and none to train on/],
    ['a.csv', 'path,label,split\n1.png,a,\n1.png,b,test\n', /line 3: has a class 'b' that the training/],
    ['a.csv', '', /is empty; a first row of names/],
    ['a.csv', 'path,label\n"1.png,a\n', /line 2: has a quote that is not closed/],
    ['a.csv', 'path,label,Label\n1.png,a,b\n', /has two columns 'label'/],
    ['a.jsonl', '{"path": "1.png"\n', /line 1: is not JSON/],
    ['a.jsonl', '["1.png"]\n', /line 1: is no JSON object/],
  ])('%s with %j is refused', async (name, text, message) => {
    await expect(imageTable(await table(name, text))).rejects.toThrow(message)
  })
})
