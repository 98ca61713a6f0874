import type { EpochEvent, StepEvent } from 'lenet'
import { describe, expect, test } from 'vitest'
import { plain } from './colours.ts'
import { messagesFor } from './messages.ts'
import { barText, epochLine, Progress, stepLine } from './progress.ts'
import { textWidth } from './text-width.ts'

const step = (more: Partial<StepEvent> = {}): StepEvent => ({
  event: 'step',
  epoch: 2,
  epochs: 3,
  step: 412,
  steps: 938,
  loss: 0.0812,
  accuracy: 0.9753,
  imagesPerSecond: 13412,
  ...more,
})

const epoch: EpochEvent = {
  event: 'epoch',
  epoch: 2,
  epochs: 3,
  trainLoss: 0.0705,
  trainAccuracy: 0.9786,
  validationLoss: 0.06,
  validationAccuracy: 0.9812,
  learningRate: 0.05,
  imagesPerSecond: 13412,
  seconds: 4.31,
}

/** A terminal that remembers, with a clock that the test moves. */
function terminal(isTTY: boolean) {
  const written: string[] = []
  const clock = { now: 0 }
  const output = { isTTY, columns: 100, write: (text: string) => written.push(text) }
  const progress = new Progress({ output, messages: messagesFor('en'), paint: plain, now: () => clock.now })
  return { written, clock, progress }
}

describe.each(['en', 'zh'] as const)('a step in %s', (language) => {
  const options = { output: { write: () => {} }, messages: messagesFor(language), paint: plain }

  test('never fills more than the terminal, whatever its width', () => {
    for (let columns = 1; columns <= 160; columns++) {
      expect(textWidth(stepLine(step(), 3725, columns, options)), `${columns} columns`).toBeLessThan(
        Math.max(columns, 1),
      )
    }
  })

  test('says everything where there is room', () => {
    const line = stepLine(step(), 65, 120, options)
    for (const text of ['2/3', '━', '412/938', '0.0812', '97.53 %', '13,412', '1:05']) expect(line).toContain(text)
  })
})

test('a bar is full at the end and empty at the start', () => {
  expect([0, 0.5, 1].map((share) => barText(share, 4, plain))).toEqual(['╌╌╌╌', '━━╌╌', '━━━━'])
})

test('the line of an epoch names validation only where there is any', () => {
  const options = { messages: messagesFor('en'), paint: plain }
  const { validationAccuracy: _, validationLoss: __, ...without } = epoch
  expect(epochLine(epoch, options)).toBe(
    'epoch 2/3  loss 0.0705  accuracy 97.86 %  validation 98.12 %  13,412 images/s  4.3 s',
  )
  expect(epochLine(without, options)).toBe('epoch 2/3  loss 0.0705  accuracy 97.86 %  13,412 images/s  4.3 s')
})

describe('Progress', () => {
  test('away from a terminal there is one line an epoch and no escape sequence', () => {
    const { written, progress } = terminal(false)
    progress.step(step())
    progress.epoch(epoch)
    progress.clear()
    expect(written).toEqual(['epoch 2/3  loss 0.0705  accuracy 97.86 %  validation 98.12 %  13,412 images/s  4.3 s\n'])
  })

  test('on a terminal the line is redrawn at most ten times a second', () => {
    const { written, clock, progress } = terminal(true)
    for (clock.now = 0; clock.now < 1000; clock.now += 10) progress.step(step({ step: 1 + clock.now / 10 }))
    expect(written).toHaveLength(10)
  })

  test('the line is erased before the line of its epoch and before other texts', () => {
    const { written, progress } = terminal(true)
    progress.step(step())
    progress.epoch(epoch)
    progress.clear()
    expect(written[1]).toBe('\r\u001b[K')
    expect(written[2]).toMatch(/^epoch 2\/3.*\n$/)
    expect(written).toHaveLength(3)
  })

  test('the time left follows from the pace since the first step seen, also in the middle of a run', () => {
    const { written, clock, progress } = terminal(true)
    progress.step(step({ epoch: 2, epochs: 2, step: 50, steps: 100 }))
    clock.now = 10_000
    progress.step(step({ epoch: 2, epochs: 2, step: 75, steps: 100 }))
    expect(written[0]).not.toContain('left')
    expect(written[1]).toContain('0:10 left')
  })
})
