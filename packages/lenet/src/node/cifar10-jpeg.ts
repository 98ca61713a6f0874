// A gzipped tar of JPEG files '<index>_<label>.jpg', 32x32. Decoding all takes half a minute, so the pixels are kept in the
// cache folder, named after the archive's contents.

import { join } from 'node:path'
import { FormatError } from '../errors.ts'
import { type CifarBatch, readCifar, writeCifar } from '../formats/cifar.ts'
import { readTar, type TarEntry } from '../formats/tar.ts'
import { runConcurrently } from './concurrent.ts'
import { cacheFolder, type DataSetOptions } from './data-places.ts'
import { sha256Of } from './download.ts'
import { readFileOrExplain, writeFileAtomic } from './files.ts'
import { gunzip } from './gunzip.ts'
import { readImage } from './images.ts'

/** Reads an archive in the order of its names. Throws a FormatError naming the archive and the picture. */
export async function decodeJpegArchive(path: string, options: DataSetOptions): Promise<CifarBatch> {
  const packed = await readFileOrExplain(path)
  const copy = join(cacheFolder('cifar10', options), `decoded-${sha256Of(packed).slice(0, 16)}.bin`)
  const kept = await readKept(copy)
  if (kept !== undefined) return kept
  const entries = readTar(await gunzip(packed, path), path).filter(({ name }) => name.endsWith('.jpg'))
  const batch = await decodeAll(entries, path, options)
  // The copy only saves time: a read-only or full disk must not stop the training.
  await writeFileAtomic(copy, writeCifar(batch)).catch(() => undefined)
  return batch
}

async function readKept(copy: string): Promise<CifarBatch | undefined> {
  try {
    return readCifar(await readFileOrExplain(copy), copy)
  } catch {
    return undefined
  }
}

async function decodeAll(entries: TarEntry[], path: string, options: DataSetOptions): Promise<CifarBatch> {
  if (entries.length === 0) throw new FormatError(path, "has no files '<index>_<label>.jpg'")
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  const pixels = new Uint8Array(entries.length * 3072)
  const labels = Uint8Array.from(entries, ({ name }) => labelOf(name, path))
  let done = 0
  await runConcurrently(entries.length, 8, async (n) => {
    const { name, bytes } = entries[n]!
    options.signal?.throwIfAborted()
    const picture = await readImage(bytes, `${path} ${name}`)
    if (picture.width !== 32 || picture.height !== 32 || picture.channels !== 3) {
      const size = `${picture.width}x${picture.height} with ${picture.channels} channels`
      throw new FormatError(path, `'${name}' is ${size}; CIFAR-10 pictures are 32x32 with 3`)
    }
    for (let place = 0; place < 1024; place++) {
      for (let c = 0; c < 3; c++) pixels[n * 3072 + c * 1024 + place] = picture.pixels[place * 3 + c]!
    }
    if (++done % 500 === 0 || done === entries.length) options.onProgress?.(done, entries.length, 'decoded pictures')
  })
  return { pixels, labels }
}

function labelOf(name: string, path: string): number {
  const label = /\d+_(\d)\.jpg$/.exec(name)?.[1]
  if (label === undefined) throw new FormatError(path, `'${name}' is not named '<index>_<label 0 to 9>.jpg'`)
  return Number(label)
}
