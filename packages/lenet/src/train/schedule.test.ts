import { expect, test } from 'vitest'
import { constant, cosine, lecun1998, oneCycle, scheduleNamed, stepwise } from './schedule.ts'

test('the cosine schedule is a cosine, to the last digits', () => {
  for (let step = 0; step <= 100; step++) {
    const exact = (1 + Math.cos((Math.PI * step) / 100)) / 2
    // Eleven terms of the series leave less than 1e-15 of an argument of π/2.
    expect(Math.abs(cosine().factor(step, 100, 0) - exact)).toBeLessThan(1e-14)
  }
})

test('one cycle starts at 1/25, peaks where warming ends, and comes down to nothing', () => {
  const { factor } = oneCycle({ warm: 0.25 })
  expect(factor(0, 100, 0)).toBeCloseTo(0.04, 12)
  expect(factor(25, 100, 0)).toBeCloseTo(1, 12)
  expect(factor(100, 100, 0)).toBeCloseTo(0, 12)
})

test('stepwise multiplies after every so many epochs; constant stays', () => {
  const { factor } = stepwise({ every: 2, gamma: 0.1 })
  expect([0, 1, 2, 3, 4].map((epoch) => factor(0, 1, epoch))).toEqual([1, 1, 0.1, 0.1, 0.1 * 0.1])
  expect(constant().factor(5, 9, 2)).toBe(1)
})

test('the rates of 1998 over twenty epochs, and stretched over sixty', () => {
  const rates = (epochs: number, each: readonly number[]) =>
    each.map((epoch) => 0.0005 * lecun1998().factor(epoch * 60_000, epochs * 60_000, epoch))
  const published = [0.0005, 0.0002, 0.0002, 0.0001, 0.0001, 0.00005, 0.00005, 0.00001, 0.00001]
  for (const [epochs, each] of [
    [20, [1, 2, 4, 5, 7, 8, 11, 12, 19]],
    [60, [5, 6, 14, 15, 23, 24, 35, 36, 59]],
  ] as const)
    rates(epochs, each).forEach((rate, at) => void expect(rate).toBeCloseTo(published[at]!, 12))
})

test('an unknown schedule lists the known ones', () => {
  expect(() => scheduleNamed('sine')).toThrow("there is no schedule 'sine'; there is constant, step, cosine, one-cycle")
})
