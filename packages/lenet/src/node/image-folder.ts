// A data set as a folder: one sub-folder of pictures a class, below 'train' and 'test' if there are both.

import { readdir } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import type { Dataset, Splits } from '../data/dataset.ts'
import { resizePicture } from '../data/resize.ts'
import { FormatError, UsageError } from '../errors.ts'
import { runConcurrently } from './concurrent.ts'
import { readImage } from './images.ts'

export interface ImageFolderOptions {
  /** [channels, height, width]; the pictures are stretched to it. Default: the first picture's, which all must then have. */
  readonly shape?: readonly [number, number, number]
  /** Called after every few pictures of a split. */
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

type Shape = readonly [number, number, number]
interface Listed {
  readonly path: string
  readonly label: number
}

const endings = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.tif', '.tiff', '.bmp', '.svg'])

/**
 * Reads a folder of class folders; the classes are their names, sorted. With the two sub-folders 'train' and 'test' each is
 * such a folder, of the same classes. Throws a UsageError for a folder of another layout, a FormatError naming a picture
 * that cannot be decoded or has another size.
 */
export async function imageFolder(folder: string, options: ImageFolderOptions = {}): Promise<Splits> {
  const name = basename(resolve(folder))
  const children = await subFolders(folder)
  const isSplit =
    children.includes('train') && children.every((child) => /^(train|test|val|valid|validation)$/.test(child))
  const trainFolder = isSplit ? join(folder, 'train') : folder
  const classes = isSplit ? await subFolders(trainFolder) : children
  const train = await readSplit({ name, folder: trainFolder, classes }, options)
  if (!isSplit || !children.includes('test')) return { train }
  const testFolder = join(folder, 'test')
  const unknown = (await subFolders(testFolder)).find((testClass) => !classes.includes(testClass))
  if (unknown !== undefined) {
    throw new UsageError(
      `${testFolder}: has a class '${unknown}' that ${trainFolder} lacks; both need the same classes`,
    )
  }
  const test = await readSplit({ name: `${name} test`, folder: testFolder, classes, trainShape: train.shape }, options)
  return { train, test }
}

async function subFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw new UsageError(`${folder}: cannot be read as a folder: ${error.message}`)
  })
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort((a, b) => (a < b ? -1 : 1))
}

interface Split {
  readonly name: string
  readonly folder: string
  readonly classes: readonly string[]
  /** Of a test split: it has the shape of the training images, and may lack some of their classes. */
  readonly trainShape?: Shape
}

async function readSplit({ name, folder, classes, trainShape }: Split, options: ImageFolderOptions): Promise<Dataset> {
  const files = await listPictures(folder, classes, trainShape !== undefined)
  const shape = options.shape ?? trainShape ?? (await shapeOf(files[0]!.path))
  const size = shape[0] * shape[1] * shape[2]
  const pixels = new Uint8Array(files.length * size)
  let done = 0
  await runConcurrently(files.length, 8, async (n) => {
    options.signal?.throwIfAborted()
    pixels.set(await readPixels(files[n]!.path, shape, options.shape !== undefined), n * size)
    if (++done % 100 === 0 || done === files.length) options.onProgress?.(done, files.length)
  })
  const labels = Uint16Array.from(files, ({ label }) => label)
  return { name, shape, pixels, labels, classes }
}

async function listPictures(folder: string, classes: readonly string[], mayLackClasses: boolean): Promise<Listed[]> {
  if (classes.length === 0) {
    throw new UsageError(
      `${folder}: has no sub-folders`,
      'put the pictures of each class into a sub-folder of its name',
    )
  }
  if (classes.length === 1) {
    const only = `'${classes[0]}'`
    throw new UsageError(`${folder}: has one sub-folder, ${only}, so one class; training needs at least 2`)
  }
  const lists = await Promise.all(
    classes.map(async (className, label) => {
      const names = await readdir(join(folder, className)).catch(() => [])
      const pictures = names.filter((name) => endings.has(extname(name).toLowerCase()) && !name.startsWith('.'))
      return pictures
        .sort((a, b) => (a < b ? -1 : 1))
        .map((picture) => ({ path: join(folder, className, picture), label }))
    }),
  )
  const empty = lists.findIndex((list) => list.length === 0)
  // A test set may lack a class, but not all of them.
  if (empty >= 0 && (!mayLackClasses || lists.every((list) => list.length === 0))) {
    const known = [...endings].join(' ')
    throw new UsageError(`${join(folder, classes[empty]!)}: has no pictures; lenet reads ${known}`)
  }
  return lists.flat()
}

async function shapeOf(path: string): Promise<Shape> {
  const { channels, height, width } = await readImage(path)
  return [channels === 1 ? 1 : 3, height, width]
}

async function readPixels(path: string, shape: Shape, mayResize: boolean): Promise<Uint8Array> {
  const picture = await readImage(path)
  if (!mayResize && (picture.height !== shape[1] || picture.width !== shape[2])) {
    const sizes = `${picture.width}x${picture.height} where the first picture has ${shape[2]}x${shape[1]}`
    throw new FormatError(path, `is ${sizes}`, {
      hint: 'give a shape [channels, height, width] to resize all pictures to',
    })
  }
  return resizePicture(picture, shape)
}
