// A frame of zeros around every image: the 28x28 MNIST image in the 32x32 input of LeNet-5 (LeCun et al. 1998, section II.B).

import { ShapeError } from '../errors.ts'
import type { Dataset } from './dataset.ts'

/**
 * Centres every image on a background of zeros, [channels, height, width]. An odd surplus goes to the bottom and the right.
 * Throws a ShapeError when the images are larger than that.
 */
export function pad(dataset: Dataset, height: number, width: number): Dataset {
  const [channels, fromHeight, fromWidth] = dataset.shape
  if (height < fromHeight || width < fromWidth) {
    throw new ShapeError(`${dataset.name}: images of ${fromHeight}x${fromWidth} do not fit into ${height}x${width}`)
  }
  if (height === fromHeight && width === fromWidth) return dataset
  const planes = dataset.labels.length * channels
  const source = dataset.pixels
  const size = planes * height * width
  const pixels = source instanceof Uint8Array ? new Uint8Array(size) : new Float32Array(size)
  const corner = Math.floor((height - fromHeight) / 2) * width + Math.floor((width - fromWidth) / 2)
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < fromHeight; i++) {
      const from = (plane * fromHeight + i) * fromWidth
      const to = plane * height * width + i * width + corner
      for (let j = 0; j < fromWidth; j++) pixels[to + j] = source[from + j]!
    }
  }
  return { ...dataset, shape: [channels, height, width], pixels }
}
