// Pictures to other sizes: averaging over the covered area where an axis shrinks, linear interpolation where it grows. The
// two axes are independent, so each is a table of weights, made once per size.

import { type Picture, toPlanes } from './picture.ts'

type Plane = Uint8Array | Float32Array

/** Output place p is the sum over t < count[p] of weights[p * widest + t] * input[first[p] + t]. */
interface Axis {
  readonly first: Int32Array
  readonly count: Int32Array
  readonly weights: Float64Array
  readonly widest: number
}

/** Prepares the resampling of planes [fromHeight, fromWidth] to [height, width]. Bytes are rounded. */
export function createResampler(
  [fromHeight, fromWidth]: readonly [number, number],
  [height, width]: readonly [number, number],
): (source: Plane, sourceOffset: number, target: Plane, targetOffset: number) => void {
  const rows = axis(fromHeight, height)
  const columns = axis(fromWidth, width)
  const between = new Float64Array(fromHeight * width)
  return (source, sourceOffset, target, targetOffset) => {
    for (let i = 0; i < fromHeight; i++) {
      for (let j = 0; j < width; j++) {
        const start = sourceOffset + i * fromWidth + columns.first[j]!
        let sum = 0
        for (let t = 0; t < columns.count[j]!; t++) sum += columns.weights[j * columns.widest + t]! * source[start + t]!
        between[i * width + j] = sum
      }
    }
    const half = target instanceof Uint8Array ? 0.5 : 0
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        let sum = half
        for (let t = 0; t < rows.count[i]!; t++) {
          sum += rows.weights[i * rows.widest + t]! * between[(rows.first[i]! + t) * width + j]!
        }
        target[targetOffset + i * width + j] = sum
      }
    }
  }
}

function axis(from: number, to: number): Axis {
  const widest = Math.ceil(Math.max(1, from / to)) + 1
  const table = { first: new Int32Array(to), count: new Int32Array(to), weights: new Float64Array(to * widest), widest }
  for (let p = 0; p < to; p++) (to < from ? averaging : interpolating)(table, p, from, to)
  return table
}

// In units of 1/to of an input pixel everything is an integer, so the coverages are exact.
function averaging({ first, count, weights, widest }: Axis, p: number, from: number, to: number): void {
  const start = p * from
  const end = start + from
  first[p] = Math.floor(start / to)
  count[p] = Math.ceil(end / to) - first[p]!
  for (let t = 0; t < count[p]!; t++) {
    const pixel = (first[p]! + t) * to
    weights[p * widest + t] = (Math.min(end, pixel + to) - Math.max(start, pixel)) / from
  }
}

// Pixel centres lie at halves; beyond the outermost ones the edge continues.
function interpolating({ first, count, weights, widest }: Axis, p: number, from: number, to: number): void {
  const centre = Math.min(from - 1, Math.max(0, ((p + 0.5) * from) / to - 0.5))
  first[p] = Math.floor(centre)
  const share = centre - first[p]!
  count[p] = share === 0 ? 1 : 2
  weights[p * widest] = 1 - share
  weights[p * widest + 1] = share
}

/** A picture as the bytes [channels, height, width] that a model wants; the sides are stretched to fit. */
export function resizePicture(
  picture: Picture,
  [channels, height, width]: readonly [number, number, number],
): Uint8Array {
  const planes = toPlanes(picture, channels)
  const resample = createResampler([picture.height, picture.width], [height, width])
  const pixels = new Uint8Array(channels * height * width)
  const area = picture.width * picture.height
  for (let c = 0; c < channels; c++) resample(planes, c * area, pixels, c * height * width)
  return pixels
}
