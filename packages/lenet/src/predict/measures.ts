// How good a model is, from what it answered: each class by itself, how sure it may be of its accuracy, whether its
// probabilities are what they say.

import { UsageError } from '../errors.ts'
import type { Reading } from '../layers/layer.ts'
import { probabilitiesOf } from './scores.ts'

export interface ClassMeasures {
  /** Right answers of all answers with this class; NaN where it was never the answer. */
  readonly precision: number
  /** Right answers of all samples of this class; NaN where there are none. */
  readonly recall: number
  /** 2 right / (samples + answers), the harmonic mean of both; NaN where there are neither. */
  readonly f1: number
  /** Samples of this class. */
  readonly support: number
}

/** @param confusion `confusion[truth][answer]` counts samples. */
export function classMeasures(confusion: readonly (readonly number[])[]): ClassMeasures[] {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
  return confusion.map((row, k) => {
    const [right, support, answered] = [row[k]!, sum(row), sum(confusion.map((other) => other[k]!))]
    return {
      precision: right / answered,
      recall: right / support,
      f1: (2 * right) / (support + answered),
      support,
    }
  })
}

/** Every class alike, however many samples it has; classes that neither occur nor are answered have no part in it. */
export function macroF1(measures: readonly ClassMeasures[]): number {
  const known = measures.filter(({ f1 }) => !Number.isNaN(f1))
  return known.reduce((sum, { f1 }) => sum + f1, 0) / known.length
}

/** The 0.975 quantile of the normal distribution. */
const Z = 1.959963984540054

/**
 * Wilson's interval for a share that was counted: with 95 % probability the true one lies in it (Wilson 1927, "Probable
 * inference, the law of succession, and statistical inference"). From 0 to 1 where nothing was counted.
 */
export function wilsonInterval(right: number, total: number): readonly [low: number, high: number] {
  if (total === 0) return [0, 1]
  const share = right / total
  const middle = share + (Z * Z) / (2 * total)
  const reach = Z * Math.sqrt((share * (1 - share)) / total + (Z * Z) / (4 * total * total))
  const scale = 1 + (Z * Z) / total
  // Rounding may leave the ends a hair outside.
  return [right === 0 ? 0 : (middle - reach) / scale, right === total ? 1 : Math.min(1, (middle + reach) / scale)]
}

export interface Scored {
  /** Sample after sample, one number a class, as the last layer gave them. */
  readonly scores: Float32Array
  readonly labels: ArrayLike<number>
  readonly reading: Reading
}

/** The share of samples whose class is among the `k` best scores; of equal ones the first class counts as better. */
export function topShare({ scores, labels, reading }: Scored, k: number): number {
  const samples = labels.length
  const classes = scores.length / samples
  const sign = reading.best === 'largest' ? 1 : -1
  let right = 0
  for (let n = 0; n < samples; n++) {
    const own = sign * scores[n * classes + labels[n]!]!
    let before = 0
    for (let c = 0; c < classes; c++) {
      const score = sign * scores[n * classes + c]!
      if (score > own || (score === own && c < labels[n]!)) before++
    }
    if (before < k) right++
  }
  return right / samples
}

/** Answers whose probability lies in one range. */
export interface CalibrationBin {
  readonly low: number
  readonly high: number
  readonly samples: number
  /** Mean probability of the answers, and the share that was right; NaN without samples. */
  readonly probability: number
  readonly accuracy: number
}

export interface Calibration {
  /** Expected calibration error: the mean distance of probability and accuracy, each bin by its samples. */
  readonly error: number
  readonly bins: readonly CalibrationBin[]
}

/**
 * Whether answers of probability p are right in a share p of all cases (Guo et al. 2017, "On calibration of modern neural
 * networks", Eq. 3 and 5), in bins of equal width. Throws a UsageError for no bins.
 */
export function calibrationOf(
  { scores, labels, reading }: Scored,
  answers: ArrayLike<number>,
  count = 10,
): Calibration {
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`calibration: ${count} bins are asked for; give a whole number from 1`)
  const samples = labels.length
  const classes = scores.length / samples
  const sums = Array.from({ length: count }, () => ({ samples: 0, probability: 0, right: 0 }))
  for (let n = 0; n < samples; n++) {
    const probability = probabilitiesOf(scores.subarray(n * classes, (n + 1) * classes), reading)[answers[n]!]!
    const bin = sums[Math.min(count - 1, Math.floor(probability * count))]!
    bin.samples++
    bin.probability += probability
    bin.right += answers[n] === labels[n] ? 1 : 0
  }
  return {
    error: sums.reduce((error, bin) => error + Math.abs(bin.probability - bin.right), 0) / samples,
    bins: sums.map((bin, at) => ({
      low: at / count,
      high: (at + 1) / count,
      samples: bin.samples,
      probability: bin.probability / bin.samples,
      accuracy: bin.right / bin.samples,
    })),
  }
}
