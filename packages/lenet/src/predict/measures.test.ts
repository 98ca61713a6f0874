import { describe, expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { calibrationOf, classMeasures, macroF1, topShare, wilsonInterval } from './measures.ts'

const largest = { best: 'largest', probability: 'softmax' } as const
const itself = { best: 'largest', probability: 'itself' } as const

describe('classMeasures', () => {
  test('precision counts answers, recall samples', () => {
    // Class 0: 6 of 8 samples right, 10 answers; class 1: 5 of 9 right, 7 answers.
    const measures = classMeasures([
      [6, 2],
      [4, 5],
    ])
    expect(measures[0]).toEqual({ precision: 0.6, recall: 0.75, f1: 12 / 18, support: 8 })
    expect(measures[1]).toEqual({ precision: 5 / 7, recall: 5 / 9, f1: 10 / 16, support: 9 })
    expect(macroF1(measures)).toBeCloseTo((12 / 18 + 10 / 16) / 2, 15)
  })

  test('what was never answered has no precision, what never occurred no recall', () => {
    const measures = classMeasures([
      [3, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
    ])
    expect(measures[1]).toEqual({ precision: Number.NaN, recall: 0, f1: 0, support: 1 })
    expect(measures[2]).toEqual({ precision: Number.NaN, recall: Number.NaN, f1: Number.NaN, support: 0 })
    expect(macroF1(measures)).toBeCloseTo((6 / 7 + 0) / 2, 15)
  })
})

describe('wilsonInterval', () => {
  // Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i is between %f and %f', (right, total, low, high) => {
    const interval = wilsonInterval(right, total)
    expect(interval[0]).toBeCloseTo(low, 4)
    expect(interval[1]).toBeCloseTo(high, 4)
  })

  test('all right ends at 1, and nothing counted says nothing', () => {
    expect(wilsonInterval(20, 20)[1]).toBe(1)
    expect(wilsonInterval(20, 20)[0]).toBeCloseTo(1 - 0.1611, 4)
    expect(wilsonInterval(0, 0)).toEqual([0, 1])
  })
})

describe('topShare', () => {
  const scores = Float32Array.of(3, 2, 1, 3, 2, 1, 3, 2, 1, 1, 1, 1)

  test('a sample is right where its class is among the best', () => {
    const scored = { scores, labels: [0, 1, 2, 2], reading: largest }
    expect([1, 2, 3].map((k) => topShare(scored, k))).toEqual([0.25, 0.5, 1])
  })

  test('distances are best where they are small; of equal ones the first is taken', () => {
    const scored = {
      scores,
      labels: [0, 1, 2, 0],
      reading: { best: 'smallest', probability: 'softmax of negatives' } as const,
    }
    expect([1, 2, 3].map((k) => topShare(scored, k))).toEqual([0.5, 0.75, 1])
  })
})

describe('calibrationOf', () => {
  test('the error is the mean distance of probability and accuracy, each bin by its samples', () => {
    // Two answers at 0.75, one right: |0.75 − 0.5|; two at 0.95 and 1, both right: |0.975 − 1|.
    const scores = Float32Array.of(0.75, 0.25, 0.25, 0.75, 0.95, 0.05, 1, 0)
    const { error, bins } = calibrationOf({ scores, labels: [0, 0, 0, 0], reading: itself }, [0, 1, 0, 0])
    expect(error).toBeCloseTo((2 * 0.25 + 2 * 0.025) / 4, 6)
    expect(bins).toHaveLength(10)
    expect(bins[7]).toEqual({ low: 0.7, high: 0.8, samples: 2, probability: 0.75, accuracy: 0.5 })
    expect(bins[9]!.samples).toBe(2)
    expect(bins[0]).toMatchObject({ samples: 0, probability: Number.NaN, accuracy: Number.NaN })
  })

  test('no bins are refused', () => {
    const none = () => calibrationOf({ scores: new Float32Array(2), labels: [0], reading: itself }, [0], 0)
    expect(none).toThrow(UsageError)
  })
})
