import { expect, test } from 'vitest'
import { decimals, niceStep, ticks } from './axis.ts'

test('steps are 1, 2 or 5 times a power of ten', () => {
  expect([0.00031, 0.07, 0.1, 1, 3, 6, 1234].map(niceStep)).toEqual([0.0005, 0.1, 0.1, 1, 5, 10, 2000])
})

test('ticks enclose the range and are round numbers', () => {
  expect(ticks(0, 0.23, 6).values).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25])
  expect(ticks(0.931, 0.992, 6).values).toEqual([0.92, 0.94, 0.96, 0.98, 1])
  expect(ticks(1, 10, 8).values).toEqual([0, 2, 4, 6, 8, 10])
})

test('a range of no length still gives an axis', () => {
  const { values } = ticks(0.5, 0.5, 6)
  expect(values[0]).toBeLessThanOrEqual(0.5)
  expect(values.at(-1)).toBeGreaterThan(values[0]!)
  expect(ticks(0, 0, 6).values.length).toBeGreaterThan(1)
})

test('a tick has as many decimals as tell it from its neighbour', () => {
  expect([0.0005, 0.02, 0.1, 1, 50].map(decimals)).toEqual([4, 2, 1, 0, 0])
})
