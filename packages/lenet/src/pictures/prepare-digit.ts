// A photograph, scan or drawing of one digit, made like an image of MNIST: bright ink on black, fitted into 20x20 with its
// proportions kept, and placed in 28x28 by its centre of mass (LeCun et al. 1998, section III.A).

import { UsageError } from '../errors.ts'
import { findInk, type GreyImage, type InkBox } from './find-ink.ts'
import { type Picture, toPlanes } from './picture.ts'
import { createResampler } from './resize.ts'

const SIDE = 28
const BOX = 20
/** Larger pictures are averaged down first: enough for the ink's outline, and a photograph takes milliseconds. */
const WORKING_SIDE = 320

/** The way of a picture to an image of MNIST, for showing. */
export interface DigitSteps {
  /** The ink in the picture, scaled to at most 320 pixels a side, and its bounding box there. */
  readonly ink: GreyImage
  readonly box: InkBox
  /** The box in the size in which its longer side is 20, from 0 to 1. */
  readonly fitted: GreyImage
  /** Where the fitted box stands in the image. */
  readonly left: number
  readonly top: number
  /** [28, 28] bytes. */
  readonly pixels: Uint8Array
}

/**
 * The digit as [28, 28] bytes. Ink may be darker or lighter than what surrounds it, under uneven light; transparent parts
 * count as white, or as black where nothing can be seen on white. Throws a UsageError when there is nothing in the picture.
 */
export const prepareDigit = (picture: Picture): Uint8Array => digitSteps(picture).pixels

/** The same with everything on the way. */
export function digitSteps(picture: Picture): DigitSteps {
  // White ink on nothing cannot be seen on white.
  const found =
    findInk(workingImage(picture)) ?? (picture.channels === 4 ? findInk(workingImage(negative(picture))) : undefined)
  if (found === undefined) {
    throw new UsageError('picture: shows no digit, only one even surface', 'is it blank, or the pen too pale?')
  }
  const { ink, box } = found
  const fitted = fitBox(ink, box)
  return { ink, box, fitted, ...centre(fitted) }
}

/** Its colours, not its transparency: on white it then looks as the picture on black does, dark for bright. */
function negative(picture: Picture): Picture {
  const pixels = picture.pixels.map((value, at) => (at % 4 === 3 ? value : 255 - value))
  return { ...picture, pixels }
}

function workingImage(picture: Picture): GreyImage {
  const planes = toPlanes(picture, 1)
  const { width, height } = picture
  const factor = Math.min(1, WORKING_SIDE / Math.max(width, height))
  if (factor === 1) return { width, height, pixels: Float32Array.from(planes) }
  const toWidth = Math.max(1, Math.round(width * factor))
  const toHeight = Math.max(1, Math.round(height * factor))
  const pixels = new Float32Array(toWidth * toHeight)
  createResampler([height, width], [toHeight, toWidth])(planes, 0, pixels, 0)
  return { width: toWidth, height: toHeight, pixels }
}

/** The box in the size in which its longer side is 20, its brightest pixel 1. */
function fitBox(ink: GreyImage, { left, top, width, height }: InkBox): GreyImage {
  const cut = new Float32Array(width * height)
  for (let i = 0; i < height; i++) {
    const start = (top + i) * ink.width + left
    cut.set(ink.pixels.subarray(start, start + width), i * width)
  }
  const longer = Math.max(width, height)
  const toWidth = Math.max(1, Math.round((width * BOX) / longer))
  const toHeight = Math.max(1, Math.round((height * BOX) / longer))
  const pixels = new Float32Array(toWidth * toHeight)
  createResampler([height, width], [toHeight, toWidth])(cut, 0, pixels, 0)
  const brightest = pixels.reduce((most, pixel) => Math.max(most, pixel), 0)
  return { width: toWidth, height: toHeight, pixels: pixels.map((pixel) => pixel / brightest) }
}

function centre({ pixels, height, width }: GreyImage): Pick<DigitSteps, 'left' | 'top' | 'pixels'> {
  let mass = 0
  let massX = 0
  let massY = 0
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const pixel = pixels[i * width + j]!
      mass += pixel
      massX += pixel * j
      massY += pixel * i
    }
  }
  const left = place(massX / mass, width)
  const top = place(massY / mass, height)
  const result = new Uint8Array(SIDE * SIDE)
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      result[(top + i) * SIDE + left + j] = Math.floor(255 * pixels[i * width + j]! + 0.5)
    }
  }
  return { left, top, pixels: result }
}

// The centre of mass comes to pixel 14, as it lies in MNIST's files; the box stays inside.
function place(centreOfMass: number, extent: number): number {
  return Math.min(SIDE - extent, Math.max(0, Math.round(SIDE / 2 - centreOfMass)))
}
