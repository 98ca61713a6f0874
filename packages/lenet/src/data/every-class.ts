// Parts of a data set in which every class has its share: so many images to train on, or some held out for testing. Both
// depend on the labels alone, and on nothing that a run chooses.
import { UsageError } from '../errors.ts'
import { createRandom } from '../random/random.ts'
import type { Dataset, Splits } from './dataset.ts'
import { takeImages } from './split.ts'

/**
 * The first `count` images of the data set in an order that takes from every class in proportion: one of each class, then
 * image r of a class of n at (r + ½) / n. The result keeps that order, so that the first images of it are what a smaller
 * count gives. The whole data set, as it is, when it has no more. Throws a UsageError for fewer images than classes.
 */
export function takeOfEveryClass(dataset: Dataset, count: number): Dataset {
  const { labels, name } = dataset
  const classes = imagesOfClasses(dataset).filter(({ length }) => length > 0)
  if (!Number.isInteger(count) || count < classes.length)
    throw new UsageError(
      `${name}: ${count} images are to be taken of ${classes.length} classes; give at least one a class`,
    )
  if (count >= labels.length) return dataset
  const keys = new Float64Array(labels.length)
  for (const images of classes)
    for (const [rank, image] of images.entries()) keys[image] = rank === 0 ? 0 : (rank + 0.5) / images.length
  const order = Uint32Array.from(labels.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b)
  return takeImages(dataset, order.subarray(0, count))
}

/** What part of a data set is held out, as a run records it. */
export interface HoldOut {
  /** Of every class, above 0 and below 1. */
  readonly share: number
  readonly seed: number
}

/** A fifth. The seed is not the run's: whatever learns from a folder is measured on the same images of it. */
export const usualHoldOut: HoldOut = { share: 0.2, seed: 1 }

/**
 * Splits a data set that has no test images: of every class the same share, drawn by the seed, becomes the test set, and at
 * least one image stays. Both parts keep the order of the source. Without `test` where every class is too small.
 * Throws a UsageError for a share that is none.
 */
export function holdOut(dataset: Dataset, { share, seed }: HoldOut): Splits {
  if (!(share > 0 && share < 1))
    throw new UsageError(`${dataset.name}: the share to hold out is ${share}; give a number above 0 and below 1`)
  const held = new Uint8Array(dataset.labels.length)
  for (const [label, images] of imagesOfClasses(dataset).entries()) {
    const random = createRandom(seed, 'holdOut', 0, label)
    const count = Math.min(images.length - 1, Math.round(share * images.length))
    for (let place = 0; place < count; place++) {
      const other = place + Math.floor(random() * (images.length - place))
      const image = images[other]!
      images[other] = images[place]!
      held[image] = 1
    }
  }
  const part = (mark: number): Dataset =>
    takeImages(
      dataset,
      Uint32Array.from(held.keys()).filter((image) => held[image] === mark),
    )
  if (!held.includes(1)) return { train: dataset }
  return { train: part(0), test: { ...part(1), name: `${dataset.name} held out` } }
}

/** [class]: its images, in their order. */
function imagesOfClasses({ labels, classes }: Dataset): number[][] {
  const lists: number[][] = classes.map(() => [])
  for (const [image, label] of labels.entries()) lists[label]?.push(image)
  return lists
}
