import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { channelStatistics } from '../data/statistics.ts'
import { FormatError } from '../errors.ts'
import { writeIdx } from '../formats/idx.ts'
import { emnistLetters, fashionMnist, mnist } from './mnist.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenet-mnist-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function writeSet(name: string, stems: readonly [string, string], pixels: Uint8Array, labels: number[]) {
  await mkdir(join(folder, name), { recursive: true })
  for (const stem of stems) {
    const images = writeIdx({ shape: [labels.length, 28, 28], data: pixels })
    await writeFile(join(folder, name, `${stem}-images-idx3-ubyte`), images)
    const shape = [labels.length]
    await writeFile(join(folder, name, `${stem}-labels-idx1-ubyte`), writeIdx({ shape, data: Uint8Array.from(labels) }))
  }
}

describe('mnist', () => {
  test('comes whole from the npm package', async () => {
    const { train, test: held } = await mnist({ download: false })
    expect([train.labels.length, held!.labels.length]).toEqual([60_000, 10_000])
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    const { mean, std } = channelStatistics(train)
    expect(mean[0]).toBeCloseTo(0.1307, 4)
    expect(std[0]).toBeCloseTo(0.3081, 4)
  })
})

describe('fashionMnist', () => {
  test('is read from the data folder', async () => {
    await writeSet('fashion-mnist', ['train', 't10k'], new Uint8Array(784), [9])
    const { train } = await fashionMnist({ dataDir: folder, download: false })
    expect(train.classes[train.labels[0]!]).toBe('Ankle boot')
  })
})

describe('emnistLetters', () => {
  const stems = ['emnist-letters-train', 'emnist-letters-test'] as const

  test('images are turned upright and labels begin at 0', async () => {
    const pixels = new Uint8Array(2 * 784)
    // Stored at row 20, column 3: upright it is row 3, column 20.
    pixels[784 + 20 * 28 + 3] = 255
    await writeSet('emnist-letters', stems, pixels, [26, 1])
    const { train, test: held } = await emnistLetters({ dataDir: folder, download: false })
    for (const split of [train, held!]) {
      expect(split.pixels.indexOf(255)).toBe(784 + 3 * 28 + 20)
      expect([...split.labels].map((label) => split.classes[label])).toEqual(['Z', 'A'])
    }
  })

  test.each([0, 27])('label %i is refused', async (label) => {
    await writeSet('emnist-letters', stems, new Uint8Array(784), [label])
    await expect(emnistLetters({ dataDir: folder, download: false })).rejects.toThrow(FormatError)
  })
})
