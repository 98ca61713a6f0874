// A data set in another shape than the model's input is brought to it: padded, resampled, made grey or RGB.

import { ShapeError, UsageError } from '../errors.ts'
import type { ImageShape, Images } from './images.ts'
import { pad } from './pad.ts'
import { luminance } from './picture.ts'
import { createResampler } from './resize.ts'

type Pixels = Uint8Array | Float32Array

const LARGEST = 2 ** 32

/**
 * The data set in the shape [channels, height, width]; itself when it has that shape. 28x28 is padded to 32x32, as LeNet-5
 * takes MNIST; other sizes are resampled, which stretches other proportions. Grey becomes RGB by repetition, RGB grey as in
 * Rec. 601. Throws a ShapeError for other channels, a UsageError when the result would not fit in memory.
 */
export function fitDataset<T extends Images>(dataset: T, shape: ImageShape): T {
  const [channels, height, width] = dataset.shape
  const [toChannels, toHeight, toWidth] = shape
  if (!shape.every((extent) => Number.isInteger(extent) && extent > 0)) {
    throw new ShapeError(`${dataset.name}: cannot be brought to [${shape}]; a shape is [channels, height, width]`)
  }
  if (channels !== toChannels && !(channels === 1 && toChannels === 3) && !(channels === 3 && toChannels === 1)) {
    throw new ShapeError(
      `${dataset.name}: images have ${channels} channels but the model takes ${toChannels}`,
      'only grey (1) and RGB (3) can be turned into each other',
    )
  }
  const size = dataset.labels.length * toChannels * toHeight * toWidth
  if (size > LARGEST) {
    const gigabytes = Math.ceil(size / 2 ** 30)
    throw new UsageError(`${dataset.name}: ${dataset.labels.length} images of [${shape}] would take ${gigabytes} GB`)
  }
  const inChannels = channels === toChannels || toChannels === 3 ? dataset : toGrey(dataset)
  const sized = fitSize(inChannels, [height, width], [toHeight, toWidth])
  return sized.shape[0] === toChannels ? sized : toRgb(sized)
}

/** Whether `fitDataset` would do no more than frame images with zeros, which training and evaluation do as they feed. */
export const isFramed = (from: ImageShape, to: ImageShape): boolean =>
  from[0] === to[0] && from[1] === 28 && from[2] === 28 && to[1] === 32 && to[2] === 32

function fitSize<T extends Images>(dataset: T, from: readonly [number, number], to: readonly [number, number]): T {
  if (from[0] === to[0] && from[1] === to[1]) return dataset
  const channels = dataset.shape[0]
  if (isFramed(dataset.shape, [channels, ...to])) return pad(dataset, ...to)
  const planes = dataset.labels.length * channels
  const pixels = alike(dataset.pixels, planes * to[0] * to[1])
  const resample = createResampler(from, to)
  for (let plane = 0; plane < planes; plane++) {
    resample(dataset.pixels, plane * from[0] * from[1], pixels, plane * to[0] * to[1])
  }
  return { ...dataset, shape: [channels, to[0], to[1]], pixels }
}

function toRgb<T extends Images>(dataset: T): T {
  const [, height, width] = dataset.shape
  const area = height * width
  const pixels = alike(dataset.pixels, dataset.pixels.length * 3)
  for (let n = 0; n < dataset.labels.length; n++) {
    const plane = dataset.pixels.subarray(n * area, (n + 1) * area)
    for (let c = 0; c < 3; c++) pixels.set(plane, (n * 3 + c) * area)
  }
  return { ...dataset, shape: [3, height, width], pixels }
}

function toGrey<T extends Images>(dataset: T): T {
  const [, height, width] = dataset.shape
  const area = height * width
  const source = dataset.pixels
  const pixels = alike(source, dataset.labels.length * area)
  const mix = source instanceof Uint8Array ? luminance : floatLuminance
  for (let place = 0; place < pixels.length; place++) {
    const red = place + 2 * area * Math.floor(place / area)
    pixels[place] = mix(source[red]!, source[red + area]!, source[red + 2 * area]!)
  }
  return { ...dataset, shape: [1, height, width], pixels }
}

const floatLuminance = (red: number, green: number, blue: number): number => 0.299 * red + 0.587 * green + 0.114 * blue

function alike(pixels: Pixels, length: number): Pixels {
  return pixels instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length)
}
