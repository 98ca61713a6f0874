// A picture whose proportions are kept: whole and as large as the shape lets it be (fit), or as much of its middle as has
// the shape's proportions (crop).

import { type Picture, toPlanes } from './picture.ts'
import { createPlacer } from './place.ts'
import { resizePicture } from './resize.ts'

type Shape = readonly [channels: number, height: number, width: number]

/** The whole picture in the middle; what it does not cover has the mean colour of its edge. Bytes [channels, height, width]. */
export function fitPicture(picture: Picture, [channels, height, width]: Shape): Uint8Array {
  const scale = Math.min(height / picture.height, width / picture.width)
  const inner = [
    channels,
    Math.max(1, Math.round(scale * picture.height)),
    Math.max(1, Math.round(scale * picture.width)),
  ] as const
  const pixels = new Uint8Array(channels * height * width)
  createPlacer(inner, [channels, height, width])(resizePicture(picture, inner), 0, pixels, 0)
  const [top, left] = [Math.floor((height - inner[1]) / 2), Math.floor((width - inner[2]) / 2)]
  for (const [c, value] of edgeColour(picture, channels).entries()) {
    const plane = pixels.subarray(c * height * width, (c + 1) * height * width)
    plane.fill(value, 0, top * width)
    plane.fill(value, (top + inner[1]) * width)
    for (let i = top; i < top + inner[1]; i++) {
      plane.fill(value, i * width, i * width + left)
      plane.fill(value, i * width + left + inner[2], (i + 1) * width)
    }
  }
  return pixels
}

/** Of the outermost pixels, the mean of each channel. */
function edgeColour(picture: Picture, channels: number): number[] {
  const { width, height } = picture
  const planes = toPlanes(picture, channels)
  return Array.from({ length: channels }, (_, c) => {
    let [sum, count] = [0, 0]
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j += i === 0 || i === height - 1 ? 1 : Math.max(1, width - 1)) {
        sum += planes[(c * height + i) * width + j]!
        count++
      }
    return Math.round(sum / count)
  })
}

/** The middle of the picture; what is beyond the shape's proportions is cut off. Bytes [channels, height, width]. */
export function cropPicture(picture: Picture, shape: Shape): Uint8Array {
  const { channels, pixels } = picture
  const [, rows, columns] = shape
  const width = Math.min(picture.width, Math.max(1, Math.round((picture.height * columns) / rows)))
  const height = Math.min(picture.height, Math.max(1, Math.round((picture.width * rows) / columns)))
  const [top, left] = [Math.floor((picture.height - height) / 2), Math.floor((picture.width - width) / 2)]
  const cut = new Uint8Array(width * height * channels)
  for (let i = 0; i < height; i++) {
    const start = ((top + i) * picture.width + left) * channels
    cut.set(pixels.subarray(start, start + width * channels), i * width * channels)
  }
  return resizePicture({ width, height, channels, pixels: cut }, shape)
}
