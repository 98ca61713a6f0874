// Layers of one's own that use the language to its edges: the same bits on every engine, and the gradient of the function.
import { expect, test } from 'vitest'
import { createMachineNow } from '../engine/create-machine.ts'
import { sizeOf } from '../engine/program.ts'
import { referenceMachine } from '../engine/reference.ts'
import { threadedWasmMachine, wasmMachine } from '../engine/wasm/machine.ts'
import { add, conv2d, crossEntropy, linear, maxPool2d, relu, tanh, view } from '../layers/index.ts'
import { from, type Layer, type LayerDefinition } from '../layers/layer.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import type { Shape } from '../tensor.ts'
import {
  compareSlopes,
  differences,
  type EntryProgram,
  entryOf,
  entryProgram,
  fillEntry,
  runOnce,
} from '../testing/entry-program.ts'
import { nativeMachinesHere } from '../testing/native-machines.ts'
import { tolerances } from '../testing/tolerances.ts'
import { initialise } from './initialise.ts'
import { model, parametersOf } from './model.ts'
import { planTraining, writeWeights } from './plan.ts'

interface Odd {
  readonly title: string
  readonly inputs: readonly Shape[]
  readonly output: Shape
  readonly parameters?: Readonly<Record<string, Shape>>
  readonly constants?: Readonly<Record<string, readonly number[]>>
  readonly equations: readonly string[]
}

const odd: readonly Odd[] = [
  {
    title: 'a kernel that is read backwards',
    inputs: [[2, 9]],
    output: [3, 7],
    parameters: { weight: [3, 2, 3] },
    equations: ['y[o,i] += weight[o,c,2-u] * x[c,i+u]  (u < 3)'],
  },
  {
    title: 'a long row that is read backwards',
    inputs: [[3000]],
    output: [3000],
    parameters: { weight: [3000] },
    equations: ['y[i] = x[size(i)-1-i] * weight[size(i)-1-i]'],
  },
  {
    title: 'a weight for each distance',
    inputs: [[6]],
    output: [6],
    parameters: { weight: [11] },
    equations: ['y[i] += weight[i-j+5] * x[j]  (i < 6)'],
  },
  {
    title: 'positions as numbers',
    inputs: [[3, 4]],
    output: [3, 4],
    equations: ['y[i,j] = x[i,j] + (4 * i + j) * 0.125'],
  },
  {
    title: 'a mask that sets',
    inputs: [[4]],
    output: [4],
    constants: { mask: [1, 0, 1, 0] },
    equations: ['y[i] = mask[i] * x[i]'],
  },
  {
    title: 'a mask that is added onto a bias',
    inputs: [[4]],
    output: [4],
    parameters: { bias: [4] },
    constants: { mask: [0, 2, 0, 1] },
    equations: ['y[i] = bias[i]', 'y[i] += mask[i] * x[i]'],
  },
  {
    title: 'two masks of one sum',
    inputs: [[3, 4]],
    output: [3],
    constants: { rows: [1, 0, 1], columns: [0, 1, 1, 0.5] },
    equations: ['y[i] += rows[i] * x[i,j] * columns[j]'],
  },
  {
    title: 'a maximum that may have no term',
    inputs: [[4, 3]],
    output: [4],
    constants: { mask: [1, 0, 1, 0] },
    equations: ['y[i] max= mask[i] * x[i,j]'],
  },
  {
    title: 'a maximum of weighted values whose first terms are switched off',
    inputs: [[3, 4]],
    output: [3],
    parameters: { weight: [4] },
    constants: { mask: [0, 1, 0, 2] },
    equations: ['y[i] max= mask[j] * weight[j] * x[i,j]'],
  },
  {
    title: 'parts side by side',
    inputs: [
      [2, 3],
      [3, 3],
    ],
    output: [5, 3],
    equations: ['y[c+0,i] = x[c,i]', 'y[d+2,i] = other[d,i]'],
  },
  {
    title: 'parts in turn',
    inputs: [[5]],
    output: [10],
    equations: ['y[2*i] = x[i]', 'y[2*i+1] = -x[i]'],
  },
  {
    title: 'a part that is added to what is set',
    inputs: [[6]],
    output: [6],
    equations: ['y[i] = x[i]', 'y[j+2] += 2 * x[j+0]  (j < 3)'],
  },
  {
    title: 'a function of what is added to afterwards',
    inputs: [[6]],
    output: [6],
    parameters: { bias: [6], weight: [6, 6] },
    equations: ['y[i] = tanh(bias[i])', 'y[i] += weight[i,j] * x[j]'],
  },
  {
    title: 'a maximum and a sum that look over the same edge',
    inputs: [[9]],
    output: [9],
    equations: ['m[i] max= x[i+u-1]  (u < 3)', 's[i] += x[i+v-1]  (v < 3)', 'y[i] = m[i] + s[i]'],
  },
  {
    title: 'a maximum over the edge of what was scattered',
    inputs: [[4]],
    output: [9],
    parameters: { weight: [3] },
    equations: ['t[2*i+u] += weight[u] * x[i]', 'y[j] max= t[j+v-1]  (v < 3)'],
  },
  {
    title: 'parts of one parameter, one after the other',
    inputs: [[3]],
    output: [6],
    parameters: { weight: [6] },
    equations: ['y[i+0] = weight[i+0] * x[i]', 'y[i+3] = weight[i+3] * tanh(x[i])'],
  },
  {
    title: 'a diagonal, and a name that looks like a gradient',
    inputs: [[5, 5]],
    output: [5],
    equations: ['d_x[i] = 2 * x[i,i]', 'y[i] = d_x[i]'],
  },
]

function programOf({ inputs, output, parameters = {}, constants = {}, equations }: Odd): EntryProgram {
  const definition: LayerDefinition = {
    name: 'odd',
    summary: '',
    options: {},
    inputs: ['x', 'other'].slice(0, inputs.length),
    output: () => output,
    parameters: () => Object.fromEntries(Object.entries(parameters).map(([name, shape]) => [name, { shape, fan: 1 }])),
    constants: () =>
      Object.fromEntries(
        Object.entries(constants).map(([name, values]) => [
          name,
          { shape: [values.length], data: Float32Array.from(values) },
        ]),
      ),
    equations,
    examples: [],
  }
  return entryProgram(entryOf(definition, {}, inputs))
}

test.each(odd)('$title: the same bits on every engine, alone and in a batch', async (one) => {
  const drawn = programOf(one)
  for (const samples of [1, 21]) {
    const reference = referenceMachine(drawn.program, samples)
    const others = [
      wasmMachine(drawn.program, samples),
      await threadedWasmMachine(drawn.program, samples, 2),
      ...nativeMachinesHere(drawn.program, samples, [1]),
    ]
    for (const machine of [reference, ...others]) {
      fillEntry(machine, drawn, samples)
      // A second step finds what the first has left behind.
      for (let step = 0; step < 2; step++) runOnce(machine, samples)
    }
    for (const machine of others) {
      expect(differences(drawn, reference, machine, samples)).toEqual([])
      machine.close()
    }
  }
})

test.each(odd)('$title: the gradient of its function', (one) => {
  const drawn = programOf(one)
  const machine = referenceMachine(drawn.program, 1, 'float64')
  fillEntry(machine, drawn, 1)
  const { derived, measured } = compareSlopes(machine, drawn)
  expect(Math.abs(measured - derived)).toBeLessThan(tolerances.finiteDifference * Math.max(1, Math.abs(derived)))
})

test('what is switched off is +0: a sum, a maximum, an element that is set', () => {
  for (const equation of ['y[i] += mask[i] * x[i]', 'y[i] max= mask[i] * x[i]', 'y[i] = mask[i] * x[i]']) {
    const drawn = programOf({
      title: '',
      inputs: [[2]],
      output: [2],
      constants: { mask: [0, 1] },
      equations: [equation],
    })
    for (const machine of [referenceMachine(drawn.program, 1), wasmMachine(drawn.program, 1)]) {
      machine.input(drawn.inputs[0]!).set([Number.POSITIVE_INFINITY, 3])
      runOnce(machine, 1)
      expect([...machine.output(drawn.output)]).toEqual([0, 3])
    }
  }
})

/** Two steps of training: the losses, and what the weights have become. */
function trainTwice(layers: Readonly<Record<string, Layer>>, input: Shape, engine: 'reference' | 'wasm') {
  const net = model(input, layers)
  const size = parametersOf(net).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const update = planUpdate(sgd({ lr: 0.1, momentum: 0.5 }), size)
  const plan = planTraining(net, 'float32', { loss: crossEntropy(), labelSmoothing: 0, update })
  const machine = createMachineNow(plan.program, 5, { engine })
  writeWeights(machine, plan, initialise(net, 3))
  machine.write(plan.scale, new Float32Array(input[0]!).fill(1))
  machine.write(plan.weight, [0.2])
  for (const [name, value] of Object.entries(sgd({ momentum: 0.5 }).settings(0.1, [])))
    machine.write(update.settings.get(name)!, [value])
  const pixels = machine.input(plan.pixels)
  for (let at = 0; at < pixels.length; at++) pixels[at] = Math.sin(at * 1.7)
  machine.input(plan.label).set([0, 1, 2, 0, 1])
  const losses: number[] = []
  for (let step = 0; step < 2; step++) {
    runOnce(machine, 5)
    losses.push(...machine.output(plan.loss).slice(0, 5))
  }
  return { losses, weights: [...machine.read(update.parameters)] }
}

test.each(['loss', 'target', 'label', 'pixels', 'scores', 'd_conv', 'weight', 'p', 'g'])(
  "an entry may be called '%s': training is what it is under any other name",
  (name) => {
    const layers = (called: string) => ({
      conv: conv2d({ out: 2, kernel: 3 }),
      [called]: tanh(),
      flat: view(-1, 32),
      fc: linear(3),
    })
    for (const engine of ['reference', 'wasm'] as const)
      expect(trainTwice(layers(name), [1, 6, 6], engine)).toEqual(trainTwice(layers('act'), [1, 6, 6], engine))
  },
)

test('a padded maximum beside a padded convolution: numbers, and the same on both engines', () => {
  const layers = {
    stem: conv2d({ out: 2, kernel: 1 }),
    pool: from(['stem'], maxPool2d({ kernel: 3, stride: 1, padding: 1 })),
    conv: from(['stem'], conv2d({ out: 2, kernel: 3, padding: 1 })),
    sum: from(['pool', 'conv'], add()),
    act: relu(),
    flat: view(-1, 50),
    fc: linear(3),
  }
  const reference = trainTwice(layers, [1, 5, 5], 'reference')
  expect(reference.losses.every(Number.isFinite)).toBe(true)
  expect(trainTwice(layers, [1, 5, 5], 'wasm')).toEqual(reference)
})

test('windows with gaps beside another reader: what no window sees is cleared at every step', () => {
  const layers = {
    stem: conv2d({ out: 2, kernel: 1 }),
    pool: from(['stem'], maxPool2d({ kernel: 2, stride: 3, padding: 1 })),
    flat: view(-1, 8),
    left: linear(3),
    all: from(['stem'], view(-1, 32)),
    right: linear(3),
    sum: from(['left', 'right'], add()),
  }
  expect(trainTwice(layers, [1, 4, 4], 'wasm')).toEqual(trainTwice(layers, [1, 4, 4], 'reference'))
})
