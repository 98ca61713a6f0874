// One image as a model wants it: numbers are taken as they are, a picture is prepared as the training data was.
import { ShapeError, shown, UsageError } from '../errors.ts'
import { cropPicture, fitPicture } from './fit-picture.ts'
import { fitDataset, isFramed } from './fit-to-model.ts'
import type { Images, Preparation } from './images.ts'
import { bytesOf, type Picture, toPlanes } from './picture.ts'
import { prepareDigit } from './prepare-digit.ts'
import { isPreparedDigit } from './prepared-digit.ts'
import { resizePicture } from './resize.ts'

/** ImageData, a decoded picture, or the numbers of one image, channel after channel (also as a Tensor). */
export type Image =
  | Picture
  | { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray | Uint8Array }
  | Uint8Array
  | Float32Array
  | { readonly shape: readonly number[]; readonly data: Float32Array }

/** `none`: the picture has the model's size already, or is 28x28 and stands in the middle of 32x32. */
export type Preparing = Preparation | 'none'

const accepted = 'give ImageData or another picture with width, height and data, bytes, a Float32Array or a Tensor'

const isPicture = (image: unknown): boolean =>
  typeof image === 'object' && image !== null && ('shape' in image || ('width' in image && 'height' in image))

/** A tensor says which axis is which: rows, columns, channels would be other pixels. Extents of 1 may be left away. */
function numbersOf(
  { shape, data }: { readonly shape: readonly number[]; readonly data: Float32Array },
  input: readonly number[],
) {
  if (!(data instanceof Float32Array)) throw new UsageError(`predict: the tensor holds ${shown(data)}; ${accepted}`)
  const long = (extents: readonly number[]) => extents.filter((extent) => extent !== 1).join()
  if (long(shape) === long(input)) return data
  throw new ShapeError(
    `predict: the tensor is [${shape}] but the model takes [${input}]`,
    'view() gives it another shape',
  )
}

/**
 * Pixels [channels, rows, columns] for a model with the given input. Throws a UsageError for what is no image and where there
 * is no digit to prepare; a ShapeError for numbers and pictures that do not fit the input.
 */
export function prepareImage(
  image: Image,
  input: readonly number[],
  preparation: Preparing,
): Uint8Array | Float32Array {
  if (image instanceof Uint8Array || image instanceof Float32Array) return image
  if (!isPicture(image)) throw new UsageError(`predict: the image is ${shown(image)}; ${accepted}`)
  if ('shape' in image) return numbersOf(image, input)
  const picture: Picture =
    'pixels' in image ? image : { width: image.width, height: image.height, channels: 4, pixels: bytesOf(image.data) }
  if (input.length !== 3) throw new ShapeError(`predict: a picture cannot become [${input}]; give its numbers`)
  const [channels, height, width] = input as [number, number, number]
  const shape = [channels, height, width] as const
  if (preparation === 'digit') return fitDataset(digitOf(picture, height), shape).pixels
  if (picture.width === width && picture.height === height) return toPlanes(picture, channels)
  if (preparation === 'none') return fitDataset(unprepared(picture, shape), shape).pixels
  return ways[preparation](picture, shape)
}

const ways = { picture: resizePicture, fit: fitPicture, crop: cropPicture } as const

const one = { name: 'picture', labels: new Uint8Array(1) } as const

/** The digit as an image of MNIST. One that is such an image stays as it is, also in the frame of 32x32. */
function digitOf(picture: Picture, side: number): Images {
  const { width, height } = picture
  if (width === height && (width === 28 || (width === 32 && side === 32))) {
    const pixels = toPlanes(picture, 1)
    if (isPreparedDigit(pixels, width)) return { ...one, shape: [1, height, width], pixels }
  }
  return { ...one, shape: [1, 28, 28], pixels: prepareDigit(picture) }
}

function unprepared(picture: Picture, [channels, height, width]: readonly [number, number, number]): Images {
  const shape = [channels, picture.height, picture.width] as const
  if (!isFramed(shape, [channels, height, width]))
    throw new ShapeError(
      `picture: is ${picture.width}x${picture.height} but the model takes ${width}x${height}`,
      'prepare it as a digit, or as a picture, which stretches it',
    )
  return { ...one, shape, pixels: toPlanes(picture, channels) }
}
