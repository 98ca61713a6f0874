// Equations at the corners of the passes: the reference's bits on every engine.
import { expect, test } from 'vitest'
import { conv2d, crossEntropy, linear, view } from '../layers/index.ts'
import { fanIn, type LayerDefinition } from '../layers/layer.ts'
import { initialise } from '../model/initialise.ts'
import { model, parametersOf } from '../model/model.ts'
import { planTraining, writeWeights } from '../model/plan.ts'
import { nativeMachine } from '../node/native-engine.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import { differences, type EntryProgram, entryOf, entryProgram, fillEntry, runOnce } from '../testing/entry-program.ts'
import { hasCompiler } from '../testing/native-machines.ts'
import { type Machine, sizeOf } from './program.ts'
import { referenceMachine } from './reference.ts'
import { threadedWasmMachine, wasmMachine } from './wasm/machine.ts'

type Own = Pick<LayerDefinition, 'equations'> & { readonly weight: readonly number[]; readonly y: readonly number[] }

const layerOf = (x: readonly number[], { equations, weight, y }: Own): EntryProgram =>
  entryProgram(
    entryOf(
      {
        name: 'own',
        summary: 'Only here.',
        options: {},
        output: () => y,
        parameters: () => ({ weight: fanIn(weight, 1) }),
        equations,
        examples: [],
      },
      {},
      [x],
    ),
  )

function bitsOf(one: EntryProgram, samples: number, machine: Machine): string[] {
  const reference = referenceMachine(one.program, samples)
  for (const each of [reference, machine]) {
    fillEntry(each, one, samples)
    runOnce(each, samples)
  }
  const different = differences(one, reference, machine, samples)
  machine.close()
  return different
}

test.each([
  ['elements that are added twice', { equations: ['y[0+a] += s[0+a]  (a < 3, b < 2)'], y: [6] }],
  ['sums that overlap', { equations: ['y[0+a+b] += s[0+a+b]  (a < 3, b < 2)'], y: [6] }],
])('a copy of %s is no view', (_, { equations, y }) => {
  const one = layerOf([4], { equations: ['s[k] += x[i] * weight[i,k]', ...equations], weight: [4, 6], y })
  expect(bitsOf(one, 3, wasmMachine(one.program, 3))).toEqual([])
})

// One reads the weight forwards, the other backwards: their gradients begin at different elements of one tensor.
const turned = layerOf([6], {
  equations: ['y[i] += weight[u] * x[i+u]', 'y[i] += weight[2-u] * (x[i+u] * x[i+u])  (u < 3)'],
  weight: [3],
  y: [4],
})

test('threads that share one tile add up all gradients of a tensor, wherever they begin', async () => {
  expect(bitsOf(turned, 16, await threadedWasmMachine(turned.program, 16, 2))).toEqual([])
})

test.runIf(hasCompiler)('so do threads of machine code', async () => {
  const machine = await nativeMachine(turned.program, 16, { lanes: 4, threads: 2, optimisation: 1 })
  expect(bitsOf(turned, 16, machine)).toEqual([])
})

// The stride of the second convolution scatters its gradient beyond the edges of what the first one would gather from.
const strided = model([2, 9, 9], {
  a: conv2d({ out: 3, kernel: 3, padding: 1 }),
  b: conv2d({ out: 4, kernel: 3, padding: 1 }),
  c: conv2d({ out: 3, kernel: 3, stride: 2, padding: 1 }),
  flat: view(-1, 75),
  fc: linear(3),
})

test('a gradient finds zeros beyond the edges of the one that it is gathered from', () => {
  const size = parametersOf(strided).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const update = planUpdate(sgd({ lr: 0.1 }), size)
  const plan = planTraining(strided, 'float32', { loss: crossEntropy(), labelSmoothing: 0, update })
  const gradients = [referenceMachine(plan.program, 5), wasmMachine(plan.program, 5)].map((machine) => {
    writeWeights(machine, plan, initialise(strided, 1))
    machine.write(plan.scale, [1, 1])
    machine.write(plan.weight, [1])
    const pixels = machine.input(plan.pixels)
    pixels.set(Float32Array.from(pixels, (_, at) => Math.fround(((at * 37) % 101) / 50 - 1)))
    for (let step = 0; step < 2; step++) runOnce(machine, 5)
    return [...plan.gradients.values()].map((gradient) => machine.read(gradient))
  })
  expect(gradients[1]).toEqual(gradients[0])
})
