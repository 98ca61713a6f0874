// Numbers as small pictures: one pixel a number, enlarged without smoothing.
import { pixelOf } from './palette.ts'

export interface Raster {
  readonly values: ArrayLike<number>
  readonly rows: number
  readonly columns: number
  /** The value that has the full colour. */
  readonly most: number
  readonly colours: Uint32Array
}

interface Kept extends Raster {
  readonly canvas: HTMLCanvasElement
}

/** Of the same numbers in the same colours there is one picture: pointing paints them again and again. */
const kept = new WeakMap<object, Kept>()

/** A picture with one pixel a number. */
export function rasterOf(raster: Raster): HTMLCanvasElement {
  const { values, rows, columns, most, colours } = raster
  const before = kept.get(values)
  const isSame =
    before?.rows === rows && before.columns === columns && before.most === most && before.colours === colours
  if (before && isSame) return before.canvas
  const canvas = paintRaster(raster)
  kept.set(values, { ...raster, canvas })
  return canvas
}

function paintRaster({ values, rows, columns, most, colours }: Raster): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = columns
  canvas.height = rows
  // Kept in memory: so small a picture is not worth a texture.
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  const image = context.createImageData(columns, rows)
  const pixels = new Uint32Array(image.data.buffer)
  for (let at = 0; at < rows * columns; at++) pixels[at] = pixelOf(colours, (values[at] ?? 0) / most)
  context.putImageData(image, 0, 0)
  return canvas
}

/** The largest absolute value, and never 0. */
export function mostOf(values: ArrayLike<number>): number {
  let most = 1e-9
  for (let at = 0; at < values.length; at++) most = Math.max(most, Math.abs(values[at]!))
  return most
}

/** Sets a canvas's resolution for crisp drawing in units of CSS pixels. */
export function crisp(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = devicePixelRatio || 1
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w
    canvas.height = h
  }
  const context = canvas.getContext('2d')!
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  context.imageSmoothingEnabled = false
  return context
}
