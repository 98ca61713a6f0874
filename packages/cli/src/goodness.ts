// What is to be thought of a model's answers beyond their accuracy, for people and for programs.
import {
  type Answers,
  type Calibration,
  type ClassMeasures,
  calibrationOf,
  classMeasures,
  macroF1,
  readingOf,
  type TrainedModel,
  topShare,
  wilsonInterval,
} from 'lenet'
import type { Context } from './context.ts'
import { count, percent } from './numbers.ts'
import { tableText } from './table.ts'
import { shorten } from './text-width.ts'

export interface Goodness {
  /** Of the accuracy, with 95 % confidence. */
  readonly interval: readonly [low: number, high: number]
  readonly measures: readonly (ClassMeasures & { readonly name: string })[]
  readonly macroF1: number
  /** Share of samples whose class is among the best k answers, for each k that says something. */
  readonly top: Readonly<Record<string, number>>
  readonly calibration: Calibration
}

const BEST_OF = [3, 5]
/** More classes than this: the worst are shown. */
const MOST_ROWS = 30
const LONGEST_NAME = 30

export function goodnessOf(
  { evaluation, answers, scores }: Answers,
  labels: ArrayLike<number>,
  { net, classes }: Pick<TrainedModel, 'net' | 'classes'>,
): Goodness {
  const scored = { scores, labels, reading: readingOf(net) }
  const measures = classMeasures(evaluation.confusion)
  return {
    interval: wilsonInterval(evaluation.samples - evaluation.errors, evaluation.samples),
    measures: measures.map((one, label) => ({ name: classes[label]!, ...one })),
    macroF1: macroF1(measures),
    top: Object.fromEntries(BEST_OF.filter((k) => k < classes.length).map((k) => [k, topShare(scored, k)])),
    calibration: calibrationOf(scored, answers),
  }
}

/** @param isNew whether the model has not seen the images: nothing else tells of others. */
export function goodnessLines(
  { messages }: Context,
  { interval, top, calibration }: Goodness,
  isNew: boolean,
): string[] {
  const texts = messages.evaluation
  const samples = calibration.bins.reduce((sum, bin) => sum + bin.samples, 0)
  const mean = (what: 'probability' | 'accuracy') =>
    percent(calibration.bins.reduce((sum, bin) => sum + (bin.samples && bin.samples * bin[what]), 0) / samples, 1)
  return [
    ...(isNew ? [texts.interval(percent(interval[0]), percent(interval[1]))] : []),
    ...Object.entries(top).map(([k, share]) => texts.top(k, percent(share))),
    texts.calibration(percent(calibration.error, 1), mean('probability'), mean('accuracy')),
  ]
}

/** Every class; of very many those with the lowest F1. */
export function classTable({ messages, paint }: Context, goodness: Goodness): string {
  const { columns, macro, others } = messages.evaluation
  const { measures } = goodness
  const isMany = measures.length > MOST_ROWS
  const known = measures.filter(({ f1 }) => !Number.isNaN(f1))
  const shown = isMany ? known.sort((a, b) => a.f1 - b.f1).slice(0, MOST_ROWS) : measures
  const number = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(3))
  const row = ({ name, precision, recall, f1, support }: Goodness['measures'][number]) => [
    shorten(name, LONGEST_NAME),
    number(precision),
    number(recall),
    number(f1),
    count(support),
  ]
  const total = count(measures.reduce((sum, { support }) => sum + support, 0))
  const headings = Object.values(columns)
  const table = tableText(
    {
      columns: headings.map((heading, at) => ({ heading, align: at === 0 ? 'left' : 'right' })),
      rows: shown.map(row),
      foot: [macro, '', '', number(goodness.macroF1), total],
    },
    paint,
  )
  return isMany ? `${others(String(shown.length))}\n${table}` : table
}
