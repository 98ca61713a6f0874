import type { EpochEvent } from 'lenet'
import { describe, expect, test } from 'vitest'
import { plain } from './colours.ts'
import { curveText } from './curve-text.ts'
import { messagesFor } from './messages.ts'
import { textWidth } from './text-width.ts'

const run = (epochs: number, more: (k: number) => Partial<EpochEvent> = () => ({})): EpochEvent[] =>
  Array.from({ length: epochs }, (_, k) => ({
    event: 'epoch',
    epoch: k + 1,
    epochs,
    trainLoss: 0.4 / (k + 1),
    trainAccuracy: 1 - 0.1 / (k + 1),
    learningRate: 0.1,
    imagesPerSecond: 1,
    seconds: 1,
    ...more(k),
  }))
const validated = run(4, (k) => ({ validationLoss: 0.5 / (k + 1), validationAccuracy: 0.95 }))
const draw = (epochs: EpochEvent[], columns: number, language: 'en' | 'zh' = 'en') =>
  curveText({ epochs, columns, messages: messagesFor(language), paint: plain })

describe('curveText', () => {
  test('loss and accuracy stand side by side with the ends of their axes', () => {
    const lines = draw(validated, 80).split('\n')
    expect(lines).toHaveLength(9)
    expect(lines[0]).toMatch(/^ +Loss +Accuracy$/)
    expect(lines[1]).toMatch(/^0\.50 .*97\.5 % /)
    expect(lines.at(-1)).toMatch(/^ +1 +epoch 4 +1 +epoch 4$/)
  })

  test('every line is named once, even where two end in the same row', () => {
    const same = run(3, () => ({ validationLoss: 0.2, validationAccuracy: 0.9, trainLoss: 0.2, trainAccuracy: 0.9 }))
    expect(draw(same, 80).match(/train|validation/g)).toHaveLength(4)
  })

  test.each(['en', 'zh'] as const)('no line in %s is wider than the terminal', (language) => {
    for (const columns of [40, 60, 64, 80, 100, 200]) {
      const widths = draw(validated, columns, language).split('\n').map(textWidth)
      expect(Math.max(...widths)).toBeLessThanOrEqual(columns)
    }
  })

  test('fewer than two epochs make no curve', () => {
    expect([draw(run(0), 80), draw(run(1), 80)]).toEqual(['', ''])
  })

  test('a diverged run and a flat one are drawn without NaN', () => {
    expect(
      draw(
        run(3, (k) => (k === 1 ? { trainLoss: Number.NaN } : {})),
        80,
      ),
    ).not.toContain('NaN')
    expect(
      draw(
        run(3, () => ({ trainLoss: 0, trainAccuracy: 1 })),
        80,
      ),
    ).toContain('Loss')
  })
})
