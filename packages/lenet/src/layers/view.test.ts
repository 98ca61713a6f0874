// A view says what it cannot be before anything is computed from it.
import { expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { view } from './view.ts'

test('a view into thousands of axes is refused at once', () => {
  const shape = [-1, ...new Array<number>(60_000).fill(1)]
  const began = performance.now()
  expect(() => view(...shape)).toThrow(UsageError)
  expect(performance.now() - began).toBeLessThan(1000)
})
