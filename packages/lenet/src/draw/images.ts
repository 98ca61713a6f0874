// A contact sheet of data-set images with the truth and the answer under each: the worst mistakes, or a look at the data.

import { ShapeError } from '../errors.ts'
import { figure, HEAD, MARGIN } from './figure.ts'
import { type Depth, pngUrl } from './png.ts'
import { element, escapeText, label, textWidth } from './svg.ts'

export interface DrawnImage {
  /** [channels, height, width]; one channel is grey, three are RGB. */
  readonly shape: readonly [number, number, number]
  /** Channel after channel. Bytes are taken as they are; floats are stretched from their smallest to their largest. */
  readonly pixels: Uint8Array | Float32Array
  readonly truth: string
  readonly answer?: string
  /** Of the answer, from 0 to 1. */
  readonly probability?: number
}

export interface ImagesOptions {
  readonly images: readonly DrawnImage[]
  readonly title?: string
  /** Images in a row. */
  readonly columns?: number
}

const SIDE = 84
const CAPTION = 50
const GAP = 18
/** Longer captions are set smaller. */
const MOST_WIDTH = 150

/** Bytes, pixel after pixel, as PNG wants them. */
export function interleave({ shape, pixels }: Pick<DrawnImage, 'shape' | 'pixels'>): {
  values: Uint8Array
  height: number
  width: number
  depth: Depth
} {
  const [channels, height, width] = shape
  if (channels !== 1 && channels !== 3) {
    throw new ShapeError(`drawImages: an image has ${channels} channels; 1 (grey) or 3 (RGB) can be drawn`)
  }
  if (pixels.length !== channels * height * width) {
    throw new ShapeError(
      `drawImages: [${shape.join(', ')}] wants ${channels * height * width} pixels, not ${pixels.length}`,
    )
  }
  let low = 0
  let scale = 1
  if (pixels instanceof Float32Array) {
    const high = pixels.reduce((a, b) => Math.max(a, b), -Infinity)
    low = pixels.reduce((a, b) => Math.min(a, b), Infinity)
    scale = high > low ? 255 / (high - low) : 0
  }
  const area = height * width
  const values = new Uint8Array(pixels.length)
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < area; p++) values[p * channels + c] = Math.round((pixels[c * area + p]! - low) * scale)
  }
  return { values, height, width, depth: channels }
}

const percent = (share: number): string => `${(share * 100).toFixed(share > 0.99 ? 1 : 0)} %`

const wrong = ({ truth, answer }: DrawnImage): boolean => answer !== undefined && answer !== truth

const inWords = ({ truth, answer }: DrawnImage): string =>
  answer === undefined ? truth : answer === truth ? `${truth}, read rightly` : `${truth} read as ${answer}`

const answerText = ({ answer, probability }: DrawnImage): string =>
  answer === undefined ? '' : `→ ${answer}${probability === undefined ? '' : ` · ${percent(probability)}`}`

function tile(picture: DrawnImage, x: number, y: number, width: number): string {
  const { values, ...size } = interleave(picture)
  const scale = SIDE / Math.max(size.height, size.width)
  const place = { x, y, width: size.width * scale, height: size.height * scale }
  const image = { class: 'pixels', ...place, preserveAspectRatio: 'none', href: pngUrl(values, size) }
  const line = (text: string, row: number, kind: string): string =>
    label(x, y + SIDE + row * 15, text, { class: kind, size: Math.min(12, (12 * width) / textWidth(text, 12)) })
  return (
    element('image', image, element('title', {}, escapeText(inWords(picture)))) +
    line(picture.truth, 1, 'strong') +
    (picture.answer === undefined ? '' : line(answerText(picture), 2, wrong(picture) ? 'orange' : 'blue'))
  )
}

/** Images with captions as an SVG document. Throws a ShapeError for images of other than 1 or 3 channels. */
export function drawImages({ images, title = 'Images', columns = 8 }: ImagesOptions): string {
  const texts = images.flatMap((picture) => [picture.truth, answerText(picture)])
  const width = Math.min(MOST_WIDTH, Math.max(SIDE, ...texts.map((text) => textWidth(text, 12))))
  const across = Math.max(1, Math.min(columns, images.length))
  const down = Math.ceil(images.length / across)
  const answered = images.some(({ answer }) => answer !== undefined)
  const subtitle = answered ? 'truth → answer · its probability' : `${images.length} images`
  const tiles = images.map((picture, k) =>
    tile(picture, MARGIN + (k % across) * (width + GAP), HEAD + 4 + Math.floor(k / across) * (SIDE + CAPTION), width),
  )
  return figure({
    width: 2 * MARGIN + Math.max(across * (width + GAP) - GAP, textWidth(subtitle, 12), textWidth(title, 16)),
    height: HEAD + 4 + down * (SIDE + CAPTION) + 8,
    title,
    subtitle,
    description: `${images.length} images: ${images.slice(0, 40).map(inWords).join('; ')}${images.length > 40 ? '; …' : ''}.`,
    content: tiles.join(''),
  })
}
