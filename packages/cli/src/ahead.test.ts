import { expect, test } from 'vitest'
import { ahead } from './ahead.ts'

test('results come in order, each once, and only so many are begun before they are wanted', async () => {
  const items = Array.from({ length: 20 }, (_, at) => at)
  let [begun, taken, most] = [0, 0, 0]
  const found: (readonly [number, number])[] = []
  const work = async (item: number) => {
    begun++
    most = Math.max(most, begun - taken)
    await new Promise((resolve) => setTimeout(resolve, (item * 7) % 5))
    return item * item
  }
  for await (const pair of ahead(items, 4, work)) {
    taken++
    found.push(pair)
  }
  expect(found).toEqual(items.map((item) => [item, item * item]))
  expect(begun).toBe(20)
  expect(most).toBe(4)
})
