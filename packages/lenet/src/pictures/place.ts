// An image in the middle of a larger one: the 28x28 MNIST image in the 32x32 input of LeNet-5 (LeCun et al. 1998, II.B).
// Training and evaluation place images as they feed them, so that the framed ones need no memory of their own.

type Shape = readonly number[]
type Pixels = Uint8Array | Float32Array

/**
 * Copies the image at `sourceOffset` into the target, an array of the same kind, moved by whole pixels; what it does not
 * cover becomes 0.
 */
export type Placer = (
  source: Pixels,
  sourceOffset: number,
  target: Pixels,
  targetOffset: number,
  right?: number,
  down?: number,
) => void

/** Whether an image [channels, height, width] can stand in the middle of another. */
export const fitsWithin = (image: Shape, frame: Shape): boolean =>
  image.length === frame.length && image[0] === frame[0] && image.every((extent, at) => extent <= frame[at]!)

/** Both shapes are [channels, height, width], the first within the second. An odd surplus goes to the bottom and the right. */
export function createPlacer(image: Shape, frame: Shape): Placer {
  const [channels, height, width] = image as [number, number, number]
  const [, frameHeight, frameWidth] = frame as [number, number, number]
  const [area, frameArea] = [height * width, frameHeight * frameWidth]
  const [middleTop, middleLeft] = [Math.floor((frameHeight - height) / 2), Math.floor((frameWidth - width) / 2)]
  const [read, write] = [createViewer(), createViewer()]
  return (source, sourceOffset, target, targetOffset, right = 0, down = 0) => {
    const [top, left] = [middleTop + down, middleLeft + right]
    if (area === frameArea && top === 0 && left === 0) {
      target.set(source.subarray(sourceOffset, sourceOffset + channels * area), targetOffset)
      return
    }
    target.fill(0, targetOffset, targetOffset + channels * frameArea)
    const size = source.BYTES_PER_ELEMENT
    const [from, to] = [read(source), write(target)]
    const [firstRow, firstColumn] = [Math.max(0, -top), Math.max(0, -left)]
    const rows = Math.min(height, frameHeight - top)
    const bytes = size * Math.max(0, Math.min(width, frameWidth - left) - firstColumn)
    for (let c = 0; c < channels; c++)
      for (let i = firstRow; i < rows; i++) {
        const start = size * (sourceOffset + c * area + i * width + firstColumn)
        const end = size * (targetOffset + c * frameArea + (top + i) * frameWidth + left + firstColumn)
        copyBytes(from, start, to, end, bytes)
      }
  }
}

/** Rows are short: four bytes at a time, wherever they begin. */
function copyBytes(source: DataView, start: number, target: DataView, end: number, bytes: number): void {
  let at = 0
  for (; at + 4 <= bytes; at += 4) target.setInt32(end + at, source.getInt32(start + at))
  for (; at < bytes; at++) target.setUint8(end + at, source.getUint8(start + at))
}

/** The bytes of an array; it is mostly the same as the last time. */
function createViewer(): (pixels: Pixels) => DataView {
  let last: Pixels | undefined
  let view: DataView
  return (pixels) => {
    if (pixels !== last) view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength)
    last = pixels
    return view
  }
}
