import { describe, expect, test } from 'vitest'
import type { EpochEvent } from '../train/events.ts'
import { drawCurves } from './curves.ts'

const run = (accuracies: readonly number[], validation = true): EpochEvent[] =>
  accuracies.map((accuracy, k) => ({
    event: 'epoch',
    epoch: k + 1,
    epochs: accuracies.length,
    trainLoss: 1 - accuracy,
    trainAccuracy: accuracy,
    ...(validation ? { validationLoss: 1.1 - accuracy, validationAccuracy: accuracy - 0.01 } : {}),
    learningRate: 0.1,
    imagesPerSecond: 1,
    seconds: 1,
  }))

describe('drawCurves', () => {
  test('lines are named with their last values', () => {
    const svg = drawCurves({ epochs: run([0.9, 0.98]), testAccuracy: 0.975 })
    for (const text of ['train 0.0200', 'validation 0.120', 'train 98.00 %', 'validation 97.00 %', 'test 97.50 %']) {
      expect(svg).toContain(`>${text}</text>`)
    }
  })

  test('a run without validation has no validation line', () => {
    expect(drawCurves({ epochs: run([0.9, 0.98], false) })).not.toContain('validation')
  })

  test('chance is drawn where the curves start near it, and not where it would flatten them', () => {
    expect(drawCurves({ epochs: run([0.15, 0.6]), chance: 0.1 })).toContain('chance 10 %')
    expect(drawCurves({ epochs: run([0.95, 0.99]), chance: 0.1 })).not.toContain('chance')
  })

  test('values that are not finite are left out', () => {
    const [first, second] = run([0.1, 0.2])
    const svg = drawCurves({ epochs: [first!, { ...second!, trainLoss: Number.NaN, validationLoss: Infinity }] })
    expect(svg).toContain('>train 0.900</text>')
  })

  test('a long run draws a dot only at the end', () => {
    const dots = (count: number) =>
      drawCurves({
        epochs: run(
          Array.from({ length: count }, (_, k) => k / count),
          false,
        ),
      }).split('<circle').length - 1
    expect([dots(3), dots(40)]).toEqual([6, 2])
  })
})
