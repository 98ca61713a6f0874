// Decoding PNG, JPEG, WebP and what else `sharp` reads. It is an optional peer: without it, everything but pictures works.

import { FormatError, UsageError } from '../errors.ts'
import type { Picture } from '../pictures/picture.ts'
import { readFileOrExplain } from './files.ts'

export interface DecodedPicture extends Picture {
  /** How many pictures the file holds, where it is several: this is the first. */
  readonly pages?: number
}

/** Beyond a large camera's picture: decoded, four bytes each are in memory. */
const MOST_PIXELS = 64_000_000

/**
 * Decodes a file or its bytes; a camera's rotation flag is obeyed, and of several pages the first is taken. Throws a
 * FormatError naming the file (or `name`), or a UsageError when `sharp` is not installed.
 */
export async function readImage(source: string | Uint8Array, name = 'picture'): Promise<DecodedPicture> {
  const sharp = await loadSharp()
  const file = typeof source === 'string' ? source : name
  const bytes = typeof source === 'string' ? await readFileOrExplain(source) : source
  try {
    // What is too large is refused below, with its size.
    const image = sharp(bytes, { failOn: 'error', limitInputPixels: false })
    const { space, hasAlpha, pages = 1, width: across, height: down } = await image.metadata()
    if (across * down > MOST_PIXELS) throw tooLarge(file, across, down)
    const isGrey = (space === 'b-w' || space === 'grey16') && !hasAlpha
    const upright = image.autoOrient().toColourspace(isGrey ? 'b-w' : 'srgb')
    const { data, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
    const { width, height, channels } = info
    if (channels === 2) throw new Error('grey with alpha was not made RGB')
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length)
    return { width, height, channels, pixels, ...(pages > 1 && { pages }) }
  } catch (error) {
    if (error instanceof FormatError) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw new FormatError(file, `is no picture that can be decoded: ${message.split('\n')[0]}`)
  }
}

const tooLarge = (file: string, width: number, height: number): FormatError =>
  new FormatError(
    file,
    `has ${width} x ${height} pixels, ${Math.ceil((width * height) / 1e6)} million; at most ${MOST_PIXELS / 1e6} million are read`,
    { hint: 'make it smaller' },
  )

type Sharp = typeof import('sharp')['default']

async function loadSharp(): Promise<Sharp> {
  try {
    return (await import('sharp')).default
  } catch {
    throw new UsageError(
      "lenet: reading pictures needs the package 'sharp', which is not installed",
      'npm install sharp',
    )
  }
}
