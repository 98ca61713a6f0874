// An image on a terminal: a half block shows two pixels, one above the other, so that pixels come out square.

export interface ImageText {
  /** [channels, height, width]; one channel is grey, three are RGB. */
  readonly shape: readonly [number, number, number]
  /** Bytes as they are; floats are stretched from their smallest to their largest. */
  readonly pixels: Uint8Array | Float32Array
  /** Bits of colour of the terminal: 24, 8, and anything less draws bright pixels only. */
  readonly depth: number
}

type Colour = readonly [number, number, number]

const RESET = '\u001b[0m'
/** Codes of the foreground and the background. */
const PLANES = [38, 48] as const
const BLACK: Colour = [0, 0, 0]

const grey = ([r, g, b]: Colour): number => 0.299 * r + 0.587 * g + 0.114 * b

/** The grey ramp of 256-colour terminals: 232 is nearly black, 255 nearly white. */
const ramp = (colour: Colour): number => 232 + Math.round((grey(colour) / 255) * 23)

function reader({ shape, pixels }: ImageText): (i: number, j: number) => Colour {
  const [channels, height, width] = shape
  let low = 0
  let scale = 1
  if (pixels instanceof Float32Array) {
    low = pixels.reduce((a, b) => Math.min(a, b), Infinity)
    const high = pixels.reduce((a, b) => Math.max(a, b), -Infinity)
    scale = high > low ? 255 / (high - low) : 0
  }
  const plane = (c: number, at: number): number =>
    Math.round((pixels[Math.min(c, channels - 1) * height * width + at]! - low) * scale)
  return (i, j) => {
    if (i >= height) return BLACK
    const at = i * width + j
    return [plane(0, at), plane(1, at), plane(2, at)]
  }
}

function cell(upper: Colour, lower: Colour, depth: number): string {
  if (depth < 8) {
    const [above, below] = [grey(upper) >= 128, grey(lower) >= 128]
    return above ? (below ? '█' : '▀') : below ? '▄' : ' '
  }
  const code = (plane: number, colour: Colour): string =>
    depth >= 24 ? `${plane};2;${colour.join(';')}` : `${plane};5;${ramp(colour)}`
  return `\u001b[${code(PLANES[0], upper)};${code(PLANES[1], lower)}m▀`
}

/** The image as lines of half the image's height. */
export function digitText(image: ImageText): string {
  const [, height, width] = image.shape
  const read = reader(image)
  const lines = Array.from({ length: Math.ceil(height / 2) }, (_, row) => {
    const cells = Array.from({ length: width }, (_, j) => cell(read(2 * row, j), read(2 * row + 1, j), image.depth))
    return image.depth < 8 ? cells.join('').trimEnd() : cells.join('') + RESET
  })
  return lines.join('\n')
}
