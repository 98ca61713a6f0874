// A decoded picture of any size, and its channels as planes.

import { ShapeError, shown, UsageError } from '../errors.ts'

/** Bytes as decoders give them: rows from the top, the channels of a pixel side by side. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** 1 is grey, 3 are RGB, 4 are RGB and alpha. */
  readonly channels: 1 | 3 | 4
  readonly pixels: Uint8Array
}

/** @throws UsageError for numbers that are no bytes: in 8 bits they would be others. */
export function bytesOf(values: unknown): Uint8Array {
  const isBytes = values instanceof Uint8Array || values instanceof Uint8ClampedArray
  if (!isBytes) throw new UsageError(`picture: its pixels are ${shown(values)}; bytes from 0 to 255 are wanted`)
  return values instanceof Uint8Array ? values : new Uint8Array(values)
}

/**
 * The picture as bytes [channels, height, width], `channels` being 1 or 3. Transparent parts show white. Throws a
 * ShapeError for other channels, and when the pixels do not fill the picture.
 */
export function toPlanes(picture: Picture, channels: number): Uint8Array {
  const { width, height, channels: from } = picture
  const pixels = bytesOf(picture.pixels)
  if (channels !== 1 && channels !== 3) {
    throw new ShapeError(`picture: ${channels} input channels cannot be filled from it; 1 (grey) or 3 (RGB) can`)
  }
  if (![width, height].every((side) => Number.isSafeInteger(side) && side > 0) || ![1, 3, 4].includes(from))
    throw new ShapeError(
      `picture: is ${width}x${height} with ${from} channels; whole sides from 1 and 1, 3 or 4 channels are accepted`,
    )
  if (pixels.length !== width * height * from || pixels.length === 0) {
    const size = `${width}x${height} with ${from} channels has ${width * height * from}`
    throw new ShapeError(`picture: has ${pixels.length} bytes but ${size}`)
  }
  const area = width * height
  const planes = new Uint8Array(area * channels)
  const green = from === 1 ? 0 : 1
  const blue = from === 1 ? 0 : 2
  for (let place = 0, at = 0; place < area; place++, at += from) {
    const alpha = from === 4 ? pixels[at + 3]! : 255
    const r = onWhite(pixels[at]!, alpha)
    const g = onWhite(pixels[at + green]!, alpha)
    const b = onWhite(pixels[at + blue]!, alpha)
    if (channels === 1) planes[place] = luminance(r, g, b)
    else {
      planes[place] = r
      planes[area + place] = g
      planes[2 * area + place] = b
    }
  }
  return planes
}

/** Brightness of a colour in bytes: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded. */
export function luminance(red: number, green: number, blue: number): number {
  return Math.floor((299 * red + 587 * green + 114 * blue + 500) / 1000)
}

const onWhite = (value: number, alpha: number): number => 255 - Math.floor(((255 - value) * alpha + 127) / 255)
