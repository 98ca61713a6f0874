// A function of one number as a small curve, with the place where it stands.
import { Canvas } from './canvas.tsx'
import { palette } from './palette.ts'

interface Props {
  readonly f: (x: number) => number
  readonly at?: number | undefined
  readonly wide?: number
  readonly high?: number
  readonly reach?: number
  readonly fluid?: boolean
}

export function CurveOf({ f, at, wide = 132, high = 84, reach = 4, fluid = false }: Props) {
  return (
    <Canvas
      wide={wide}
      high={high}
      fluid={fluid}
      draw={(context) => {
        const { accent, line } = palette.value
        const far = Math.max(reach, at === undefined ? 0 : Math.abs(at) * 1.15)
        const xs = Array.from({ length: wide + 1 }, (_, pixel) => (2 * pixel * far) / wide - far)
        const ys = xs.map(f)
        const top = Math.max(1, ...ys)
        const low = Math.min(-0.2, ...ys)
        const toY = (y: number) => 6 + ((top - y) / (top - low)) * (high - 12)
        context.strokeStyle = line
        context.beginPath()
        context.moveTo(0, toY(0))
        context.lineTo(wide, toY(0))
        context.moveTo(wide / 2, 0)
        context.lineTo(wide / 2, high)
        context.stroke()
        context.strokeStyle = accent
        context.lineWidth = 1.75
        context.lineJoin = 'round'
        context.beginPath()
        for (const [pixel, y] of ys.entries()) context.lineTo(pixel, toY(y))
        context.stroke()
        if (at === undefined) return
        context.fillStyle = accent
        context.beginPath()
        context.arc(((at + far) / (2 * far)) * wide, toY(f(at)), 4, 0, 2 * Math.PI)
        context.fill()
      }}
    />
  )
}
