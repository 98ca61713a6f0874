// CIFAR-10: from its binary batches (in a folder or in the published archive), or from archives of JPEG copies whose file
// names carry the labels. Binary data is preferred: JPEG loses detail, and the data set's name then says so.

import { join } from 'node:path'
import type { Dataset, Splits } from '../data/dataset.ts'
import { FormatError } from '../errors.ts'
import { type CifarBatch, readCifar } from '../formats/cifar.ts'
import { readTar } from '../formats/tar.ts'
import { decodeJpegArchive } from './cifar10-jpeg.ts'
import { cacheFolder, type DataSetOptions, type KnownPlaces, placesOf } from './data-places.ts'
import { downloadVerified } from './download.ts'
import { readFileOrExplain, writeFileAtomic } from './files.ts'
import { exists, gunzip } from './gunzip.ts'
import { missingDataSet } from './idx-set.ts'

const cifar10Places: KnownPlaces = {
  name: 'cifar10',
  torchvision: ['cifar-10-batches-bin', ''],
  keras: ['cifar-10-batches-bin', ''],
}

export const cifar10Classes = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']
const trainBatches = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`)
const batchFiles = [...trainBatches, 'test_batch.bin']
const archiveName = 'cifar-10-binary.tar.gz'
const archiveSha256 = 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd'
const archiveBytes = 170_052_171
const jpegArchives = ['cifar10-jpeg-train.tar.gz', 'cifar10-jpeg-test.tar.gz'] as const

interface Found {
  readonly kind: 'batches' | 'archive' | 'jpeg'
  readonly folder: string
}

/**
 * Ten kinds of things and animals: 50,000 training and 10,000 test images [3,32,32] (Krizhevsky 2009). Throws a FormatError
 * when they are neither here nor to be had from the network.
 */
export async function cifar10(options: DataSetOptions = {}): Promise<Splits> {
  const found = (await findCifar10(options)) ?? (await downloadCifar10(options))
  if (found.kind === 'jpeg') return await readJpeg(found.folder, options)
  return await readBinary(found)
}

/** The first place that holds the whole data set in one of its forms. */
export async function findCifar10(options: DataSetOptions): Promise<Found | undefined> {
  const holds = async (folder: string, names: readonly string[]) =>
    (await Promise.all(names.map((name) => exists(join(folder, name))))).every(Boolean)
  for (const place of placesOf(cifar10Places, options)) {
    for (const folder of [place, join(place, 'cifar-10-batches-bin')]) {
      if (await holds(folder, batchFiles)) return { kind: 'batches', folder }
    }
    if (await holds(place, [archiveName])) return { kind: 'archive', folder: place }
    if (await holds(place, jpegArchives)) return { kind: 'jpeg', folder: place }
  }
  return undefined
}

async function readBinary({ kind, folder }: Found): Promise<Splits> {
  const read = kind === 'archive' ? await archiveReader(join(folder, archiveName)) : undefined
  const batch = async (name: string) => {
    const path = join(folder, name)
    return readCifar(read ? read(name) : await readFileOrExplain(path), path)
  }
  const train: CifarBatch[] = []
  for (const name of trainBatches) train.push(await batch(name))
  return { train: dataset('cifar10', train), test: dataset('cifar10 test', [await batch('test_batch.bin')]) }
}

async function archiveReader(path: string): Promise<(name: string) => Uint8Array> {
  const entries = readTar(await gunzip(await readFileOrExplain(path), path), path)
  return (name) => {
    const entry = entries.find((candidate) => candidate.name.endsWith(`/${name}`) || candidate.name === name)
    if (entry === undefined) throw new FormatError(path, `has no file '${name}' among its ${entries.length}`)
    return entry.bytes
  }
}

async function readJpeg(folder: string, options: DataSetOptions): Promise<Splits> {
  const [trainArchive, testArchive] = jpegArchives
  const train = await decodeJpegArchive(join(folder, trainArchive), options)
  const test = await decodeJpegArchive(join(folder, testArchive), options)
  return { train: dataset('cifar10 (JPEG)', [train]), test: dataset('cifar10 (JPEG) test', [test]) }
}

function dataset(name: string, batches: readonly CifarBatch[]): Dataset {
  const count = batches.reduce((sum, batch) => sum + batch.labels.length, 0)
  const pixels = batches.length === 1 ? batches[0]!.pixels : new Uint8Array(count * 3072)
  const labels = batches.length === 1 ? batches[0]!.labels : new Uint8Array(count)
  let place = 0
  for (const batch of batches.length === 1 ? [] : batches) {
    pixels.set(batch.pixels, place * 3072)
    labels.set(batch.labels, place)
    place += batch.labels.length
  }
  return { name, shape: [3, 32, 32], pixels, labels, classes: cifar10Classes }
}

async function downloadCifar10(options: DataSetOptions): Promise<Found> {
  const folder = cacheFolder('cifar10', options)
  const files = `${archiveName} or ${batchFiles.join(', ')}`
  if (options.download === false) throw missingDataSet(cifar10Places, options, 'is not on this machine', files)
  const mirror = options.mirror ?? process.env.LENET_MIRROR
  const base = mirror ? `${mirror.replace(/\/$/, '')}/cifar10/` : 'https://www.cs.toronto.edu/~kriz/'
  const path = join(folder, archiveName)
  const expected = { sha256: archiveSha256, most: archiveBytes, decode: async (bytes: Uint8Array) => bytes }
  try {
    const bytes = await downloadVerified(`${base}${archiveName}`, `${path}.part`, expected, {
      onProgress: (done, total) => options.onProgress?.(done, total, archiveName),
      ...(options.signal && { signal: options.signal }),
    })
    await writeFileAtomic(path, bytes)
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const problem = `is not on this machine, and ${error.message.split('\n')[0]}`
    throw missingDataSet(cifar10Places, options, problem, files)
  }
  return { kind: 'archive', folder }
}
