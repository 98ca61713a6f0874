// The figure by which LeNet is known: feature maps as stacked sheets with their sizes, fully connected layers as bars
// (LeCun et al. 1998, figure 2). It reads only the facts about a model and so draws any model.

import type { Summary } from '../explain/summary.ts'
import { figure, HEAD, MARGIN } from './figure.ts'
import { type Box, type Drawing, drawShape, scaleOf, sheetsOf, sizeText } from './shape.ts'
import { type Stage, stagesOf } from './stages.ts'
import { element, label, number, textWidth } from './svg.ts'

export interface StructureOptions {
  readonly title?: string
}

interface Column {
  readonly stage: Stage
  readonly drawing: Drawing
  readonly middle: number
}

const TALLEST = 190
const BETWEEN = 30
const LINE = 16

const count = (value: number): string => value.toLocaleString('en-US')

const textsOf = (stage: Stage): string[] => [sizeText(stage.output), stage.name, ...stage.kinds]

function columnsOf(stages: readonly Stage[]): { columns: Column[]; width: number } {
  const scale = scaleOf(stages.map(({ output }) => output))
  const middle = HEAD + 8 + TALLEST / 2
  const columns: Column[] = []
  let x = MARGIN
  for (const stage of stages) {
    const { width } = drawShape(stage.output, scale, { x: 0, middle })
    const column = Math.max(width, ...textsOf(stage).map((text) => textWidth(text, 11.5)))
    const drawing = drawShape(stage.output, scale, { x: x + (column - width) / 2, middle })
    columns.push({ stage, drawing, middle: x + column / 2 })
    x += column + BETWEEN
  }
  return { columns, width: x - BETWEEN + MARGIN }
}

const shade = (points: readonly (readonly [number, number])[], kind: string, opacity: number): string =>
  element('polygon', {
    class: `${kind}-fill`,
    points: points.map(([x, y]) => `${number(x)},${number(y)}`).join(' '),
    'fill-opacity': opacity,
  })

/** A window on the sheet in front, and the unit in the next stage that reads it. */
function look(from: Box, to: Box, share: readonly [number, number]): string {
  const height = Math.max(3, from.height * Math.min(1, share[0]))
  const width = Math.max(3, from.width * Math.min(1, share[1]))
  const x = from.x + (from.width - width) * 0.75
  const y = from.y + (from.height - height) * 0.7
  const unit = { x: to.x + to.width * 0.3, y: to.y + to.height * 0.3 }
  const right = x + width
  const ray = (fromX: number, fromY: number): string =>
    element('line', { class: 'orange-line', x1: fromX, y1: fromY, x2: unit.x, y2: unit.y, 'stroke-opacity': 0.7 })
  return (
    element('rect', { class: 'orange-fill', x, y, width, height, 'fill-opacity': 0.22 }) +
    element('rect', { class: 'orange-line', x, y, width, height }) +
    shade(
      [
        [right, y],
        [unit.x, unit.y],
        [right, y + height],
      ],
      'orange',
      0.1,
    ) +
    ray(right, y) +
    ray(right, y + height) +
    element('circle', { class: 'orange-fill', cx: unit.x, cy: unit.y, r: 2.2 })
  )
}

/** Every value feeds every unit. */
function fan(from: Box, to: Box): string {
  const left = from.x + from.width
  const ends = [
    [left, from.y],
    [to.x, to.y],
    [to.x, to.y + to.height],
    [left, from.y + from.height],
  ] as const
  const edge = (a: readonly [number, number], b: readonly [number, number]): string =>
    element('line', { class: 'hair', x1: a[0], y1: a[1], x2: b[0], y2: b[1], 'stroke-opacity': 0.45 })
  return shade(ends, 'blue', 0.08) + edge(ends[0], ends[1]) + edge(ends[3], ends[2])
}

function connection(before: Column, after: Column): string {
  const { window, output } = after.stage
  const [, height, width] = sheetsOf(before.stage.output)
  const [, rows] = sheetsOf(output)
  if (window === undefined || height === 0 || rows === 0) return fan(before.drawing.front, after.drawing.front)
  return look(before.drawing.front, after.drawing.front, [window[0] / height, window[1] / width])
}

function caption({ stage, middle }: Column): string {
  const top = HEAD + TALLEST + 36
  const [size, name, ...kinds] = textsOf(stage)
  return (
    label(middle, top, name!, { class: 'strong', anchor: 'middle' }) +
    label(middle, top + LINE, size!, { anchor: 'middle' }) +
    kinds
      .map((kind, k) => label(middle, top + (k + 2) * LINE, kind, { class: 'quiet', anchor: 'middle', size: 11 }))
      .join('')
  )
}

/** The structure of a model as an SVG document. */
export function drawStructure(summary: Summary, { title = 'Structure' }: StructureOptions = {}): string {
  const stages = stagesOf(summary)
  const { columns, width } = columnsOf(stages)
  const lines = Math.max(...stages.map(({ kinds }) => kinds.length)) + 2
  const subtitle = `${count(summary.parameters)} parameters · ${count(summary.multiplyAdds)} multiply-adds for one image`
  const connections = columns.slice(1).map((after, k) => connection(columns[k]!, after))
  return figure({
    width: Math.max(width, 2 * MARGIN + textWidth(subtitle, 12)),
    height: HEAD + TALLEST + 36 + lines * LINE + 4,
    title,
    subtitle,
    description: `From left to right: ${stages.map(({ name, output }) => `${name} ${sizeText(output)}`).join(', ')}.`,
    content: columns.map(({ drawing }) => drawing.svg).join('') + connections.join('') + columns.map(caption).join(''),
  })
}
