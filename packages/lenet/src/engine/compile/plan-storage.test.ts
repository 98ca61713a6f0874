// Where tensors lie: beside each other in memory, and not on each other's toes in the cache.
import { expect, test } from 'vitest'
import { loadsIn } from '../../equation/bound.ts'
import { isOverEdge } from '../../equation/reach.ts'
import { derive } from '../../equation/variable.ts'
import { conv2d, linear, relu, view } from '../../layers/index.ts'
import { model } from '../../model/model.ts'
import { planPrediction } from '../../model/plan.ts'
import { planStorage } from './plan-storage.ts'

const options = { firstByte: 0, lanes: { samples: 4, across: 1 }, nearBytes: 0 }

test('planes that would fall on the same sets of a cache lie a line further apart', () => {
  const net = model([1, 17, 16], {
    conv: conv2d({ out: 3, kernel: [2, 1] }),
    act: relu(),
    next: conv2d({ out: 2, kernel: [2, 1] }),
  })
  const { program, values } = planPrediction(net, 'float32')
  const { places, blockBytes } = planStorage(program, options)
  const strideOf = (entry: string) => places.get(values.get(entry)!)!.strides[0]
  expect(strideOf('act')).toBe(16 * 16 * 16 + 64)
  expect(strideOf('next')).toBe(15 * 16 * 16)
  const [act, next] = ['act', 'next'].map((entry) => places.get(values.get(entry)!)!)
  expect(act!.bytes).toBe(3 * (16 * 16 * 16 + 64))
  expect(act!.start < next!.start ? act!.start + act!.bytes : next!.start + next!.bytes).toBeLessThanOrEqual(
    Math.max(act!.start, next!.start),
  )
  expect(Math.max(act!.start + act!.bytes, next!.start + next!.bytes)).toBeLessThanOrEqual(blockBytes)
})

test('what is read under another shape as well has no gaps', () => {
  const net = model([1, 17, 16], { conv: conv2d({ out: 3, kernel: [2, 1] }), flat: view(-1, 768), fc: linear(2) })
  const { program, values } = planPrediction(net, 'float32')
  const { places } = planStorage(program, options)
  expect(places.get(values.get('flat')!)!.start).toBe(places.get(values.get('conv')!)!.start)
  expect(places.get(values.get('conv')!)!.strides[0]).toBe(16 * 16 * 16)
})

test('a tensor beyond whose edges readers want different numbers is refused', () => {
  const { program } = planPrediction(model([1, 4, 4], { conv: conv2d({ out: 1, kernel: 3, padding: 1 }) }), 'float32')
  const step = program.sample.find(({ equation }) =>
    loadsIn(equation.value).some((access) => access.tensor.kind === 'sample' && isOverEdge(access, equation.axes)),
  )!
  const tensor = derive(step.equation.target.tensor, 'part')
  const target = { ...step.equation.target, tensor }
  const other = { equation: { ...step.equation, target, outside: Number.NEGATIVE_INFINITY }, onto: false }
  const twice = { ...program, tensors: [...program.tensors, tensor], sample: [...program.sample, other] }
  expect(() => planStorage(twice, options)).toThrow("tensor 'input.y' has two borders")
})
