// Decoding PNG, JPEG, WebP and what else `sharp` reads. It is an optional peer: without it, everything but pictures works.

import type { Picture } from '../data/picture.ts'
import { FormatError, UsageError } from '../errors.ts'
import { readFileOrExplain } from './files.ts'

export interface DecodedPicture extends Picture {
  /** How many pictures the file holds, where it is several: this is the first. */
  readonly pages?: number
}

/**
 * Decodes a file or its bytes; a camera's rotation flag is obeyed, and of several pages the first is taken. Throws a
 * FormatError naming the file (or `name`), or a UsageError when `sharp` is not installed.
 */
export async function readImage(source: string | Uint8Array, name = 'picture'): Promise<DecodedPicture> {
  const sharp = await loadSharp()
  const file = typeof source === 'string' ? source : name
  const bytes = typeof source === 'string' ? await readFileOrExplain(source) : source
  try {
    const image = sharp(bytes, { failOn: 'error' })
    const { space, hasAlpha, pages = 1 } = await image.metadata()
    const isGrey = (space === 'b-w' || space === 'grey16') && !hasAlpha
    const upright = image.autoOrient().toColourspace(isGrey ? 'b-w' : 'srgb')
    const { data, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
    const { width, height, channels } = info
    if (channels === 2) throw new Error('grey with alpha was not made RGB')
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length)
    return { width, height, channels, pixels, ...(pages > 1 && { pages }) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new FormatError(file, `is no picture that can be decoded: ${message.split('\n')[0]}`)
  }
}

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
