// The drawing: strokes as lines of points from 0 to 1, so that it can be drawn at any size and looked at again.
import { computed, signal } from '@preact/signals'
import type { Sight } from '../../engine/prepare.ts'
import { lookAt } from '../../state/looking.ts'

export type Stroke = readonly (readonly [x: number, y: number])[]

/** What lies on the pad: strokes, a picture from elsewhere, or an image of a data set. */
export const strokes = signal<readonly Stroke[]>([])
export const image = signal<Extract<Sight, { kind: 'image' }> | undefined>(undefined)
/** Where the image comes from, and what it should be. */
export interface Origin {
  readonly data: string
  readonly index: number
  readonly truth: number
}

export const origin = signal<Origin | undefined>(undefined)
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
  on.fillStyle = on.strokeStyle
  on.lineCap = 'round'
  on.lineJoin = 'round'
  for (const line of lines) {
    const [start, ...rest] = line
    if (start === undefined) continue
    on.beginPath()
    // A path without length leaves no mark: a tap is a dot.
    if (rest.every(([x, y]) => x === start[0] && y === start[1])) {
      on.arc(start[0] * side, start[1] * side, (PEN * side) / 2, 0, 2 * Math.PI)
      on.fill()
      continue
    }
    on.moveTo(start[0] * side, start[1] * side)
    for (const [x, y] of rest) on.lineTo(x * side, y * side)
    on.stroke()
  }
}

/** Pixels of what lies on the pad: black ink, transparent paper (as a canvas is when its size is set). */
export function sight(): Sight | undefined {
  if (image.value !== undefined) return image.value
  if (isBlank.value) return undefined
  if (photo.value !== undefined) return sightOfPhoto(photo.value)
  canvas.width = SIDES.strokes
  canvas.height = SIDES.strokes
  drawStrokes(context, SIDES.strokes, inProportion(strokes.value))
  return seenOn(canvas)
}

/** The picture itself: bars beside one that is not square would be taken for its paper. */
function sightOfPhoto(picture: ImageBitmap): Sight {
  const side = SIDES.photo
  const scale = side / Math.max(picture.width, picture.height)
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  context.translate((canvas.width - side) / 2, (canvas.height - side) / 2)
  drawStrokes(context, side, strokes.value)
  return seenOn(canvas)
}

function seenOn({ width, height }: HTMLCanvasElement): Sight {
  const { data } = context.getImageData(0, 0, width, height)
  return { kind: 'picture', width, height, pixels: new Uint8Array(data.buffer) }
}

/** Below this share of the pad the pen of the screen would be too broad for what it draws. */
const SMALL = 0.4
/** Smaller than this, it is a dot. */
const DOT = 0.02

/** Small strokes, enlarged about their middle: so the pen is as broad for them as it is for large ones. */
export function inProportion(lines: readonly Stroke[]): readonly Stroke[] {
  const [left, top, right, bottom] = boundsOf(lines)
  const size = Math.max(right - left, bottom - top)
  if (size < DOT || size >= SMALL) return lines
  const place = (value: number, low: number, high: number): number => 0.5 + ((value - (low + high) / 2) * SMALL) / size
  return lines.map((line) => line.map(([x, y]) => [place(x, left, right), place(y, top, bottom)] as const))
}

function boundsOf(lines: readonly Stroke[]): readonly [left: number, top: number, right: number, bottom: number] {
  let [left, top, right, bottom] = [1, 1, 0, 0]
  for (const [x, y] of lines.flat()) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x)
    bottom = Math.max(bottom, y)
  }
  return [left, top, right, bottom]
}

const look = (): Promise<void> => lookAt(sight)

function forget(): void {
  strokes.value = []
  image.value = undefined
  origin.value = undefined
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

export function showImage(shown: NonNullable<typeof image.value>, from: Origin): void {
  forget()
  image.value = shown
  origin.value = from
  void look()
}

/** @throws what the browser says of a file that it cannot decode. */
export async function showPhoto(file: Blob): Promise<void> {
  const picture = await createImageBitmap(file)
  forget()
  photo.value = picture
  void look()
}
