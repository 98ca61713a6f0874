// The pad: draw with pen, finger, mouse or keys; drop a picture.
import { useSignal } from '@preact/signals'
import { Canvas } from '../../parts/canvas.tsx'
import { css, inked, palette } from '../../parts/palette.ts'
import { rasterOf } from '../../parts/raster.ts'
import { coloured } from '../../parts/thumb.tsx'
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
  showPhoto,
  showStrokes,
  strokes,
  undo,
} from './drawing.ts'
import { examples } from './examples.ts'
import { usePen } from './pen.ts'

const SIDE = 282
let nextExample = 1

export function Pad({ invitation }: { readonly invitation?: string }) {
  const isDrawing = useSignal(false)
  const pen = usePen()
  const t = texts.value.draw
  const points = (event: PointerEvent) => {
    const { left, top, width } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const all = event.getCoalescedEvents?.() ?? []
    return (all.length > 0 ? all : [event]).map(
      ({ clientX, clientY }) => [(clientX - left) / width, (clientY - top) / width] as const,
    )
  }
  return (
    <div class="pad">
      <div
        class="paper"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys draw here
        tabIndex={0}
        role="application"
        aria-label={t.pad}
        aria-describedby="pad-keys"
        onKeyDown={pen.press}
        onBlur={pen.lift}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          isDrawing.value = true
          pen.lift()
          beginStroke(points(event)[0]!)
        }}
        onPointerMove={(event) => {
          if (isDrawing.value) continueStroke(points(event))
        }}
        onPointerUp={() => {
          isDrawing.value = false
        }}
        onPointerCancel={() => {
          isDrawing.value = false
        }}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          event.stopPropagation()
          const file = event.dataTransfer?.files[0]
          if (file) void showPhoto(file)
        }}
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
        <button type="button" class="push" onClick={() => void showStrokes(examples[nextExample++ % examples.length]!)}>
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
