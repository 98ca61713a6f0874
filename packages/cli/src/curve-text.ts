// Loss and accuracy of a run as two small charts side by side, drawn in braille at the end of training.

import type { EpochEvent } from 'lenet'
import { Braille } from './braille.ts'
import type { Paint, Style } from './colours.ts'
import type { Messages } from './messages.ts'
import { percent } from './numbers.ts'
import { fill, textWidth } from './text-width.ts'

export interface CurveTextOptions {
  readonly epochs: readonly EpochEvent[]
  readonly messages: Messages
  readonly paint: Paint
  /** Of the terminal. */
  readonly columns?: number
}

interface Line {
  readonly name: string
  readonly style: Style
  /** [epoch, value]. */
  readonly points: readonly (readonly [number, number])[]
}

interface Chart {
  readonly title: string
  readonly lines: readonly Line[]
  readonly range: readonly [number, number]
  readonly show: (value: number) => string
  readonly width: number
  readonly paint: Paint
  /** What the last epoch is called. */
  readonly epoch: (epoch: number) => string
}

const ROWS = 7
const WIDEST = 110
const NARROWEST = 64
const BETWEEN = 3

/** The row at which each line ends, moved down where two would share one. */
function endRows(lines: readonly Line[], rowOf: (value: number) => number): Map<number, Line> {
  const taken = new Map<number, Line>()
  const ends = lines.map((line) => ({ line, row: rowOf(line.points.at(-1)![1]) })).sort((a, b) => a.row - b.row)
  for (const { line, row } of ends) {
    let free = row
    while (taken.has(free) && free < ROWS - 1) free++
    while (taken.has(free)) free--
    taken.set(free, line)
  }
  return taken
}

/** A chart as lines of the same width. */
function chartLines({ title, lines, range, show, width, paint, epoch }: Chart): string[] {
  const [low, high] = range
  const scale = [show(high), show(low)]
  const left = Math.max(...scale.map(textWidth)) + 1
  const right = Math.max(...lines.map(({ name }) => textWidth(name))) + 1
  const columns = Math.max(4, width - left - right)
  const epochs = lines[0]!.points.map(([at]) => at)
  const [first, last] = [epochs[0]!, epochs.at(-1)!]
  const x = (at: number): number => ((columns * 2 - 1) * (at - first)) / (last - first)
  const y = (value: number): number => (ROWS * 4 - 1) * (1 - (value - low) / (high - low))
  const canvases = lines.map(({ points }) => {
    const canvas = new Braille(columns, ROWS)
    points.slice(1).forEach(([at, value], k) => {
      canvas.line([x(points[k]![0]), y(points[k]![1])], [x(at), y(value)])
    })
    return canvas
  })
  const cell = (column: number, row: number): string => {
    const k = canvases.findLastIndex((canvas) => canvas.at(column, row) !== ' ')
    return k < 0 ? ' ' : paint(lines[k]!.style, canvases[k]!.at(column, row))
  }
  const ends = endRows(lines, (value) => Math.floor(y(value) / 4))
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const mark = row === 0 ? scale[0]! : row === ROWS - 1 ? scale[1]! : ''
    const plot = Array.from({ length: columns }, (_, column) => cell(column, row)).join('')
    const end = ends.get(row)
    return `${paint('dim', fill(mark, left - 1, 'right'))} ${plot} ${end === undefined ? '' : paint(end.style, end.name)}`
  })
  const foot = `${' '.repeat(left)}${first}${fill(epoch(last), columns - String(first).length, 'right')}`
  return [`${' '.repeat(left)}${paint('bold', title)}`, ...rows, paint('dim', foot)].map((line) => fill(line, width))
}

function linesOf(
  { epochs, messages }: CurveTextOptions,
  train: keyof EpochEvent,
  validation: keyof EpochEvent,
): Line[] {
  const points = (key: keyof EpochEvent): Line['points'] =>
    epochs.flatMap((event) => {
      const value = event[key]
      return typeof value === 'number' && Number.isFinite(value) ? [[event.epoch, value] as const] : []
    })
  const { curves } = messages
  const all: Line[] = [
    { name: curves.train, style: 'blue', points: points(train) },
    { name: curves.validation, style: 'yellow', points: points(validation) },
  ]
  return all.filter(({ points }) => points.length > 1)
}

/** Both charts, below one another on a narrow terminal; empty for fewer than two epochs, which make no curve. */
export function curveText(options: CurveTextOptions): string {
  const { messages, paint } = options
  const columns = Math.min(WIDEST, options.columns ?? 80)
  const beside = columns >= NARROWEST
  const width = beside ? Math.floor((columns - BETWEEN) / 2) : columns
  const losses = linesOf(options, 'trainLoss', 'validationLoss')
  const accuracies = linesOf(options, 'trainAccuracy', 'validationAccuracy')
  if (losses.length === 0 || accuracies.length === 0) return ''
  const values = (lines: readonly Line[]): number[] => lines.flatMap(({ points }) => points.map(([, value]) => value))
  const most = Math.max(...values(losses))
  const low = Math.min(...values(accuracies))
  const high = Math.max(...values(accuracies), low + 0.001)
  const common = { width, paint, epoch: messages.curves.epoch }
  const lossChart = chartLines({
    ...common,
    title: messages.curves.loss,
    lines: losses,
    range: [0, most > 0 ? most : 1],
    show: (value) => (value === 0 ? '0' : value.toPrecision(2)),
  })
  const accuracyChart = chartLines({
    ...common,
    title: messages.curves.accuracy,
    lines: accuracies,
    range: [low, high],
    show: (value) => percent(value, 1),
  })
  const both = beside
    ? lossChart.map((line, k) => line + ' '.repeat(BETWEEN) + accuracyChart[k]!)
    : [...lossChart, '', ...accuracyChart]
  return both.map((line) => line.trimEnd()).join('\n')
}
