// Equations at the corners of the passes: the reference's bits on every engine.
import { expect, test } from 'vitest'
import { fanIn, type LayerDefinition } from '../layers/layer.ts'
import { nativeMachine } from '../node/native-engine.ts'
import { differences, type EntryProgram, entryOf, entryProgram, fillEntry, runOnce } from '../testing/entry-program.ts'
import { hasCompiler } from '../testing/native-machines.ts'
import type { Machine } from './program.ts'
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
