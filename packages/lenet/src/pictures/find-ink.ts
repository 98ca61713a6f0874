// Where the ink of a digit is in a picture: what differs from the background, in connected pieces, without specks and
// without what reaches in from the border.

import { type GreyImage, type OnPaper, subtractBackgrounds } from './background.ts'

export type { GreyImage } from './background.ts'

export interface InkBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface FoundInk {
  readonly ink: GreyImage
  readonly box: InkBox
}

interface Piece {
  readonly places: number[]
  /** How many of its pixels lie on the picture's border. */
  readonly onBorder: number
}

/** A difference below this is paper, whatever the noise. */
const FAINTEST = 15

/** Ink from 0 to 1 and its bounding box; undefined when the picture is blank. */
export function findInk(image: GreyImage): FoundInk | undefined {
  for (const paper of subtractBackgrounds(image)) {
    const found = inkOn(image, paper)
    if (found !== undefined) return found
  }
  return undefined
}

function inkOn(image: GreyImage, { difference, noise, isFilled }: OnPaper): FoundInk | undefined {
  const faint = Math.max(FAINTEST / 2, 4 * noise)
  const sign = signOf(difference, faint)
  const strength = sign < 0 ? difference.map((value) => -value) : difference
  const peak = smoothedPeak({ ...image, pixels: strength })
  if (peak < Math.max(FAINTEST, 6 * noise)) return undefined
  const low = Math.max(0.15 * peak, Math.min(4 * noise, 0.4 * peak))
  const found = pieces({ ...image, pixels: strength }, low, 0.5 * peak)
  const kept = isFilled ? withoutSpecks(found) : keepDigit(found, image)
  if (kept.length === 0) return undefined
  const pixels = new Float32Array(strength.length)
  // Full ink already below the peak: pens are uneven, and MNIST's strokes are nearly all white.
  const floor = low / 2
  for (const place of kept) pixels[place] = Math.min(1, (strength[place]! - floor) / (0.75 * peak - floor))
  const box = boxOf(kept, image.width)
  return thicken({ ...image, pixels }, box)
}

/** Whether ink is darker or brighter than what surrounds it: where the energy beyond the noise is. */
function signOf(difference: Float32Array, faint: number): 1 | -1 {
  let darker = 0
  let brighter = 0
  for (let place = 0; place < difference.length; place++) {
    const value = difference[place]!
    if (value > faint) brighter += (value - faint) * (value - faint)
    else if (value < -faint) darker += (value + faint) * (value + faint)
  }
  return darker > brighter ? -1 : 1
}

// Over 3x3 pixels, so that one bright pixel of noise does not count as ink; small pictures have no pixels to spare.
function smoothedPeak({ width, height, pixels }: GreyImage): number {
  if (Math.min(width, height) < 64) return pixels.reduce((most, value) => Math.max(most, value), 0)
  let peak = 0
  for (let i = 1; i < height - 1; i++) {
    const column = (j: number) => {
      const place = i * width + j
      return pixels[place - width]! + pixels[place]! + pixels[place + width]!
    }
    let [left, middle] = [column(0), column(1)]
    for (let j = 2; j < width; j++) {
      const right = column(j)
      peak = Math.max(peak, left + middle + right)
      left = middle
      middle = right
    }
  }
  return peak / 9
}

/** Connected pieces (eight neighbours) of what is above `low` and somewhere above `high`. */
function pieces({ width, height, pixels }: GreyImage, low: number, high: number): Piece[] {
  const seen = new Uint8Array(pixels.length)
  const found: Piece[] = []
  for (let start = 0; start < pixels.length; start++) {
    if (seen[start] || pixels[start]! < high) continue
    const places = [start]
    seen[start] = 1
    let onBorder = 0
    for (let next = 0; next < places.length; next++) {
      const i = Math.floor(places[next]! / width)
      const j = places[next]! - i * width
      if (i === 0 || j === 0 || i === height - 1 || j === width - 1) onBorder++
      for (let y = Math.max(0, i - 1); y <= Math.min(height - 1, i + 1); y++) {
        for (let x = Math.max(0, j - 1); x <= Math.min(width - 1, j + 1); x++) {
          const place = y * width + x
          if (seen[place] || pixels[place]! < low) continue
          seen[place] = 1
          places.push(place)
        }
      }
    }
    found.push({ places, onBorder })
  }
  return found
}

/** The pixels of the digit: no specks, and no table edge or shadow, which lie along the border. */
function keepDigit(found: readonly Piece[], { width, height }: GreyImage): number[] {
  const alongBorder = (piece: Piece) => piece.onBorder > 0.3 * Math.min(width, height)
  const inner = found.filter((piece) => !alongBorder(piece))
  return withoutSpecks(inner.length > 0 ? inner : found)
}

function withoutSpecks(found: readonly Piece[]): number[] {
  const largest = found.reduce((most, piece) => Math.max(most, piece.places.length), 0)
  return found.filter((piece) => piece.places.length >= 0.06 * largest).flatMap((piece) => piece.places)
}

function boxOf(places: readonly number[], width: number): InkBox {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0]
  for (const place of places) {
    const i = Math.floor(place / width)
    const j = place - i * width
    left = Math.min(left, j)
    right = Math.max(right, j)
    top = Math.min(top, i)
    bottom = Math.max(bottom, i)
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 }
}

// MNIST's strokes are about two of its pixels wide. A fine pen in a large picture would vanish in the averaging.
function thicken(ink: GreyImage, box: InkBox): { ink: GreyImage; box: InkBox } {
  const unit = Math.max(box.width, box.height) / 20
  const missing = 1.6 * unit - strokeWidth(ink)
  const radius = Math.round(missing / 2)
  if (radius < 1) return { ink, box }
  const wide = { ...ink, pixels: spreadRows(transposed(spreadRows(transposed(ink), radius)), radius).pixels }
  const left = Math.max(0, box.left - radius)
  const top = Math.max(0, box.top - radius)
  const width = Math.min(ink.width, box.left + box.width + radius) - left
  const height = Math.min(ink.height, box.top + box.height + radius) - top
  return { ink: wide, box: { left, top, width, height } }
}

// A stroke of width w and length l has an area of w*l and a border of 2*l.
function strokeWidth({ width, height, pixels }: GreyImage): number {
  const isInk = (i: number, j: number) => i >= 0 && j >= 0 && i < height && j < width && pixels[i * width + j]! > 0.5
  let area = 0
  let border = 0
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      if (!isInk(i, j)) continue
      area++
      if (!(isInk(i - 1, j) && isInk(i + 1, j) && isInk(i, j - 1) && isInk(i, j + 1))) border++
    }
  }
  return border === 0 ? 0 : (2 * area) / border
}

function spreadRows({ width, height, pixels }: GreyImage, radius: number): GreyImage {
  const result = new Float32Array(pixels.length)
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      let most = 0
      const end = Math.min(width - 1, j + radius)
      for (let x = Math.max(0, j - radius); x <= end; x++) most = Math.max(most, pixels[i * width + x]!)
      result[i * width + j] = most
    }
  }
  return { width, height, pixels: result }
}

function transposed({ width, height, pixels }: GreyImage): GreyImage {
  const result = new Float32Array(pixels.length)
  for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) result[j * height + i] = pixels[i * width + j]!
  return { width: height, height: width, pixels: result }
}
