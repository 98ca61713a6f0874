// The kernels of every convolution, as they are at the moment that is shown.
import { parametersOf } from 'lenet'
import { Canvas } from '../../parts/canvas.tsx'
import { signed } from '../../parts/palette.ts'
import { mostOf, rasterOf } from '../../parts/raster.ts'
import { shown, weights } from '../../state/looking.ts'

const MOST_WIDE = 430
/** Beside a sheet on a narrow screen: the margins of the page and of its panel. */
const BESIDE = 66

export function Kernels() {
  const net = shown.value?.net
  if (net === undefined) return null
  return (
    <>
      {parametersOf(net)
        .filter(({ shape }) => shape.length === 4)
        .map(({ name, shape }) => (
          <figure key={name} class="kernels">
            <KernelSheet name={name} shape={shape as [number, number, number, number]} />
            <figcaption>
              {name} <span>{shape.join('×')}</span>
            </figcaption>
          </figure>
        ))}
    </>
  )
}

/** Output channels side by side, input channels below each other. */
function KernelSheet({
  name,
  shape: [out, channels, rows, columns],
}: {
  readonly name: string
  readonly shape: readonly [number, number, number, number]
}) {
  const gap = channels > 1 ? 3 : 8
  const cell = Math.max(1, Math.min(10, Math.floor((Math.min(MOST_WIDE, innerWidth - BESIDE) / out - gap) / columns)))
  const down = Math.min(channels, 24)
  return (
    <Canvas
      wide={out * (columns * cell + gap) - gap}
      high={down * (rows * cell + gap) - gap}
      label={name}
      draw={(context) => {
        const values = weights.value?.get(name)
        if (values === undefined) return
        const sheet = rasterOf({
          values,
          rows: out * channels * rows,
          columns,
          most: mostOf(values),
          colours: signed.value,
        })
        for (let o = 0; o < out; o++)
          for (let c = 0; c < down; c++)
            context.drawImage(
              sheet,
              0,
              (o * channels + c) * rows,
              columns,
              rows,
              o * (columns * cell + gap),
              c * (rows * cell + gap),
              columns * cell,
              rows * cell,
            )
      }}
    />
  )
}
