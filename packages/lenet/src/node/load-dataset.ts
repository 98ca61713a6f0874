// Data sets by name, or a folder of pictures by its path: what the command line and the server call.

import { stat } from 'node:fs/promises'
import type { Dataset, Splits } from '../data/dataset.ts'
import { UsageError } from '../errors.ts'
import type { Preparation } from '../pictures/images.ts'
import { cifar10, cifar10Classes, findCifar10 } from './cifar10.ts'
import type { DataSetOptions } from './data-places.ts'
import { findIdxSet, type IdxSet } from './idx-set.ts'
import { type ImageFolderOptions, imageFolder } from './image-folder.ts'
import { emnistLetters, emnistLettersSet, fashionMnist, fashionMnistSet, mnist, mnistSet } from './mnist.ts'

/** Shape, preparation, and what is told are of folders: the named data sets have their own shape, and are prepared. */
export interface LoadOptions
  extends DataSetOptions,
    Pick<ImageFolderOptions, 'shape' | 'preparation' | 'skipUnreadable' | 'onNotice'> {}

/** What is known about a data set before it is read: as published. */
export interface DataSetFacts extends Pick<Dataset, 'shape' | 'classes'> {
  readonly preparation: Preparation
  /** Images of each split. */
  readonly train: number
  readonly test: number
}

interface Named {
  readonly facts: DataSetFacts
  readonly load: (options: DataSetOptions) => Promise<Splits>
  readonly find: (options: DataSetOptions) => Promise<string | undefined>
}

const idx = ({ classes, preparation }: IdxSet, train: number, test: number): DataSetFacts => ({
  shape: [1, 28, 28],
  classes,
  preparation,
  train,
  test,
})

const dataSets: Readonly<Record<string, Named>> = {
  mnist: {
    facts: idx(mnistSet, 60_000, 10_000),
    load: mnist,
    find: (options) => findIdxSet(mnistSet, options),
  },
  'fashion-mnist': {
    facts: idx(fashionMnistSet, 60_000, 10_000),
    load: fashionMnist,
    find: (options) => findIdxSet(fashionMnistSet, options),
  },
  'emnist-letters': {
    facts: idx(emnistLettersSet, 124_800, 20_800),
    load: emnistLetters,
    find: (options) => findIdxSet(emnistLettersSet, options),
  },
  cifar10: {
    facts: { shape: [3, 32, 32], classes: cifar10Classes, preparation: 'picture', train: 50_000, test: 10_000 },
    load: cifar10,
    find: async (options) => (await findCifar10(options))?.folder,
  },
}

/** The names that `loadDataset` knows. */
export const dataSetNames: readonly string[] = Object.keys(dataSets)

/**
 * Loads a data set by name, or a folder with one sub-folder of pictures a class. Throws a UsageError when it is neither, a
 * FormatError when the data are missing or damaged.
 */
export async function loadDataset(nameOrFolder: string, options: LoadOptions = {}): Promise<Splits> {
  const named = Object.hasOwn(dataSets, nameOrFolder) ? dataSets[nameOrFolder] : undefined
  if (named !== undefined) return await named.load(options)
  const found = await stat(nameOrFolder).catch(() => undefined)
  if (found?.isDirectory()) {
    const { shape, preparation, skipUnreadable, onNotice, onProgress, signal } = options
    return await imageFolder(nameOrFolder, {
      ...(shape && { shape }),
      ...(preparation && { preparation }),
      ...(skipUnreadable && { skipUnreadable }),
      ...(onNotice && { onNotice }),
      ...(onProgress && { onProgress: (done: number, total: number) => onProgress(done, total, 'pictures') }),
      ...(signal && { signal }),
    })
  }
  const kind = found === undefined ? 'neither a known data set nor a folder' : 'a file, not a folder of pictures'
  throw new UsageError(`data set '${nameOrFolder}': is ${kind}`, `give one of ${dataSetNames.join(', ')}, or a folder`)
}

/** Where each named data set lies on this machine; `place` is undefined for one that would be downloaded. Reads nothing. */
export async function findDataSets(
  options: DataSetOptions = {},
): Promise<{ name: string; place: string | undefined; facts: DataSetFacts }[]> {
  const entries = Object.entries(dataSets)
  return await Promise.all(
    entries.map(async ([name, { find, facts }]) => ({ name, place: await find(options), facts })),
  )
}
