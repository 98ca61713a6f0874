// Mean and standard deviation of each channel, for normalising the input. Sums over bytes are exact integers, and the rest
// is + - * / and a square root, so every platform computes the same bits.

import { ShapeError } from '../errors.ts'
import type { Dataset } from './dataset.ts'

/**
 * Mean and standard deviation of every channel over all images, in the middle of zeros where `frame` is larger than they
 * are. Bytes are counted in units of 255, so black is 0 and white is 1; floats as they are. The deviation is that of the
 * whole population (divided by n), and 1 for a channel without any variation. Throws a ShapeError when there are no pixels.
 */
export function channelStatistics(
  dataset: Dataset,
  frame: readonly number[] = dataset.shape,
): { mean: number[]; std: number[] } {
  const [channels, height, width] = dataset.shape
  const count = dataset.labels.length
  if (count * height * width === 0) {
    throw new ShapeError(`${dataset.name}: has no pixels (${count} images of ${height}x${width}) to take a mean of`)
  }
  const measure = dataset.pixels instanceof Uint8Array ? measureBytes : measureFloats
  const border = count * (frame[1]! * frame[2]! - height * width)
  const results = Array.from({ length: channels }, (_, channel) => measure(dataset, channel, border))
  return { mean: results.map((result) => result.mean), std: results.map((result) => result.std || 1) }
}

// Both sums are exact up to 2^53 / 255^2 = 1.4e11 pixels.
function measureBytes(dataset: Dataset, channel: number, border: number): { mean: number; std: number } {
  const pixels = dataset.pixels as Uint8Array
  // Four counts side by side: most pixels of a drawing are black, and each addition would wait for the one before it.
  const counts = new Float64Array(4 * 256)
  const present = forEachRun(dataset, channel, (start, end) => {
    let place = start
    for (; place + 4 <= end; place += 4) {
      counts[pixels[place]!]!++
      counts[256 + pixels[place + 1]!]!++
      counts[512 + pixels[place + 2]!]!++
      counts[768 + pixels[place + 3]!]!++
    }
    for (; place < end; place++) counts[pixels[place]!]!++
  })
  const histogram = Float64Array.from({ length: 256 }, (_, value) =>
    [0, 256, 512, 768].reduce((sum, part) => sum + counts[part + value]!, 0),
  )
  const n = present + border
  histogram[0]! += border
  let sum = 0
  let squares = 0
  for (let value = 0; value < 256; value++) {
    sum += value * histogram[value]!
    squares += value * value * histogram[value]!
  }
  const mean = sum / n
  // Clamped: rounding can leave a constant channel a hair below zero.
  const variance = Math.max(0, squares / n - mean * mean)
  const constant = histogram.some((pixelsOfValue) => pixelsOfValue === n)
  return { mean: mean / 255, std: constant ? 0 : Math.sqrt(variance) / 255 }
}

// Floats get a second pass around the mean: one pass cancels badly when the mean is far from zero.
function measureFloats(dataset: Dataset, channel: number, border: number): { mean: number; std: number } {
  const pixels = dataset.pixels
  let sum = 0
  const present = forEachRun(dataset, channel, (start, end) => {
    for (let place = start; place < end; place++) sum += pixels[place]!
  })
  const n = present + border
  const mean = sum / n
  let squares = border * mean * mean
  forEachRun(dataset, channel, (start, end) => {
    for (let place = start; place < end; place++) squares += (pixels[place]! - mean) * (pixels[place]! - mean)
  })
  return { mean, std: Math.sqrt(squares / n) }
}

/** Calls `visit` with the consecutive pixels of one channel of each image; returns how many pixels that were. */
function forEachRun(dataset: Dataset, channel: number, visit: (start: number, end: number) => void): number {
  const [channels, height, width] = dataset.shape
  const area = height * width
  const count = dataset.labels.length
  for (let image = 0; image < count; image++) {
    const start = (image * channels + channel) * area
    visit(start, start + area)
  }
  return count * area
}
