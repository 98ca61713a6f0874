// Receptive fields as nested squares in the input.
import type { Summary } from 'lenet'
import { Canvas } from '../../parts/canvas.tsx'
import { palette } from '../../parts/palette.ts'

interface Props {
  readonly title: string
  readonly colour: string
  readonly summary: Summary
}

const SIDE = 160

export function Fields({ title, colour, summary }: Props) {
  const rows = summary.input[1] ?? 32
  const seen = summary.layers
    .filter(
      ({ receptiveField, layer }, at, all) =>
        receptiveField && `${receptiveField}` !== `${all[at - 1]?.receptiveField}` && layer !== 'view',
    )
    .map(({ name, receptiveField }) => ({ name, side: receptiveField![0] }))
  return (
    <figure class="field-figure">
      <figcaption>{title}</figcaption>
      <div>
        <Canvas
          wide={SIDE}
          high={SIDE}
          draw={(context) => {
            context.strokeStyle = palette.value.line
            context.strokeRect(0.5, 0.5, SIDE - 1, SIDE - 1)
            const scale = SIDE / rows
            context.strokeStyle = colour
            context.fillStyle = colour
            for (const { side } of seen) {
              const size = Math.min(rows, side) * scale
              context.globalAlpha = 0.12
              context.fillRect((SIDE - size) / 2, (SIDE - size) / 2, size, size)
              context.globalAlpha = 1
              context.strokeRect((SIDE - size) / 2 + 0.5, (SIDE - size) / 2 + 0.5, size - 1, size - 1)
            }
          }}
        />
        <dl>
          {seen.map(({ name, side }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {side} × {side}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </figure>
  )
}
