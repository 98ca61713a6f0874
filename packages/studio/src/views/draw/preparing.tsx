// The honest input: what was made of the drawing before the network saw it.

import type { Grey } from '../../engine/prepare.ts'
import { Canvas } from '../../parts/canvas.tsx'
import { inked, palette } from '../../parts/palette.ts'
import { rasterOf } from '../../parts/raster.ts'
import { activity } from '../../state/looking.ts'
import { texts } from '../../state/settings.ts'

const SIDE = 56

export function Preparing() {
  const preparing = activity.value?.preparing
  const t = texts.value.draw.steps
  if (preparing === undefined) return <div class="steps" />
  const { crop, fitted, left, top, placed } = preparing
  const scale = SIDE / 28
  const steps: readonly (readonly [title: string, draw: (context: CanvasRenderingContext2D) => void])[] = [
    [t.crop, (context) => contain(context, crop)],
    [
      t.box,
      (context) => {
        const { width, height } = fitted
        context.strokeStyle = palette.value.line
        const inset = (SIDE - 20 * scale) / 2
        context.strokeRect(inset + 0.5, inset + 0.5, 20 * scale - 1, 20 * scale - 1)
        put(context, fitted, (SIDE - width * scale) / 2, (SIDE - height * scale) / 2, scale)
      },
    ],
    [
      t.mass,
      (context) => {
        put(context, fitted, left * scale, top * scale, scale)
        context.strokeStyle = palette.value.accent
        context.beginPath()
        context.moveTo(SIDE / 2, 0)
        context.lineTo(SIDE / 2, SIDE)
        context.moveTo(0, SIDE / 2)
        context.lineTo(SIDE, SIDE / 2)
        context.stroke()
      },
    ],
    [t.small, (context) => put(context, placed, 0, 0, scale)],
    [t.padded, (context) => put(context, placed, 2 * (SIDE / 32), 2 * (SIDE / 32), SIDE / 32)],
  ]
  return (
    <ol class="steps" aria-label={texts.value.draw.preparing}>
      {steps.map(([title, draw]) => (
        <li key={title}>
          <Canvas wide={SIDE} high={SIDE} draw={draw} fluid />
          <span>{title}</span>
        </li>
      ))}
    </ol>
  )
}

function put(context: CanvasRenderingContext2D, { width, height, pixels }: Grey, x: number, y: number, scale: number) {
  const picture = rasterOf({ values: pixels, rows: height, columns: width, most: 255, colours: inked.value })
  context.drawImage(picture, x, y, width * scale, height * scale)
}

function contain(context: CanvasRenderingContext2D, grey: Grey): void {
  const scale = (SIDE - 8) / Math.max(grey.width, grey.height)
  put(context, grey, (SIDE - grey.width * scale) / 2, (SIDE - grey.height * scale) / 2, scale)
}
