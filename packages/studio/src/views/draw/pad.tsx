// The pad: draw with pen, finger or mouse; drop or paste a picture.
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
  photo,
  showPhoto,
  showStrokes,
  strokes,
  undo,
} from './drawing.ts'
import { examples } from './examples.ts'

const SIDE = 282
let nextExample = 1

export function Pad({ actions }: { readonly actions?: preact.ComponentChildren }) {
  const isDrawing = useSignal(false)
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
        role="application"
        aria-label={t.pad}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          isDrawing.value = true
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
        {isBlank.value && <span class="invitation">{t.invitation}</span>}
      </div>
      <div class="row">
        <button type="button" onClick={clear} disabled={isBlank.value}>
          {t.clear}
        </button>
        <button type="button" onClick={undo} disabled={strokes.value.length === 0}>
          {t.undo}
        </button>
        {actions}
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
