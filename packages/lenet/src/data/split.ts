// Parts of a data set: the first images, or a validation set drawn by chance.

import { UsageError } from '../errors.ts'
import type { Dataset } from './dataset.ts'

/** The first `count` images, as views; the whole data set when it has no more. Throws a UsageError when `count` is no count. */
export function takeFirst(dataset: Dataset, count: number): Dataset {
  if (!Number.isInteger(count) || count < 1) {
    throw new UsageError(`${dataset.name}: the number of images to take is ${count}; give an integer of at least 1`)
  }
  return count >= dataset.labels.length ? dataset : slice(dataset, 0, count)
}

/**
 * Draws `count` images without replacement (Fisher-Yates) as the validation set. Both parts keep the original order, so
 * that the training set of one seed is the same however its batches are shuffled later. Both are copies; the source may
 * be dropped. `random` gives uniform numbers in [0, 1) and is called `count` times.
 */
export function splitValidation(
  dataset: Dataset,
  count: number,
  random: () => number,
): { train: Dataset; validation: Dataset } {
  const total = dataset.labels.length
  if (!Number.isInteger(count) || count < 1 || count >= total) {
    throw new UsageError(
      `${dataset.name}: ${count} validation images asked of ${total}`,
      `give an integer from 1 to ${Math.max(1, total - 1)}`,
    )
  }
  const drawn = draw(total, count, random)
  const part = (mark: number): Dataset =>
    takeImages(
      dataset,
      Uint32Array.from(drawn.keys()).filter((index) => drawn[index] === mark),
    )
  return { train: part(0), validation: { ...part(1), name: `${dataset.name} validation` } }
}

/** A byte for each image: 1 for the `count` that were drawn. */
function draw(total: number, count: number, random: () => number): Uint8Array {
  const order = Uint32Array.from({ length: total }, (_, index) => index)
  const drawn = new Uint8Array(total)
  for (let place = 0; place < count; place++) {
    const other = place + Math.floor(random() * (total - place))
    const index = order[other]!
    order[other] = order[place]!
    order[place] = index
    drawn[index] = 1
  }
  return drawn
}

/** Copies of the images with these indices, in their order. */
export function takeImages(dataset: Dataset, images: Uint32Array): Dataset {
  const [channels, height, width] = dataset.shape
  const row = channels * height * width
  const { length } = images
  const pixels = dataset.pixels instanceof Uint8Array ? new Uint8Array(length * row) : new Float32Array(length * row)
  const labels = dataset.labels instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length)
  const files = dataset.files && Array.from(images, (image) => dataset.files![image]!)
  for (const [to, from] of images.entries()) {
    pixels.set(dataset.pixels.subarray(from * row, (from + 1) * row), to * row)
    labels[to] = dataset.labels[from]!
  }
  return { ...dataset, pixels, labels, ...(files && { files }) }
}

function slice(dataset: Dataset, start: number, end: number): Dataset {
  const [channels, height, width] = dataset.shape
  const row = channels * height * width
  return {
    ...dataset,
    pixels: dataset.pixels.subarray(start * row, end * row),
    labels: dataset.labels.subarray(start, end),
    ...(dataset.files && { files: dataset.files.slice(start, end) }),
  }
}
