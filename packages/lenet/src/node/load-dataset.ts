// Data sets by name, or by the path of a folder of pictures, a table of them, or an .npz: what the command line calls.

import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Dataset, Splits } from '../data/dataset.ts'
import { readNpzSet } from '../data/npz-set.ts'
import { UsageError } from '../errors.ts'
import type { Preparation } from '../pictures/images.ts'
import { cifar10, cifar10Classes, findCifar10 } from './cifar10.ts'
import type { DataSetOptions } from './data-places.ts'
import { readFileOrExplain } from './files.ts'
import { findIdxSet, type IdxSet } from './idx-set.ts'
import { type ImageFolderOptions, imageFolder, imageTable } from './image-folder.ts'
import { emnistLetters, emnistLettersSet, fashionMnist, fashionMnistSet, mnist, mnistSet } from './mnist.ts'
import { isTable } from './picture-table.ts'

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

/** Whether a data set holds images as numbers, which are prepared already: one with a name, or an .npz. */
export const isPrepared = (dataset: string): boolean =>
  Object.hasOwn(dataSets, dataset) || extname(dataset).toLowerCase() === '.npz'

/**
 * Loads a data set by name, a folder with one sub-folder of pictures a class, a CSV or JSONL file that lists pictures and
 * labels, or an .npz of images and labels. Throws a UsageError when it is none of these, a FormatError when the data are
 * missing or damaged.
 */
export async function loadDataset(dataset: string, options: LoadOptions = {}): Promise<Splits> {
  const named = Object.hasOwn(dataSets, dataset) ? dataSets[dataset] : undefined
  if (named !== undefined) return await named.load(options)
  const found = await stat(dataset).catch(() => undefined)
  if (found?.isDirectory()) return await imageFolder(dataset, ofPictures(options))
  if (found && isTable(dataset)) return await imageTable(dataset, ofPictures(options))
  if (found && isPrepared(dataset)) return readNpzSet(await readFileOrExplain(dataset), dataset)
  const kind =
    found === undefined ? 'neither a known data set nor a folder' : 'a file, but no table of pictures and no .npz'
  throw new UsageError(
    `data set '${dataset}': is ${kind}`,
    `give one of ${dataSetNames.join(', ')}, a folder, a .csv or .jsonl of paths and labels, or an .npz`,
  )
}

function ofPictures({
  shape,
  preparation,
  skipUnreadable,
  onNotice,
  onProgress,
  signal,
}: LoadOptions): ImageFolderOptions {
  return {
    ...(shape && { shape }),
    ...(preparation && { preparation }),
    ...(skipUnreadable && { skipUnreadable }),
    ...(onNotice && { onNotice }),
    ...(onProgress && { onProgress: (done: number, total: number) => onProgress(done, total, 'pictures') }),
    ...(signal && { signal }),
  }
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
