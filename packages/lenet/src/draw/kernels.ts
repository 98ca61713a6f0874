// The kernels of a convolution: one column of squares for each output channel, one row for each input channel. Blue adds
// where the input is bright, orange subtracts; the strength is the weight against the largest in the layer, as opacity, so
// that zero is the page in either theme.

import { sizeOf } from '../engine/program.ts'
import { ShapeError } from '../errors.ts'
import { figure, HEAD, MARGIN } from './figure.ts'
import { pngUrl } from './png.ts'
import { element, label, textWidth } from './svg.ts'

export interface KernelsOptions {
  /** Axes [o, c, u, v]: output channel, input channel, kernel row and column. */
  readonly weights: Float32Array
  readonly shape: readonly [number, number, number, number]
  readonly title?: string
}

/** Middle tones that hold on a light and on a dark page. */
const ADDS = [0x3f, 0x84, 0xcc] as const
const SUBTRACTS = [0xe0, 0x7b, 0x2e] as const
const GAP = 6
const MOST_WIDTH = 900
const KEY = 33

/** One RGBA pixel a value, of opacity |value| / peak. */
function signed(values: ArrayLike<number>, peak: number): Uint8Array {
  const pixels = new Uint8Array(values.length * 4)
  for (let p = 0; p < values.length; p++) {
    const value = values[p]!
    pixels.set(value < 0 ? SUBTRACTS : ADDS, p * 4)
    pixels[p * 4 + 3] = peak === 0 ? 0 : Math.round((Math.abs(value) / peak) * 255)
  }
  return pixels
}

const pixels = (values: ArrayLike<number>, peak: number, [height, width]: readonly [number, number]): string =>
  pngUrl(signed(values, peak), { height, width, depth: 4 })

/** Pixels on the page for one weight: the whole layer should fit the width. */
function zoomOf([outputs, , height, width]: KernelsOptions['shape']): number {
  const across = Math.min(outputs, 16)
  const room = (MOST_WIDTH - across * GAP) / (across * width)
  return Math.max(2, Math.min(12, Math.floor(room), Math.floor(64 / Math.max(height, width))))
}

function key(peak: number, right: number): string {
  const steps = Array.from({ length: KEY }, (_, i) => (2 * i) / (KEY - 1) - 1)
  const text = peak.toPrecision(2)
  const left = right - textWidth(`+${text}`, 12) - 106
  const bar = { class: 'pixels', x: left, y: 42, width: 100, height: 10, preserveAspectRatio: 'none' }
  return (
    label(left - 6, 51, `−${text}`, { class: 'quiet', anchor: 'end' }) +
    element('image', { ...bar, href: pixels(steps, 1, [1, KEY]) }) +
    label(left + 106, 51, `+${text}`, { class: 'quiet' })
  )
}

function kernel(options: KernelsOptions, index: number, peak: number, place: { x: number; y: number }): string {
  const [, , height, width] = options.shape
  const zoom = zoomOf(options.shape)
  const values = options.weights.subarray(index * height * width, (index + 1) * height * width)
  const box = { ...place, width: width * zoom, height: height * zoom }
  return (
    element('rect', { class: 'rule', ...box, 'stroke-width': 1 }) +
    element('image', {
      class: 'pixels',
      ...box,
      preserveAspectRatio: 'none',
      href: pixels(values, peak, [height, width]),
    })
  )
}

function check({ weights, shape }: KernelsOptions): void {
  if (shape.length === 4 && sizeOf(shape) === weights.length) return
  throw new ShapeError(`drawKernels: ${weights.length} weights have shape [${shape.join(', ')}]; give [o, c, u, v]`)
}

/** All kernels of a convolution as an SVG document. Throws a ShapeError unless the weights have four axes. */
export function drawKernels(options: KernelsOptions): string {
  check(options)
  const { weights, shape, title = 'Kernels' } = options
  const [outputs, inputs, height, width] = shape
  const zoom = zoomOf(shape)
  const column = width * zoom + GAP
  const row = height * zoom + GAP
  const across = Math.max(1, Math.min(outputs, Math.floor(MOST_WIDTH / column)))
  const band = inputs * row + 14
  const peak = weights.reduce((a, b) => Math.max(a, Number.isFinite(b) ? Math.abs(b) : 0), 0)
  const subtitle = `${outputs} × ${inputs} kernels of ${height}×${width}`
  const drawn = Array.from({ length: outputs * inputs }, (_, index) => {
    const o = Math.floor(index / inputs)
    const x = MARGIN + (o % across) * column
    const y = HEAD + 4 + Math.floor(o / across) * band + (index % inputs) * row
    return kernel(options, index, peak, { x, y })
  })
  const keyRoom = 230 + textWidth(subtitle, 12)
  const total = 2 * MARGIN + Math.max(across * column - GAP, keyRoom, textWidth(title, 17))
  return figure({
    width: total,
    height: HEAD + 4 + Math.ceil(outputs / across) * band + 8,
    title,
    subtitle,
    description: `${subtitle}; a column for each output channel, a row for each input channel; weights reach ±${peak.toPrecision(2)}.`,
    content: key(peak, total - MARGIN) + drawn.join(''),
  })
}
