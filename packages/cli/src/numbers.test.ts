import { expect, test } from 'vitest'
import { bytes, clock, count, duration, loss, percent } from './numbers.ts'

test('thousands are grouped, whatever the locale of the machine', () => {
  expect([0, 999, 62006, 13412.7].map(count)).toEqual(['0', '999', '62,006', '13,413'])
})

test('shares are percentages, and what is no number is a dash', () => {
  expect(percent(0.99117)).toBe('99.12 %')
  expect(percent(1, 0)).toBe('100 %')
  expect(percent(Number.NaN)).toBe('–')
})

test('tiny and huge losses are powers of ten, and a diverged one says so', () => {
  expect([0, 0.0812, 2.4026, 1.5e-5, 31234, Number.NaN].map(loss)).toEqual([
    '0.0000',
    '0.0812',
    '2.4026',
    '1.50e-5',
    '3.12e+4',
    'NaN',
  ])
})

test('times are clocks', () => {
  expect([0, 59.6, 75, 3725].map(clock)).toEqual(['0:00', '1:00', '1:15', '1:02:05'])
  expect([4.26, 75].map(duration)).toEqual(['4.3 s', '1:15'])
})

test('memory is in powers of 1024', () => {
  expect([40, 18816, 5 * 1024 ** 2].map(bytes)).toEqual(['40 B', '18.4 KiB', '5.0 MiB'])
})
