// An image in the middle of a larger one: the 28x28 MNIST image in the 32x32 input of LeNet-5 (LeCun et al. 1998, II.B).
// Training and evaluation place images as they feed them, so that the framed ones need no memory of their own.

type Shape = readonly number[]
type Pixels = Uint8Array | Float32Array

/** Copies the image at `sourceOffset` into the target; what it does not cover becomes 0. */
export type Placer = (source: Pixels, sourceOffset: number, target: Pixels, targetOffset: number) => void

/** Whether an image [channels, height, width] can stand in the middle of another. */
export const fitsWithin = (image: Shape, frame: Shape): boolean =>
  image.length === frame.length && image[0] === frame[0] && image.every((extent, at) => extent <= frame[at]!)

/** Both shapes are [channels, height, width], the first within the second. An odd surplus goes to the bottom and the right. */
export function createPlacer(image: Shape, frame: Shape): Placer {
  const [channels, height, width] = image as [number, number, number]
  const [, frameHeight, frameWidth] = frame as [number, number, number]
  const [area, frameArea] = [height * width, frameHeight * frameWidth]
  if (area === frameArea)
    return (source, from, target, to) => target.set(source.subarray(from, from + channels * area), to)
  const corner = Math.floor((frameHeight - height) / 2) * frameWidth + Math.floor((frameWidth - width) / 2)
  return (source, sourceOffset, target, targetOffset) => {
    target.fill(0, targetOffset, targetOffset + channels * frameArea)
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < height; i++) {
        const from = sourceOffset + c * area + i * width
        const to = targetOffset + c * frameArea + i * frameWidth + corner
        for (let j = 0; j < width; j++) target[to + j] = source[from + j]!
      }
  }
}
