// The drawing: strokes as lines of points from 0 to 1, so that it can be drawn at any size and looked at again.
import { computed, signal } from '@preact/signals'
import type { Sight } from '../../engine/prepare.ts'
import { lookAt } from '../../state/looking.ts'

export type Stroke = readonly (readonly [x: number, y: number])[]

/** What lies on the pad: strokes, a picture from elsewhere, or an image of a data set. */
export const strokes = signal<readonly Stroke[]>([])
export const image = signal<Extract<Sight, { kind: 'image' }> | undefined>(undefined)
export const photo = signal<ImageBitmap | undefined>(undefined)

export const isBlank = computed(
  () => strokes.value.length === 0 && image.value === undefined && photo.value === undefined,
)

/** The width of a stroke, as a share of the pad. */
export const PEN = 0.08
/** Pixels a side: strokes are broad, photographs may hold a fine pen. */
const SIDES = { strokes: 200, photo: 320 } as const
const canvas = document.createElement('canvas')
const context = canvas.getContext('2d', { willReadFrequently: true })!

/** Draws strokes with a round pen, in a square. */
export function drawStrokes(on: CanvasRenderingContext2D, side: number, lines: readonly Stroke[]): void {
  on.lineWidth = PEN * side
  on.lineCap = 'round'
  on.lineJoin = 'round'
  for (const line of lines) {
    const [start, ...rest] = line
    if (start === undefined) continue
    on.beginPath()
    on.moveTo(start[0] * side, start[1] * side)
    for (const [x, y] of rest.length > 0 ? rest : [start]) on.lineTo(x * side, y * side)
    on.stroke()
  }
}

/** Pixels of what lies on the pad: black ink, transparent paper (as a canvas is when its size is set). */
export function sight(): Sight | undefined {
  if (image.value !== undefined) return image.value
  if (isBlank.value) return undefined
  const side = photo.value === undefined ? SIDES.strokes : SIDES.photo
  canvas.width = side
  canvas.height = side
  if (photo.value !== undefined) {
    const { width, height } = photo.value
    const scale = side / Math.max(width, height)
    const [w, h] = [width * scale, height * scale]
    context.drawImage(photo.value, (side - w) / 2, (side - h) / 2, w, h)
  }
  drawStrokes(context, side, strokes.value)
  const { data } = context.getImageData(0, 0, side, side)
  return { kind: 'picture', width: side, height: side, pixels: new Uint8Array(data.buffer) }
}

const look = (): Promise<void> => lookAt(sight)

function forget(): void {
  strokes.value = []
  image.value = undefined
  photo.value = undefined
}

export function clear(): void {
  forget()
  void look()
}

export function beginStroke(point: Stroke[number]): void {
  if (image.value !== undefined) forget()
  strokes.value = [...strokes.value, [point]]
  void look()
}

export function continueStroke(points: Stroke): void {
  const last = strokes.value.at(-1) ?? []
  strokes.value = [...strokes.value.slice(0, -1), [...last, ...points]]
  void look()
}

export function undo(): void {
  strokes.value = strokes.value.slice(0, -1)
  void look()
}

export function showStrokes(lines: readonly Stroke[]): Promise<void> {
  forget()
  strokes.value = lines
  return look()
}

export function showImage(shown: NonNullable<typeof image.value>): void {
  forget()
  image.value = shown
  void look()
}

export async function showPhoto(file: Blob): Promise<void> {
  const picture = await createImageBitmap(file)
  forget()
  photo.value = picture
  void look()
}
