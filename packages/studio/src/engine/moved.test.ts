import { expect, test } from 'vitest'
import { moved } from './moved.ts'

test('rows move by columns, and what comes in is black', () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6)
  expect([...moved(pixels, [1, 2, 3], 1)]).toEqual([0, 1, 2, 0, 4, 5])
  expect([...moved(pixels, [1, 2, 3], -2)]).toEqual([3, 0, 0, 6, 0, 0])
  expect([...moved(pixels, [1, 2, 3], 0)]).toEqual([...pixels])
})
