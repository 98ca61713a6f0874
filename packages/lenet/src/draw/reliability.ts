// Whether probabilities are what they say: for each range of probability the share that was right, beside the diagonal on
// which both are equal. Bars of few samples are pale.

import type { Calibration, CalibrationBin } from '../predict/measures.ts'
import { figure, HEAD, MARGIN } from './figure.ts'
import { element, label, path } from './svg.ts'

export interface ReliabilityOptions {
  readonly calibration: Calibration
  readonly title?: string
}

const SIDE = 320
const LEFT = MARGIN + 46
const TOP = HEAD + 26
/** A bar of so many samples is as strong as any. */
const MANY = 30

const percent = (share: number, places = 0): string => `${(100 * share).toFixed(places)} %`
const x = (probability: number): number => LEFT + SIDE * probability
const y = (accuracy: number): number => TOP + SIDE * (1 - accuracy)

function bar({ low, high, samples, probability, accuracy }: CalibrationBin): string {
  if (samples === 0) return ''
  const place = { x: x(low) + 1, y: y(accuracy), width: x(high) - x(low) - 2, height: SIDE * accuracy }
  const words = `${percent(low)} to ${percent(high)}: ${samples} answers, ${percent(accuracy, 1)} right, said ${percent(probability, 1)}`
  const strength = 0.25 + 0.55 * Math.min(1, samples / MANY)
  return (
    element('rect', { class: 'blue-fill', ...place, 'fill-opacity': strength }, element('title', {}, words)) +
    element('circle', { class: 'orange-fill', cx: x(probability), cy: y(accuracy), r: 3.5 })
  )
}

/** The calibration of a model's answers as an SVG document. */
export function drawReliability({ calibration, title = 'Reliability' }: ReliabilityOptions): string {
  const { bins, error } = calibration
  const samples = bins.reduce((sum, bin) => sum + bin.samples, 0)
  const subtitle = `expected calibration error ${percent(error, 1)} over ${samples} answers`
  const steps = [0, 0.25, 0.5, 0.75, 1]
  const grid = steps.map(
    (step) =>
      element('path', {
        class: 'rule',
        d: path([
          [LEFT, y(step)],
          [LEFT + SIDE, y(step)],
        ]),
      }) +
      label(LEFT - 8, y(step) + 4, percent(step), { class: 'quiet', anchor: 'end' }) +
      label(x(step), TOP + SIDE + 18, percent(step), { class: 'quiet', anchor: 'middle' }),
  )
  const diagonal = element('path', {
    class: 'hair',
    'stroke-dasharray': '4 4',
    d: path([
      [x(0), y(0)],
      [x(1), y(1)],
    ]),
  })
  const said = bins.filter((bin) => bin.samples > 0)
  return figure({
    width: LEFT + SIDE + MARGIN + 24,
    height: TOP + SIDE + 48 + MARGIN,
    title,
    subtitle,
    description: `Share of right answers by probability: ${said.map((bin) => `${percent(bin.probability)} said, ${percent(bin.accuracy)} right`).join('; ')}.`,
    content:
      grid.join('') +
      bins.map(bar).join('') +
      diagonal +
      label(LEFT + SIDE / 2, TOP + SIDE + 40, 'probability of the answer →', { class: 'quiet', anchor: 'middle' }) +
      label(MARGIN, TOP - 18, '↑ right', { class: 'quiet' }),
  })
}
