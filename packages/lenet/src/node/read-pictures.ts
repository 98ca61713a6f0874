// The pictures of a data set, wherever they are listed, as images of one shape: decoded a few at a time, prepared, counted.

import type { Dataset, Splits } from '../data/dataset.ts'
import { FormatError } from '../errors.ts'
import type { Picture } from '../pictures/picture.ts'
import { type Preparing, prepareImage } from '../pictures/prepare-image.ts'
import { resizePicture } from '../pictures/resize.ts'
import { runConcurrently } from './concurrent.ts'
import { readImage } from './images.ts'
import type { FolderNotice, PictureList, PictureTree, Tell } from './picture-tree.ts'

export interface ReadPicturesOptions {
  /** [channels, height, width] that the pictures are brought to. Default: the first picture's, which all must then have. */
  readonly shape?: readonly [number, number, number]
  /** How a picture comes to `shape`; 'picture', which stretches it, unless said otherwise. A model's own is the one to give. */
  readonly preparation?: Preparing
  /** Whether pictures that cannot be read or prepared are left out and told; otherwise they are an error. */
  readonly skipUnreadable?: boolean
  /** Told what is read and what is not. */
  readonly onNotice?: (notice: FolderNotice) => void
  /** Called after every few pictures of a split. */
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

type Shape = readonly [number, number, number]

/** @throws FormatError naming a picture that cannot be decoded or prepared, or has another size, or a class without any. */
export async function readPictures(
  name: string,
  { train: list, validation, test }: PictureTree,
  options: ReadPicturesOptions,
): Promise<Splits> {
  const train = await readSplit(name, list, options)
  const bare = train.classes.findIndex((_, label) => !train.labels.includes(label))
  if (bare >= 0)
    throw new FormatError(list.folder, `none of the pictures of class '${train.classes[bare]}' can be read`)
  const rest = { ...options, shape: train.shape }
  return {
    train,
    ...(validation && { validation: await readSplit(`${name} validation`, validation, rest, options.shape) }),
    ...(test && { test: await readSplit(`${name} test`, test, rest, options.shape) }),
  }
}

async function readSplit(
  name: string,
  { folder, files, classes }: PictureList,
  options: ReadPicturesOptions,
  wanted = options.shape,
): Promise<Dataset> {
  const { onNotice: tell = () => undefined, preparation = 'picture' } = options
  const shape = options.shape ?? (await shapeOf(files, options.skipUnreadable))
  const read = (path: string) => readPixels(path, shape, wanted && preparation, tell)
  const size = shape[0] * shape[1] * shape[2]
  const pixels = new Uint8Array(files.length * size)
  const isRead = new Uint8Array(files.length)
  let done = 0
  await runConcurrently(files.length, 8, async (n) => {
    options.signal?.throwIfAborted()
    const image = await (options.skipUnreadable ? orLeaveOut(read, files[n]!.path, tell) : read(files[n]!.path))
    if (image) pixels.set(image, n * size)
    isRead[n] = image ? 1 : 0
    if (++done % 100 === 0 || done === files.length) options.onProgress?.(done, files.length)
  })
  const kept = files.filter((_, n) => isRead[n])
  const counts = classes.map((_, label) => kept.filter((file) => file.label === label).length)
  tell({ kind: 'counts', folder, classes, counts })
  return {
    name,
    shape,
    pixels: closeGaps(pixels, isRead, size),
    labels: Uint16Array.from(kept, ({ label }) => label),
    classes,
    files: kept.map(({ path }) => path),
    ...(preparation !== 'picture' && preparation !== 'none' && { preparation }),
  }
}

/** Images of `size` bytes move up, so that the places of those that were not read are filled. */
function closeGaps(pixels: Uint8Array, isRead: Uint8Array, size: number): Uint8Array {
  let to = 0
  isRead.forEach((read, n) => {
    if (read) pixels.copyWithin(size * to++, n * size, (n + 1) * size)
  })
  return pixels.subarray(0, to * size)
}

/** Of the first picture; with `skips`, of the first that can be read. */
async function shapeOf(files: PictureList['files'], skips = false): Promise<Shape> {
  const [first, ...rest] = files
  try {
    const { channels, height, width } = await readImage(first!.path)
    return [channels === 1 ? 1 : 3, height, width]
  } catch (error) {
    if (!skips || rest.length === 0 || !(error instanceof FormatError)) throw error
    return shapeOf(rest, skips)
  }
}

/** `preparation` is undefined where all pictures must have the shape's size. */
async function readPixels(
  file: string,
  shape: Shape,
  preparation: Preparing | undefined,
  tell: Tell,
): Promise<Uint8Array> {
  const picture = await readImage(file)
  if (picture.pages !== undefined) tell({ kind: 'pages', file, pages: picture.pages })
  if (preparation !== undefined) return prepared(picture, file, shape, preparation)
  if (picture.height !== shape[1] || picture.width !== shape[2])
    throw new FormatError(
      file,
      `is ${picture.width}x${picture.height} where the first picture has ${shape[2]}x${shape[1]}`,
      { hint: 'give a shape [channels, height, width] to bring all pictures to' },
    )
  return resizePicture(picture, shape)
}

/** What is wrong with the picture is said of its file. */
function prepared(picture: Picture, file: string, shape: Shape, preparation: Preparing): Uint8Array {
  try {
    return prepareImage(picture, shape, preparation) as Uint8Array
  } catch (error) {
    const [problem = '', hint] = (error as Error).message.split('\nhint: ')
    throw new FormatError(file, problem.replace(/^picture: /, ''), hint === undefined ? {} : { hint })
  }
}

async function orLeaveOut(
  read: (path: string) => Promise<Uint8Array>,
  file: string,
  tell: Tell,
): Promise<Uint8Array | undefined> {
  try {
    return await read(file)
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const [problem = ''] = error.message.split('\n')
    tell({ kind: 'unreadable', file, problem: problem.slice(file.length + 2) })
    return undefined
  }
}
