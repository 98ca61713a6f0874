// A small line over a run, without axes.
import { Canvas } from './canvas.tsx'
import { palette } from './palette.ts'

interface Props {
  readonly values: readonly number[]
  /** The value at the top. */
  readonly most: number
  readonly least?: number
  readonly colour?: 'accent' | 'second'
}

const HIGH = 26
const MOST_WIDE = 150

export function Spark({ values, most, least = 0, colour = 'accent' }: Props) {
  const wide = Math.min(MOST_WIDE, innerWidth / 5)
  return (
    <Canvas
      wide={wide}
      high={HIGH}
      draw={(context) => {
        context.strokeStyle = palette.value.line
        context.lineWidth = 1
        context.beginPath()
        context.moveTo(0, HIGH - 1.5)
        context.lineTo(wide, HIGH - 1.5)
        context.stroke()
        context.strokeStyle = palette.value[colour]
        context.lineWidth = 1.5
        context.lineJoin = 'round'
        context.beginPath()
        for (const [at, value] of values.entries())
          context.lineTo(
            (at / Math.max(1, values.length - 1)) * (wide - 2) + 1,
            HIGH - 2 - ((Math.min(most, Math.max(least, value)) - least) / (most - least || 1)) * (HIGH - 5),
          )
        context.stroke()
      }}
    />
  )
}
