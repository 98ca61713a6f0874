// What metrics.jsonl of a run holds: a line an epoch, and how the run ended.
import { type DoneEvent, type EpochEvent, FormatError } from 'lenet'
import { type Kinds, problemOf } from './json-kinds.ts'

/** The last line of a run that cannot go on: from its checkpoint it would come to the same end. */
export interface DivergedLine {
  readonly event: 'diverged'
  readonly message: string
}

export type Metric = EpochEvent | DoneEvent | DivergedLine

/**
 * What a run has told so far: its epochs from the first, each once, and how it ended.
 * @throws FormatError naming the line that is none, or out of order.
 */
export function parseMetrics(text: string, path: string): Metric[] {
  const lines = text.split('\n').filter((line) => line !== '')
  const metrics = lines.map((line, at) => parseLine(line, `${path}: line ${at + 1}`))
  for (const [at, metric] of metrics.entries()) {
    const who = `${path}: line ${at + 1}`
    if (metric.event === 'epoch' && metric.epoch !== at + 1)
      throw new FormatError(who, `tells of epoch ${metric.epoch} where epoch ${at + 1} is wanted`)
    if (metric.event !== 'epoch' && at < metrics.length - 1)
      throw new FormatError(who, `says '${metric.event}', and more lines follow`)
  }
  return metrics
}

function parseLine(line: string, who: string): Metric {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new FormatError(who, `is not JSON: ${line.slice(0, 40)}`)
  }
  if (!isMetric(value)) throw new FormatError(who, `is no event of a run: ${line.slice(0, 40)}`)
  return value
}

const EPOCH: Kinds<EpochEvent> = {
  event: 'text',
  epoch: 'whole',
  epochs: 'whole',
  trainLoss: 'number',
  trainAccuracy: 'fraction',
  validationLoss: 'number?',
  validationAccuracy: 'fraction?',
  learningRate: 'number',
  imagesPerSecond: 'number',
  seconds: 'number',
}
const DONE: Kinds<DoneEvent> = {
  event: 'text',
  epochs: 'whole',
  bestEpoch: 'whole?',
  validationAccuracy: 'fraction?',
  noBetterFor: 'whole?',
  testAccuracy: 'fraction?',
  testErrors: 'whole?',
  testLoss: 'number?',
  weightsHash: 'text',
  seconds: 'number',
}
const DIVERGED: Kinds<DivergedLine> = { event: 'text', message: 'text' }
const EVENTS = new Map<unknown, Kinds<Metric>>(Object.entries({ epoch: EPOCH, done: DONE, diverged: DIVERGED }))

function isMetric(value: unknown): value is Metric {
  if (typeof value !== 'object' || value === null) return false
  const wanted = EVENTS.get((value as Metric).event)
  return wanted !== undefined && problemOf(value as Readonly<Record<string, unknown>>, wanted) === undefined
}
