// Loss and accuracy over the epochs, side by side. Lines carry their names at their ends; there is no legend to look up.

import type { EpochEvent } from '../train/events.ts'
import { decimals, ticks } from './axis.ts'
import { figure, HEAD, MARGIN } from './figure.ts'
import { type Line, type Panel, panel } from './panel.ts'

export interface CurvesOptions {
  readonly epochs: readonly EpochEvent[]
  /** Accuracy of the last model on the test set, a fraction. */
  readonly testAccuracy?: number
  /** Accuracy of guessing, a fraction; drawn where the curves come near it. */
  readonly chance?: number
  readonly title?: string
}

const WIDTH = 920
const HEIGHT = 400
const BETWEEN = 40
/** An accuracy axis that shows less than a point would make noise look like progress. */
const LEAST_SPAN = 0.01

const percent = (value: number, places: number): string => `${(value * 100).toFixed(places)} %`

/** Losses of a run span orders of magnitude: three significant digits say enough. */
const loss = (value: number): string =>
  value === 0 ? '0' : value >= 1000 ? value.toExponential(1) : value.toPrecision(3)

const series = (epochs: readonly EpochEvent[], read: (event: EpochEvent) => number | undefined): Line['points'] =>
  epochs.flatMap((event) => {
    const value = read(event)
    return value !== undefined && Number.isFinite(value) ? [[event.epoch, value] as const] : []
  })

const lines = (train: Line['points'], validation: Line['points']): Line[] =>
  [
    { name: 'train', colour: 'blue' as const, points: train },
    { name: 'validation', colour: 'orange' as const, points: validation },
  ].filter((line) => line.points.length > 0)

const valuesOf = (drawn: readonly Line[]): number[] => drawn.flatMap((line) => line.points.map(([, value]) => value))

function lossPanel(epochs: readonly EpochEvent[]): Pick<Panel, 'name' | 'lines' | 'ticks' | 'show' | 'tick'> {
  const drawn = lines(
    series(epochs, (event) => event.trainLoss),
    series(epochs, (event) => event.validationLoss),
  )
  const high = Math.max(...valuesOf(drawn), 1e-9)
  const scale = ticks(0, drawn.length === 0 ? 1 : high, 6)
  const places = decimals(scale.step)
  const tick = (value: number): string => (high >= 1e5 ? value.toExponential(1) : value.toFixed(places))
  return { name: 'Loss', lines: drawn, ticks: scale.values, show: loss, tick }
}

function accuracyPanel(options: CurvesOptions): Omit<Panel, 'x' | 'y' | 'width' | 'height' | 'epochs'> {
  const { epochs, chance, testAccuracy } = options
  const drawn = lines(
    series(epochs, (event) => event.trainAccuracy),
    series(epochs, (event) => event.validationAccuracy),
  )
  const values = [...valuesOf(drawn), ...(testAccuracy === undefined ? [] : [testAccuracy])]
  if (values.length === 0) values.push(0, 1)
  const high = Math.max(...values)
  const low = Math.min(...values, high - LEAST_SPAN)
  const near = chance !== undefined && chance <= high && low - chance <= Math.max(high - low, 0.1)
  const scale = ticks(Math.max(0, near ? Math.min(low, chance) : low), high, 6)
  const places = decimals(scale.step * 100)
  return {
    name: 'Accuracy',
    lines: drawn,
    ticks: scale.values.filter((value) => value <= 1 + 1e-9),
    show: (value) => percent(value, 2),
    tick: (value) => percent(value, places),
    ...(near ? { level: { value: chance, name: `chance ${percent(chance, 0)}` } } : {}),
    ...(testAccuracy === undefined ? {} : { end: { value: testAccuracy, name: 'test' } }),
  }
}

function description({ epochs, testAccuracy }: CurvesOptions): string {
  const last = epochs.at(-1)
  if (last === undefined) return 'No epoch has been trained yet.'
  const validation =
    last.validationAccuracy === undefined ? '' : `, validation accuracy ${percent(last.validationAccuracy, 2)}`
  const test = testAccuracy === undefined ? '' : ` Test accuracy ${percent(testAccuracy, 2)}.`
  const first = epochs[0]!
  return (
    `Training loss goes from ${loss(first.trainLoss)} to ${loss(last.trainLoss)} ` +
    `between epochs ${first.epoch} and ${last.epoch}; at the end training accuracy is ${percent(last.trainAccuracy, 2)}${validation}.${test}`
  )
}

/** Loss and accuracy of a run as an SVG document. Values that are not finite are left out. */
export function drawCurves(options: CurvesOptions): string {
  const { epochs, testAccuracy, title = 'Training' } = options
  const width = (WIDTH - 2 * MARGIN - BETWEEN) / 2
  const place = { y: HEAD + 38, width, height: HEIGHT - HEAD - 38 - 56 }
  const range = [epochs[0]?.epoch ?? 1, epochs.at(-1)?.epoch ?? 1] as const
  const count = `${epochs.length} ${epochs.length === 1 ? 'epoch' : 'epochs'}`
  return figure({
    width: WIDTH,
    height: HEIGHT,
    title,
    subtitle: testAccuracy === undefined ? count : `${count} · test accuracy ${percent(testAccuracy, 2)}`,
    description: description(options),
    content:
      panel({ ...lossPanel(epochs), ...place, x: MARGIN, epochs: range }) +
      panel({ ...accuracyPanel(options), ...place, x: MARGIN + width + BETWEEN, epochs: range }),
  })
}
