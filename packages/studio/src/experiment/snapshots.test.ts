import { expect, test } from 'vitest'
import { type Kept, keep, LIMIT, nothingKept, type Timed, upTo } from './snapshots.ts'

const run = (count: number, single = false) => {
  let kept: Kept<Timed> = nothingKept
  for (let id = 0; id < count; id++) kept = keep(kept, { id, progress: id / 10, single })
  return kept
}

test('few moments are all kept, many are thinned evenly, with the first and the last', () => {
  expect(run(50).items.length).toBe(50)
  const { items } = run(5000)
  expect(items.length).toBeLessThanOrEqual(LIMIT)
  expect(items.length).toBeGreaterThan(LIMIT / 4)
  expect(items[0]!.id).toBe(0)
  expect(items.at(-1)!.id).toBe(4999)
  const gaps = items.slice(1, -1).map(({ progress }, at) => progress - items[at]!.progress)
  expect(Math.max(...gaps)).toBeLessThan(4 * Math.min(...gaps))
})

test('a single step is kept at its own moment', () => {
  const many = run(5000)
  const one = keep(keep(many, { id: 5000, progress: 500, single: true }), { id: 5001, progress: 500.01, single: true })
  expect(one.items.slice(-2).map(({ id }) => id)).toEqual([5000, 5001])
})

test('going on from a moment drops what came after', () => {
  expect(upTo(run(20), 7).items.at(-1)!.id).toBe(7)
})
