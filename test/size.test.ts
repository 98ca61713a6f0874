import { expect, test } from 'vitest'
import { budgets, bundleSize } from './size.ts'

test.each(budgets)('$name: the bundle for a page is within its budget', async ({ code, most }) => {
  const bytes = await bundleSize(code)
  expect(bytes).toBeLessThanOrEqual(most)
  // A budget far above what is needed checks nothing.
  expect(bytes).toBeGreaterThan(0.9 * most)
})
