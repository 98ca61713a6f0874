import { expect, test } from 'vitest'
import { spread } from './panel.ts'

test('names that would cover each other move apart and keep their order', () => {
  expect(spread([50, 52, 51], 10, 0, 100)).toEqual([50, 70, 60])
})

test('names stay inside the chart', () => {
  expect(spread([99, 100], 10, 0, 100)).toEqual([90, 100])
  expect(spread([-5, 0], 10, 0, 100)).toEqual([0, 10])
})

test('names with room stay where their lines end', () => {
  expect(spread([10, 80], 15, 0, 100)).toEqual([10, 80])
})
