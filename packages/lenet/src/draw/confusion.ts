// The confusion matrix: a row is a true class, a column an answer. Right answers are blue, as strong as their share of the
// row; mistakes are orange, by the square root of their share against the largest, so that single ones stay visible.

import { figure, HEAD, MARGIN } from './figure.ts'
import { element, label, number, textWidth } from './svg.ts'

export interface ConfusionOptions {
  readonly classes: readonly string[]
  /** `confusion[truth][answer]` counts samples. */
  readonly confusion: readonly (readonly number[])[]
  readonly title?: string
}

interface Grid {
  readonly left: number
  readonly top: number
  readonly cell: number
  readonly font: number
  /** Degrees by which the column names are turned. */
  readonly turn: 0 | 45 | 90
  /** Share of a row at which a mistake is drawn strongest. */
  readonly peak: number
}

/** Mistakes rarer than this are never drawn strongest, however good the model is. */
const LEAST_PEAK = 0.02
/** Smaller cells hold no numbers. */
const READABLE = 20

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const count = (value: number): string => value.toLocaleString('en-US')
const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${((part / whole) * 100).toFixed(1)} %`)
const shorten = (text: string): string => (text.length <= 24 ? text : `${text.slice(0, 23)}…`)

/** The largest share of a row that went to one wrong answer. */
function peakOf(confusion: ConfusionOptions['confusion']): number {
  const shares = confusion.map((counts, truth) => {
    const wrong = counts.filter((_, answer) => answer !== truth)
    return Math.max(0, ...wrong) / Math.max(1, sum(counts))
  })
  return Math.max(LEAST_PEAK, ...shares)
}

function gridOf({ classes, confusion }: ConfusionOptions): Grid {
  const cell = classes.length <= 12 ? 42 : classes.length <= 30 ? 28 : Math.max(6, Math.floor(840 / classes.length))
  const font = Math.min(12, Math.max(5, cell * 0.42))
  const longest = Math.max(0, ...classes.map((name) => textWidth(shorten(name), Math.max(font, 8))))
  const turn = longest <= cell - 4 ? 0 : cell >= READABLE ? 45 : 90
  const rise = turn === 0 ? 20 : longest * Math.sin((turn * Math.PI) / 180) + 14
  return { left: MARGIN + 22 + longest + 8, top: HEAD + 24 + rise, cell, font, turn, peak: peakOf(confusion) }
}

function heading(name: string, k: number, grid: Grid): string {
  const x = grid.left + (k + 0.5) * grid.cell
  const y = grid.top - 8
  const size = Math.max(grid.font, 8)
  if (grid.turn === 0) return label(x, y, shorten(name), { anchor: 'middle', size })
  const foot = grid.turn === 90 ? x + size * 0.36 : x
  return label(0, 0, shorten(name), {
    size,
    transform: `translate(${number(foot)} ${number(y)}) rotate(-${grid.turn})`,
  })
}

function square(value: number, total: number, right: boolean, place: { x: number; y: number }, grid: Grid): string {
  const { x, y } = place
  const large = grid.cell >= READABLE
  const side = grid.cell - (large ? 2 : 1)
  const corners = { x, y, width: side, height: side, rx: large ? 3 : undefined }
  if (value === 0) return large ? element('rect', { class: 'blank', ...corners, 'fill-opacity': 0.55 }) : ''
  const share = value / total
  const strength = right ? share : 0.12 + 0.5 * Math.min(1, Math.sqrt(share / grid.peak))
  const cell = element('rect', { class: right ? 'blue-fill' : 'orange-fill', ...corners, 'fill-opacity': strength })
  if (!large) return cell
  const text = String(value)
  const size = Math.min(grid.font, (side - 2) / (text.length * 0.62))
  const kind = right && share > 0.55 ? 'on-colour' : undefined
  const middle = { anchor: 'middle' as const, size, ...(kind === undefined ? {} : { class: kind }) }
  return cell + label(x + side / 2, y + side / 2 + size * 0.36, text, middle)
}

function row(options: ConfusionOptions, truth: number, grid: Grid): string {
  const counts = options.confusion[truth]!
  const total = sum(counts)
  const y = grid.top + truth * grid.cell
  const base = y + grid.cell / 2 + grid.font * 0.36
  const cells = counts.map((value, answer) =>
    square(value, total, truth === answer, { x: grid.left + answer * grid.cell, y }, grid),
  )
  const size = Math.max(grid.font, Math.min(8, grid.cell))
  const name = label(grid.left - 8, base, shorten(options.classes[truth]!), { anchor: 'end', size })
  const right = grid.left + counts.length * grid.cell
  const recall = label(right + 8, base, percent(counts[truth]!, total), { class: 'quiet', size })
  return name + cells.join('') + recall
}

/** The pair of classes that is confused most often. */
function worst({ confusion }: ConfusionOptions): { truth: number; answer: number; times: number } | undefined {
  let found: { truth: number; answer: number; times: number } | undefined
  confusion.forEach((counts, truth) => {
    counts.forEach((times, answer) => {
      if (truth !== answer && times > (found?.times ?? 0)) found = { truth, answer, times }
    })
  })
  return found
}

function verdict(options: ConfusionOptions): string {
  const samples = sum(options.confusion.map(sum))
  const right = sum(options.confusion.map((counts, k) => counts[k] ?? 0))
  const most = worst(options)
  const wrong = samples - right
  const often =
    most === undefined
      ? ''
      : ` · most often ${options.classes[most.truth]} read as ${options.classes[most.answer]} (${count(most.times)})`
  const share = samples === 0 ? '' : ` (${((right / samples) * 100).toFixed(2)} %)`
  return `${count(right)} of ${count(samples)} right${share}, ${count(wrong)} wrong${often}`
}

/** The confusion matrix as an SVG document. */
export function drawConfusion(options: ConfusionOptions): string {
  const { classes, title = 'Confusion matrix' } = options
  const grid = gridOf(options)
  const side = classes.length * grid.cell
  const middle = grid.top + side / 2
  const subtitle = verdict(options)
  const width = Math.max(grid.left + side + 76, 2 * MARGIN + textWidth(subtitle, 11), 2 * MARGIN + textWidth(title, 17))
  const axes =
    label(grid.left, HEAD + 14, 'answer →', { class: 'quiet' }) +
    label(0, 0, '← truth', {
      class: 'quiet',
      anchor: 'middle',
      transform: `translate(${MARGIN + 10} ${number(middle)}) rotate(-90)`,
    })
  const ground = { x: grid.left, y: grid.top, width: side, height: side, 'fill-opacity': 0.55 }
  return figure({
    width,
    height: grid.top + side + MARGIN,
    title,
    subtitle,
    description: `Rows are the true classes, columns the answers. ${subtitle}.`,
    content:
      axes +
      (grid.cell < READABLE ? element('rect', { class: 'blank', ...ground }) : '') +
      classes.map((name, k) => heading(name, k, grid)).join('') +
      classes.map((_, k) => row(options, k, grid)).join(''),
  })
}
