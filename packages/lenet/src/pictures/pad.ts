// A frame of zeros around every image of a data set.

import { ShapeError } from '../errors.ts'
import type { Images } from './images.ts'
import { createPlacer } from './place.ts'

/**
 * Centres every image on a background of zeros, [channels, height, width]. An odd surplus goes to the bottom and the right.
 * Throws a ShapeError when the images are larger than that.
 */
export function pad<T extends Images>(dataset: T, height: number, width: number): T {
  const [channels, fromHeight, fromWidth] = dataset.shape
  if (height < fromHeight || width < fromWidth) {
    throw new ShapeError(`${dataset.name}: images of ${fromHeight}x${fromWidth} do not fit into ${height}x${width}`)
  }
  if (height === fromHeight && width === fromWidth) return dataset
  const shape = [channels, height, width] as const
  const place = createPlacer(dataset.shape, shape)
  const [from, to] = [channels * fromHeight * fromWidth, channels * height * width]
  const size = dataset.labels.length * to
  const pixels = dataset.pixels instanceof Uint8Array ? new Uint8Array(size) : new Float32Array(size)
  for (let n = 0; n < dataset.labels.length; n++) place(dataset.pixels, n * from, pixels, n * to)
  return { ...dataset, shape, pixels }
}
