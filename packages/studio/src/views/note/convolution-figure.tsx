// A kernel of the first convolution on one's own drawing: move it, and see the number that it gives.
import { useSignal } from '@preact/signals'
import { Canvas } from '../../parts/canvas.tsx'
import { Segments } from '../../parts/controls.tsx'
import { Grid } from '../../parts/grid.tsx'
import { short } from '../../parts/numbers.ts'
import { inked, palette, signed } from '../../parts/palette.ts'
import { mostOf, rasterOf } from '../../parts/raster.ts'
import { activity, shown, weights } from '../../state/looking.ts'
import { texts } from '../../state/settings.ts'

const SIDE = 128

export function ConvolutionFigure() {
  const t = texts.value.note.figures
  const map = useSignal(0)
  const place = useSignal(13 * 28 + 13)
  const entry = shown.value?.net.entries.find(({ layer }) => layer.definition.name === 'conv2d')
  const now = activity.value
  const parameter = entry?.parameters[0]
  const kernels = parameter && weights.value?.get(parameter.name)
  if (entry === undefined || now === undefined || kernels === undefined) return <p class="hint">{t.draw}</p>
  const [out, rows, columns] = entry.output as [number, number, number]
  const [, , side] = parameter!.shape as [number, number, number, number]
  const [, height, width] = entry.inputShapes[0] as [number, number, number]
  const at = Math.min(place.value, rows * columns - 1)
  const [i, j] = [Math.floor(at / columns), at % columns]
  const channel = Math.min(map.value, out - 1)
  const values = now.values.get(entry.name)!.subarray(channel * rows * columns, (channel + 1) * rows * columns)
  const each = kernels.length / out
  const kernel = kernels.subarray(channel * each, channel * each + side * side)
  return (
    <div class="live">
      <Segments
        label={t.map}
        values={Array.from({ length: Math.min(out, 12) }, (_, index) => index)}
        value={channel}
        onChange={(next) => (map.value = next)}
      />
      <div class="product">
        <Canvas
          wide={SIDE}
          high={SIDE}
          draw={(context) => {
            const pixels = now.pixels.subarray(0, height * width)
            context.drawImage(
              rasterOf({ values: pixels, rows: height, columns: width, most: 255, colours: inked.value }),
              0,
              0,
              SIDE,
              SIDE,
            )
            context.strokeStyle = palette.value.accent
            context.lineWidth = 2
            context.strokeRect((j * SIDE) / width, (i * SIDE) / height, (side * SIDE) / width, (side * SIDE) / height)
          }}
        />
        <span class="sign">×</span>
        <Grid values={kernel} rows={side} columns={side} most={mostOf(kernel)} cell={16} />
        <span class="sign">→</span>
        <Canvas
          wide={SIDE}
          high={SIDE}
          draw={(context) => {
            context.drawImage(
              rasterOf({ values, rows, columns, most: mostOf(values), colours: signed.value }),
              0,
              0,
              SIDE,
              SIDE,
            )
            context.strokeStyle = palette.value.accent
            context.lineWidth = 2
            context.strokeRect((j * SIDE) / columns - 1, (i * SIDE) / rows - 1, SIDE / columns + 2, SIDE / rows + 2)
          }}
        />
        <output>{short(values[at]!)}</output>
      </div>
      <label class="field">
        <span class="field-name">{t.position}</span>
        <input
          type="range"
          min={0}
          max={rows * columns - 1}
          value={at}
          style={{ '--done': `${(100 * at) / (rows * columns - 1)}%` }}
          onInput={({ currentTarget }) => (place.value = Number(currentTarget.value))}
        />
      </label>
    </div>
  )
}
