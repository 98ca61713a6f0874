// One chart: horizontal rules with their values, epochs below, lines that are named where they end.

import { ticks } from './axis.ts'
import { element, label, number, path, textWidth } from './svg.ts'

export interface Line {
  readonly name: string
  readonly colour: 'blue' | 'orange'
  /** [epoch, value], by epoch. */
  readonly points: readonly (readonly [number, number])[]
}

export interface Panel {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly name: string
  readonly lines: readonly Line[]
  readonly epochs: readonly [number, number]
  /** Values of the rules; the first and the last are the ends of the axis. */
  readonly ticks: readonly number[]
  /** A value beside its line. */
  readonly show: (value: number) => string
  /** A value beside its rule. */
  readonly tick: (value: number) => string
  /** A dashed line at a value. */
  readonly level?: { readonly value: number; readonly name: string }
  /** A single mark at the last epoch. */
  readonly end?: { readonly value: number; readonly name: string }
}

interface Scales {
  readonly left: number
  readonly right: number
  readonly x: (epoch: number) => number
  readonly y: (value: number) => number
}

interface Name {
  readonly y: number
  readonly name: string
  readonly value: string
  readonly class: string
}

const LINE = 15

const namesOf = (chart: Panel, y: (value: number) => number): Name[] => {
  const ends = chart.lines.map(({ name, colour, points }) => ({ name, class: colour, value: points.at(-1)![1] }))
  const all = chart.end === undefined ? ends : [...ends, { ...chart.end, class: 'strong' }]
  return all.map(({ value, ...rest }) => ({ ...rest, y: y(value), value: chart.show(value) }))
}

function scalesOf(chart: Panel): Scales {
  const low = chart.ticks[0]!
  const high = chart.ticks.at(-1)!
  const y = (value: number): number => chart.y + chart.height * (1 - (value - low) / (high - low))
  const names = namesOf(chart, y).map(({ name, value }) => textWidth(`${name} ${value}`, 12))
  const left = chart.x + Math.max(...chart.ticks.map((value) => textWidth(chart.tick(value), 12))) + 8
  const right = chart.x + chart.width - Math.max(0, ...names) - 10
  const [first, last] = chart.epochs
  const x = (epoch: number): number =>
    last === first ? (left + right) / 2 : left + 6 + ((right - left - 12) * (epoch - first)) / (last - first)
  return { left, right, x, y }
}

/** Moves names apart until none covers another; they keep their order and stay as near to their lines as they can. */
export function spread(positions: readonly number[], gap: number, low: number, high: number): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a]! - positions[b]!)
  const result = [...positions]
  let floor = low
  for (const i of order) {
    result[i] = Math.max(result[i]!, floor)
    floor = result[i]! + gap
  }
  let ceiling = high
  for (const i of order.reverse()) {
    result[i] = Math.min(result[i]!, ceiling)
    ceiling = result[i]! - gap
  }
  return result
}

/** The first epoch, and round ones that do not crowd it. */
function namedEpochs([first, last]: readonly [number, number]): number[] {
  if (first === last) return [first]
  const { values, step } = ticks(first, last, 8)
  const apart = Math.max(1, step * 0.7)
  return [first, ...values.filter((epoch) => Number.isInteger(epoch) && epoch - first >= apart && epoch <= last)]
}

function axes(chart: Panel, { left, right, x, y }: Scales): string {
  const rules = chart.ticks.map(
    (value) =>
      element('line', { class: 'rule', x1: left, x2: right, y1: y(value), y2: y(value) }) +
      label(left - 8, y(value) + 4, chart.tick(value), { class: 'quiet', anchor: 'end' }),
  )
  const bottom = chart.y + chart.height
  const below = namedEpochs(chart.epochs).map((epoch) =>
    label(x(epoch), bottom + 19, String(epoch), { class: 'quiet', anchor: 'middle' }),
  )
  const caption = label((left + right) / 2, bottom + 38, 'epoch', { class: 'quiet', anchor: 'middle' })
  return (
    label(chart.x, chart.y - 20, chart.name, { class: 'strong', size: 13 }) + rules.join('') + below.join('') + caption
  )
}

function curve({ colour, points }: Line, { x, y }: Scales): string {
  const places = points.map(([epoch, value]) => [x(epoch), y(value)] as const)
  const line = element('path', {
    class: `${colour}-line`,
    'stroke-width': 2,
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
    d: path(places),
  })
  const dots = points.length <= 12 ? places : places.slice(-1)
  return line + dots.map(([cx, cy]) => element('circle', { class: `${colour}-fill`, cx, cy, r: 3 })).join('')
}

function level({ value, name }: NonNullable<Panel['level']>, { left, right, y }: Scales): string {
  const at = y(value)
  const line = { class: 'hair', x1: left, x2: right, y1: at, y2: at, 'stroke-dasharray': '3 4' }
  return element('line', line) + label(right, at - 6, name, { class: 'quiet', anchor: 'end' })
}

function diamond(cx: number, cy: number): string {
  const d = `M${number(cx)} ${number(cy - 5.5)}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`
  return element('path', { class: 'halo', d }) + element('path', { class: 'mark', d })
}

export function panel(chart: Panel): string {
  const scales = scalesOf(chart)
  const names = namesOf(chart, scales.y)
  const places = spread(
    names.map(({ y }) => y),
    LINE,
    chart.y,
    chart.y + chart.height,
  )
  const texts = names.map(({ name, value, class: kind }, i) =>
    label(scales.right + 8, places[i]! + 4, `${name} ${value}`, { class: kind }),
  )
  return (
    axes(chart, scales) +
    (chart.level === undefined ? '' : level(chart.level, scales)) +
    chart.lines.map((line) => curve(line, scales)).join('') +
    (chart.end === undefined ? '' : diamond(scales.x(chart.epochs[1]), scales.y(chart.end.value))) +
    texts.join('')
  )
}
