// A grid of numbers: coloured, and written out where there is room.
import { Canvas } from './canvas.tsx'
import { short } from './numbers.ts'
import { palette, pixelOf, signed } from './palette.ts'

interface Props {
  readonly values: ArrayLike<number>
  readonly rows: number
  readonly columns: number
  /** The value that has the full colour. */
  readonly most: number
  readonly cell: number
  /** A cell with a frame. */
  readonly marked?: number | undefined
  readonly label?: string
}

const ROOM = 30

export function Grid({ values, rows, columns, most, cell, marked, label }: Props) {
  const inset = 1
  return (
    <Canvas
      wide={columns * cell + 2 * inset}
      high={rows * cell + 2 * inset}
      label={label}
      draw={(context) => {
        const { ink, accent, mono } = palette.value
        const gap = cell > 8 ? 1 : 0
        context.textAlign = 'center'
        context.textBaseline = 'middle'
        for (let at = 0; at < Math.min(values.length, rows * columns); at++) {
          const [x, y] = [inset + (at % columns) * cell, inset + Math.floor(at / columns) * cell]
          const value = values[at]!
          const pixel = pixelOf(signed.value, Number.isFinite(value) ? value / most : 0)
          context.fillStyle = `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`
          context.fillRect(x, y, cell - gap, cell - gap)
          if (cell >= ROOM) {
            context.font = `${Math.min(12.5, Math.max(11, cell / 3.1))}px ${mono}`
            context.fillStyle = readable(pixel, ink)
            context.fillText(short(value), x + (cell - gap) / 2, y + (cell - gap) / 2 + 0.5)
          }
          if (at === marked) {
            context.strokeStyle = accent
            context.lineWidth = 2
            context.strokeRect(x, y, cell - gap, cell - gap)
          }
        }
      }}
    />
  )
}

/** Ink, or white or black where the ground is too near to it. */
function readable(pixel: number, ink: readonly [number, number, number]): string {
  const light = (r: number, g: number, b: number) => 0.299 * r + 0.587 * g + 0.114 * b
  const ground = light(pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255)
  if (Math.abs(ground - light(...ink)) > 110) return `rgb(${ink.join(' ')})`
  return ground > 128 ? '#111' : '#fff'
}
