// The pad: draw with pen, finger, mouse or keys, or open a picture.
import { useSignal } from '@preact/signals'
import { Canvas } from '../../parts/canvas.tsx'
import { css, inked, palette } from '../../parts/palette.ts'
import { rasterOf } from '../../parts/raster.ts'
import { coloured } from '../../parts/thumb.tsx'
import { takePicture } from '../../state/drops.ts'
import { texts } from '../../state/settings.ts'
import {
  beginStroke,
  clear,
  continueStroke,
  drawStrokes,
  image,
  isBlank,
  PEN,
  photo,
  showStrokes,
  strokes,
  undo,
} from './drawing.ts'
import { examples } from './examples.ts'
import { usePen } from './pen.ts'

const SIDE = 282
let nextExample = 1

export function Pad({ invitation }: { readonly invitation?: string }) {
  /** The pointer that draws: a second finger is not part of its stroke. */
  const drawing = useSignal<number | undefined>(undefined)
  const pen = usePen()
  const t = texts.value.draw
  const points = (event: PointerEvent) => {
    const { left, top, width } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const all = event.getCoalescedEvents?.() ?? []
    return (all.length > 0 ? all : [event]).map(
      ({ clientX, clientY }) => [(clientX - left) / width, (clientY - top) / width] as const,
    )
  }
  const lift = ({ pointerId }: PointerEvent) => {
    if (drawing.value === pointerId) drawing.value = undefined
  }
  return (
    <div class="pad">
      <div
        class="paper"
        data-drawing={drawing.value !== undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys draw here
        tabIndex={0}
        role="application"
        aria-label={t.pad}
        aria-describedby="pad-keys"
        onKeyDown={pen.press}
        onBlur={pen.lift}
        onPointerDown={(event) => {
          if (drawing.value !== undefined) return
          event.currentTarget.setPointerCapture(event.pointerId)
          drawing.value = event.pointerId
          pen.lift()
          beginStroke(points(event)[0]!)
        }}
        onPointerMove={(event) => {
          if (drawing.value === event.pointerId) continueStroke(points(event))
        }}
        onPointerUp={lift}
        onPointerCancel={lift}
      >
        <Canvas wide={SIDE} high={SIDE} draw={paintPad} fluid />
        {isBlank.value && <span class="invitation">{invitation ?? t.invitation}</span>}
        <span id="pad-keys" class="keys">
          {t.padKeys}
        </span>
        <i
          class="pen"
          data-down={pen.isDown.value}
          style={{ left: `${100 * pen.at.value[0]}%`, top: `${100 * pen.at.value[1]}%`, width: `${100 * PEN}%` }}
        />
        <span class="hidden" aria-live="polite">
          {pen.isDown.value ? t.penDown : t.penUp}
        </span>
      </div>
      <div class="row">
        <button type="button" onClick={clear} disabled={isBlank.value}>
          {t.clear}
        </button>
        <button type="button" onClick={undo} disabled={strokes.value.length === 0}>
          {t.undo}
        </button>
        <label class="button push file">
          {t.photo}
          <input
            type="file"
            accept="image/*"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? []
              if (file) void takePicture(file)
              currentTarget.value = ''
            }}
          />
        </label>
        <button type="button" onClick={() => void showStrokes(examples[nextExample++ % examples.length]!)}>
          {t.example}
        </button>
      </div>
    </div>
  )
}

function paintPad(context: CanvasRenderingContext2D): void {
  if (image.value !== undefined) {
    const { shape, pixels } = image.value
    const [channels, rows, columns] = shape
    if (channels === 3) context.drawImage(coloured({ shape, pixels }), 0, 0, SIDE, SIDE)
    else
      context.drawImage(rasterOf({ values: pixels, rows, columns, most: 255, colours: inked.value }), 0, 0, SIDE, SIDE)
  }
  if (photo.value !== undefined) {
    const { width, height } = photo.value
    const scale = SIDE / Math.max(width, height)
    context.imageSmoothingEnabled = true
    context.fillStyle = paperOf(photo.value)
    context.fillRect(0, 0, SIDE, SIDE)
    context.drawImage(
      photo.value,
      (SIDE - width * scale) / 2,
      (SIDE - height * scale) / 2,
      width * scale,
      height * scale,
    )
  }
  context.strokeStyle = css(palette.value.ink)
  drawStrokes(context, SIDE, strokes.value)
}

const papers = new WeakMap<ImageBitmap, string>()

/** The mean colour of a picture's border: what stands beside one that is not square. */
function paperOf(picture: ImageBitmap): string {
  const known = papers.get(picture)
  if (known !== undefined) return known
  const side = 16
  const context = new OffscreenCanvas(side, side).getContext('2d')!
  context.drawImage(picture, 0, 0, side, side)
  const { data } = context.getImageData(0, 0, side, side)
  const sums = [0, 0, 0, 0]
  let count = 0
  for (let at = 0; at < side * side; at++) {
    const [row, column] = [Math.floor(at / side), at % side]
    if (row > 0 && row < side - 1 && column > 0 && column < side - 1) continue
    for (let part = 0; part < 4; part++) sums[part]! += data[4 * at + part]!
    count++
  }
  const [r, g, b, a] = sums.map((sum) => sum / count)
  const colour = `rgb(${r} ${g} ${b} / ${a! / 255})`
  papers.set(picture, colour)
  return colour
}
