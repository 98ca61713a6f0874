// Small random distortions of training images: one affine map per image, interpolated linearly, black outside. Only
// + - * / on the way, so that every JavaScript engine draws the same pixels.

import { UsageError } from '../errors.ts'
import { fieldsOf } from '../formats/json-fields.ts'
import { createPlacer } from '../pictures/place.ts'
import { createWarper, type Matrix } from './warp.ts'

export interface AugmentOptions {
  /** Pixels, at most so many in each direction. Alone or with `flip` it moves by whole pixels and loses no sharpness. */
  readonly shift?: number
  /** Fraction: sizes from 1 - scale to 1 + scale. */
  readonly scale?: number
  /** Degrees, at most so many to either side. */
  readonly rotate?: number
  /** Degrees by which upright lines lean, at most so many to either side. */
  readonly shear?: number
  /** Fraction: narrower and taller by up to so much, or wider and lower. */
  readonly squeeze?: number
  /** The part of the images that is distorted; the others stay as they are. Default: 1. */
  readonly share?: number
  /** Exchange left and right in half of the images. Not for digits. */
  readonly flip?: boolean
}

/** Distorts the image at `sourceOffset` into the target. Calls `random`, uniform in [0, 1), as often as it needs. */
export type Augmenter = (
  source: Uint8Array,
  sourceOffset: number,
  target: Uint8Array,
  targetOffset: number,
  random: () => number,
) => void

/**
 * Prepares the distortion of images [channels, height, width], which stand in the middle of a `frame` before they are
 * distorted. Throws a UsageError for options out of range.
 */
export function createAugmenter(
  options: AugmentOptions,
  image: readonly [number, number, number],
  frame: readonly [number, number, number] = image,
): Augmenter {
  fieldsOf(options, 'options', names, (problem) => new UsageError(`augmentation: ${problem}`))
  const { shift = 0, scale = 0, rotate = 0, shear = 0, squeeze = 0, share = 1, flip = false } = options
  const [channels, height, width] = frame
  checkRange('shift', shift, Math.max(height, width), 'pixels')
  checkRange('scale', scale, 0.9, 'a fraction')
  checkRange('rotate', rotate, 180, 'degrees')
  checkRange('shear', shear, 60, 'degrees')
  checkRange('squeeze', squeeze, 0.9, 'a fraction')
  checkRange('share', share, 1, 'a fraction')
  const [area, size] = [height * width, channels * height * width]
  const place = createPlacer(image, frame)
  const framed = new Uint8Array(size)
  const isWhole = scale === 0 && rotate === 0 && shear === 0 && squeeze === 0
  const isShift = isWhole && !flip && share === 1
  const most = Math.floor(shift)
  const by = (uniform: number) => Math.floor(uniform * (2 * most + 1)) - most
  const warp = createWarper(height, width)
  return (source, sourceOffset, target, targetOffset, random) => {
    const right = random()
    const down = random()
    if (isShift) return place(source, sourceOffset, target, targetOffset, by(right), by(down))
    const enlarged = 1 + scale * (2 * random() - 1)
    const angle = rotate * (2 * random() - 1)
    const lean = shear * (2 * random() - 1)
    const mirror = random() < 0.5 && flip
    const narrow = squeeze === 0 ? 1 : 1 + squeeze * (2 * random() - 1)
    if (share < 1 && random() >= share) return place(source, sourceOffset, target, targetOffset)
    if (isWhole) {
      // Mirrored last, it moves the other way first.
      place(source, sourceOffset, target, targetOffset, mirror ? -by(right) : by(right), by(down))
      if (mirror)
        for (let row = targetOffset; row < targetOffset + size; row += width)
          target.subarray(row, row + width).reverse()
      return
    }
    place(source, sourceOffset, framed, 0)
    const [a, b, c, d] = inverseMap(enlarged, angle, lean, mirror)
    const map: Matrix = [a * narrow, b * narrow, c / narrow, d / narrow]
    const x = shift * (2 * right - 1)
    const y = shift * (2 * down - 1)
    for (let plane = 0; plane < size; plane += area) warp(framed, plane, target, targetOffset + plane, map, x, y)
  }
}

const names = ['shift', 'scale', 'rotate', 'shear', 'squeeze', 'share', 'flip']

function checkRange(name: string, value: number, most: number, unit: string): void {
  if (value >= 0 && value <= most) return
  throw new UsageError(`augmentation: ${name} is ${value}; give ${unit} from 0 to ${most}`)
}

/** From a target position to its source position, both relative to the centre: turn, lean, shrink, mirror. */
function inverseMap(size: number, angle: number, lean: number, mirror: boolean): Matrix {
  const [cosine, sine] = rotation(angle)
  const slope = tangent((lean * Math.PI) / 180)
  const sign = mirror ? -1 : 1
  return [(sign * (cosine + slope * sine)) / size, (sign * (slope * cosine - sine)) / size, sine / size, cosine / size]
}

// Any t gives a true rotation ((1-t^2)/(1+t^2), 2t/(1+t^2)), by the angle 2 atan t; doubling it reaches half a turn.
function rotation(degrees: number): readonly [cosine: number, sine: number] {
  const t = tangent((degrees * Math.PI) / 720)
  const cosine = (1 - t * t) / (1 + t * t)
  const sine = (2 * t) / (1 + t * t)
  return [cosine * cosine - sine * sine, 2 * cosine * sine]
}

// The continued fraction u/(1 - u^2/(3 - u^2/5)): an angle wrong by less than 0.02 degrees up to 45, 0.3 up to 60.
function tangent(u: number): number {
  return (u * (15 - u * u)) / (15 - 6 * u * u)
}
