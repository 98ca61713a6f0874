// The binary batches of CIFAR-10 (https://www.cs.toronto.edu/~kriz/cifar.html): for each image one label byte and 3,072
// pixels, the planes red, green and blue of 32x32. There is no header.

import { FormatError } from '../errors.ts'

const PIXELS = 3 * 32 * 32
const ROW = 1 + PIXELS

export interface CifarBatch {
  /** [count, 3, 32, 32] */
  readonly pixels: Uint8Array
  /** [count], 0 to 9 */
  readonly labels: Uint8Array
}

/** Reads one batch. Throws a FormatError naming `file` and the byte. */
export function readCifar(bytes: Uint8Array, file = 'CIFAR-10 bytes'): CifarBatch {
  const count = Math.floor(bytes.length / ROW)
  if (bytes.length === 0 || count * ROW !== bytes.length) {
    const problem = `has ${bytes.length} bytes; a CIFAR-10 batch has ${ROW} for each image`
    throw new FormatError(file, problem, { offset: count * ROW, hint: 'the file is cut off or of another format' })
  }
  const pixels = new Uint8Array(count * PIXELS)
  const labels = new Uint8Array(count)
  for (let n = 0; n < count; n++) {
    const label = bytes[n * ROW]!
    if (label > 9) {
      throw new FormatError(file, `image ${n} has label ${label}; CIFAR-10 labels go from 0 to 9`, { offset: n * ROW })
    }
    labels[n] = label
    pixels.set(bytes.subarray(n * ROW + 1, (n + 1) * ROW), n * PIXELS)
  }
  return { pixels, labels }
}

/** The inverse of `readCifar`. Throws a FormatError when the pixels do not belong to the labels. */
export function writeCifar({ pixels, labels }: CifarBatch, file = 'CIFAR-10 bytes'): Uint8Array {
  if (pixels.length !== labels.length * PIXELS) {
    const wanted = `${labels.length} images have ${labels.length * PIXELS}`
    throw new FormatError(file, `${pixels.length} pixels were given, but ${wanted}`)
  }
  const bytes = new Uint8Array(labels.length * ROW)
  for (let n = 0; n < labels.length; n++) {
    bytes[n * ROW] = labels[n]!
    bytes.set(pixels.subarray(n * PIXELS, (n + 1) * PIXELS), n * ROW + 1)
  }
  return bytes
}
