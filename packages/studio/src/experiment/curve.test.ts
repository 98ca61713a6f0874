import { expect, test } from 'vitest'
import { createRecorder, curveScale, progressOf, smoothed } from './curve.ts'

const step = (loss: number, samples = 4) => ({ loss, right: samples / 2, samples })

test('a point is the mean over its samples, and a last one that is short is kept', () => {
  const recorder = createRecorder(2)
  for (const one of [step(1), step(3), step(5, 2), step(8, 1), step(7)]) recorder.add(one)
  expect(recorder.from(0).loss).toEqual([2, 6])
  recorder.end()
  expect(recorder.from(1)).toEqual({ loss: [6, 7], accuracy: [0.5, 0.5] })
})

test('whoever goes back to a mark comes to the same points', () => {
  const losses = [9, 7, 5, 4, 3, 2]
  const [straight, other] = [createRecorder(4), createRecorder(4)]
  for (const loss of losses) straight.add(step(loss))
  for (const loss of losses.slice(0, 3)) other.add(step(loss))
  const mark = other.mark()
  for (const loss of [100, 200, 300]) other.add(step(loss))
  other.backTo(mark)
  for (const loss of losses.slice(3)) other.add(step(loss))
  straight.end()
  other.end()
  expect(other.from(0)).toEqual(straight.from(0))
})

test('how many steps make a point follows from the set-up, and the last point ends with the run', () => {
  const scale = curveScale(10_000, 3)
  expect(scale.every).toBe(20)
  expect(curveScale(63, 2).every).toBe(1)
  const points = Array.from({ length: 1500 }, () => 0)
  expect(progressOf({ loss: points, accuracy: points }, scale).at(-1)).toBe(3)
})

test('smoothing takes the mean over the last points, and of fewer at the beginning', () => {
  expect(smoothed([4, 2, 0, 0], 2)).toEqual([4, 3, 1, 0])
})
