// Where tensors lie: beside each other in memory, and not on each other's toes in the cache.
import { expect, test } from 'vitest'
import { conv2d, linear, relu, view } from '../../layers/index.ts'
import { model } from '../../model/model.ts'
import { planPrediction } from '../../model/plan.ts'
import { planStorage } from './storage.ts'

const lanes = { samples: 4, across: 1 }

test('planes that would fall on the same sets of a cache lie a line further apart', () => {
  const net = model([1, 17, 16], {
    conv: conv2d({ out: 3, kernel: [2, 1] }),
    act: relu(),
    next: conv2d({ out: 2, kernel: [2, 1] }),
  })
  const { program, values } = planPrediction(net, 'float32')
  const { places, blockBytes } = planStorage(program, 0, lanes)
  const strideOf = (entry: string) => places.get(values.get(entry)!)!.strides[0]
  expect(strideOf('act')).toBe(16 * 16 * 16 + 64)
  expect(strideOf('next')).toBe(15 * 16 * 16)
  const taken = [...places]
    .filter(([{ kind }]) => kind === 'sample')
    .map(([, { start, bytes }]) => [start, start + bytes])
  taken.sort(([a], [b]) => a! - b!)
  for (const [at, [start]] of taken.entries()) if (at > 0) expect(start).toBeGreaterThanOrEqual(taken[at - 1]![1]!)
  expect(taken.at(-1)![1]).toBeLessThanOrEqual(blockBytes)
})

test('what is read under another shape as well has no gaps', () => {
  const net = model([1, 17, 16], { conv: conv2d({ out: 3, kernel: [2, 1] }), flat: view(-1, 768), fc: linear(2) })
  const { program, values } = planPrediction(net, 'float32')
  const { places, roots } = planStorage(program, 0, lanes)
  expect(roots.get(values.get('flat')!)).toBe(values.get('conv'))
  expect(places.get(values.get('conv')!)!.strides[0]).toBe(16 * 16 * 16)
})
