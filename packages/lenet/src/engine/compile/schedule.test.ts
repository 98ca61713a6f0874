// When samples meet: at the end of a tile, or as soon as a gradient is complete.
import { expect, test } from 'vitest'
import { conv2d, crossEntropy, linear, relu, view } from '../../layers/index.ts'
import { model, parametersOf } from '../../model/model.ts'
import { planTraining } from '../../model/plan.ts'
import { planUpdate } from '../../optimizers/optimizer.ts'
import { sgd } from '../../optimizers/sgd.ts'
import { sizeOf } from '../program.ts'
import { lowerProgram } from './loops.ts'
import { planStorage } from './plan-storage.ts'
import { wasmCosts } from './tile.ts'

const net = model([1, 8, 8], {
  conv1: conv2d({ out: 2, kernel: 3, padding: 1 }),
  act1: relu(),
  conv2: conv2d({ out: 3, kernel: 3, padding: 1 }),
  act2: relu(),
  flat: view(-1, 192),
  fc: linear(4),
})
const size = parametersOf(net).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
const { program } = planTraining(net, 'uint8', {
  loss: crossEntropy(),
  labelSmoothing: 0,
  update: planUpdate(sgd({ lr: 0.1 }), size),
})
const planned = (nearBytes: number) =>
  planStorage(program, { firstByte: 0, lanes: { samples: 4, across: 1 }, nearBytes })
const targets = (nearBytes: number) =>
  planned(nearBytes).schedule.map(({ units }) => units.map(([step]) => step!.equation.target.tensor.name))

test('a small tile meets at its end', () => {
  expect(targets(2 ** 40)).toEqual([
    ['d_fc.weight', 'd_fc.bias', 'd_conv2.weight', 'd_conv2.bias', 'd_conv1.weight', 'd_conv1.bias'],
  ])
})

test('in a large tile each gradient meets right after its layer, and memory is given back', () => {
  const early = targets(0)
  expect(early.map((names) => names.toSorted())).toEqual([
    ['d_fc.bias', 'd_fc.weight'],
    ['d_conv2.bias', 'd_conv2.weight'],
    ['d_conv1.bias', 'd_conv1.weight'],
  ])
  expect(planned(0).blockBytes).toBeLessThan(planned(2 ** 40).blockBytes)
})

test.each([0, 2 ** 40])('every kernel runs once, in order, where a tile of %i bytes is near', (near) => {
  const { sample, meet, segments } = lowerProgram(planned(near), wasmCosts(false))
  expect(segments.flatMap((segment) => segment.sample)).toEqual([...sample.keys()])
  expect(segments.flatMap(({ units }) => units.flat())).toEqual([...meet.keys()])
  expect(meet.length).toBe(program.meet.length)
})
