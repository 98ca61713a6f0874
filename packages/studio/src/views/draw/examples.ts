// Digits as strokes, for whoever has not drawn yet: arcs and lines with a little wobble.
import type { Stroke } from './drawing.ts'

const arc = (x: number, y: number, rx: number, ry: number, from: number, to: number): Stroke =>
  Array.from({ length: 25 }, (_, at) => {
    const angle = ((from + ((to - from) * at) / 24) * Math.PI) / 180
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)] as const
  })

const line = (...points: Stroke): Stroke =>
  points.slice(1).flatMap(([x, y], at) => {
    const [fromX, fromY] = points[at]!
    return Array.from({ length: 9 }, (_, k) => [fromX + ((x - fromX) * k) / 8, fromY + ((y - fromY) * k) / 8] as const)
  })

/** The strokes of the digits that the examples go through. */
export const examples: readonly (readonly Stroke[])[] = [
  [[...arc(0.48, 0.34, 0.18, 0.15, 200, 430), ...arc(0.47, 0.65, 0.21, 0.18, 290, 520)]],
  [[...arc(0.5, 0.36, 0.2, 0.18, 190, 380), ...line([0.69, 0.42], [0.3, 0.8], [0.74, 0.78])]],
  [[...line([0.68, 0.2], [0.38, 0.22], [0.34, 0.46]), ...arc(0.48, 0.62, 0.21, 0.19, 235, 500)]],
  [line([0.3, 0.24], [0.72, 0.22], [0.44, 0.82])],
  [line([0.36, 0.2], [0.3, 0.54], [0.72, 0.52]), line([0.62, 0.3], [0.56, 0.84])],
  [[...arc(0.5, 0.36, 0.17, 0.16, 0, 360), ...line([0.67, 0.36], [0.6, 0.84])]],
  [arc(0.5, 0.5, 0.2, 0.3, -70, 300)],
  [[...arc(0.62, 0.5, 0.28, 0.34, 235, 160), ...arc(0.5, 0.65, 0.17, 0.16, 180, 540)]],
]
