// A part of MNIST beside the page, for hosts that have no data of their own: 10,000 training images of all classes, in the
// order in which `lenet train --limit` takes them, and the first 2,000 test images, as IDX files packed with gzip.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Dataset, takeFirst, takeOfEveryClass, writeIdx } from 'lenet'
import { mnist } from 'lenet/node'
import type { Plugin } from 'vite'
import { type DataEntry, filePath, type Manifest, manifestPath, type Split } from '../src/data/manifest.ts'

const COUNTS = { train: 10_000, test: 2_000 } as const
/** Images in another order, as an earlier build left them, are written anew. */
const ORDER = 'of every class'

export function sampleData(): Plugin {
  let folder = ''
  return {
    name: 'sample-data',
    configResolved: ({ root }) => {
      folder = join(root, 'public')
    },
    buildStart: async () => {
      if (await isThere(join(folder, manifestPath))) return
      const { train, test } = await mnist()
      const [trainBytes, testBytes] = [
        await writeSplit(folder, 'train', takeOfEveryClass(train, COUNTS.train)),
        await writeSplit(folder, 'test', takeFirst(test!, COUNTS.test)),
      ]
      const entry: DataEntry = {
        name: 'mnist',
        shape: [1, 28, 28],
        classes: train.classes,
        preparation: 'digit',
        order: ORDER,
        ...COUNTS,
        bytes: { train: trainBytes, test: testBytes },
      }
      await writeFile(join(folder, manifestPath), JSON.stringify([entry] satisfies Manifest))
    },
  }
}

async function writeSplit(folder: string, split: Split, { shape, pixels, labels }: Dataset): Promise<number> {
  const [, rows, columns] = shape
  const count = labels.length
  const parts = {
    images: writeIdx({ shape: [count, rows, columns], data: pixels as Uint8Array }),
    labels: writeIdx({ shape: [count], data: labels as Uint8Array }),
  }
  let bytes = 0
  for (const part of ['images', 'labels'] as const) {
    const path = join(folder, filePath('mnist', split, part))
    const packed = gzipSync(parts[part], { level: 6 })
    bytes += packed.length
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, packed)
  }
  return bytes
}

const isThere = async (manifest: string): Promise<boolean> =>
  (await readFile(manifest, 'utf8').catch(() => '')).includes(ORDER)
