// A net whose tensors have borders of several sizes, zeros and −∞, in memory that they share: whole training steps, and
// predictions, have the reference's bits, tile after tile.
import { expect, test } from 'vitest'
import { conv2d, crossEntropy, linear, maxPool2d, relu, view } from '../layers/index.ts'
import { initialise } from '../model/initialise.ts'
import { model, parametersOf } from '../model/model.ts'
import { type Plan, planPrediction, planTraining, type TrainingPlan, writeWeights } from '../model/plan.ts'
import { nativeMachine } from '../node/native-engine.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import { hasCompiler } from '../testing/native-machines.ts'
import { type Machine, sizeOf } from './program.ts'
import { referenceMachine } from './reference.ts'
import { threadedWasmMachine, wasmMachine } from './wasm/machine.ts'

const net = model([2, 13, 11], {
  conv1: conv2d({ out: 4, kernel: 3, padding: 1 }),
  conv2: conv2d({ out: 4, kernel: 3, padding: 1 }),
  // Its gradient is scattered over the edges of what conv2 gives, and conv2's is gathered from there.
  conv3: conv2d({ out: 3, kernel: 3, stride: 2, padding: 1 }),
  pool3: maxPool2d({ kernel: 3, stride: 1, padding: 1 }),
  act3: relu(),
  conv4: conv2d({ out: 3, kernel: 5, padding: 2 }),
  pool4: maxPool2d({ kernel: 2, stride: 1, padding: 1 }),
  conv5: conv2d({ out: 5, kernel: 3, padding: 1 }),
  pool5: maxPool2d({ kernel: 3, padding: 1 }),
  conv6: conv2d({ out: 5, kernel: 3, padding: 1 }),
  flat: view(-1, 45),
  fc: linear(4),
})
const size = parametersOf(net).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
const update = planUpdate(sgd({ lr: 0.1 }), size)
const training = planTraining(net, 'uint8', { loss: crossEntropy(), labelSmoothing: 0, update })
const predicting = planPrediction(net, 'uint8')

/** Two batches, the second in the memory that the first has left behind. */
function bitsOf(machine: Machine, plan: Plan & Partial<TrainingPlan>, samples: number): Int32Array {
  writeWeights(machine, plan, initialise(net, 3))
  machine.write(plan.scale, [0.02, 0.01])
  machine.write(plan.shift, [-2, -1])
  if (plan.weight) machine.write(plan.weight, [1 / samples])
  for (const setting of plan.program.update?.settings.values() ?? []) machine.write(setting, [0.1])
  const numbers: number[] = []
  for (const batch of [1, 2]) {
    const pixels = machine.input(plan.pixels)
    for (let at = 0; at < pixels.length; at++) pixels[at] = (at * 37 * batch + (at >> 3)) & 255
    if (plan.label) machine.input(plan.label).set(Array.from({ length: samples }, (_, at) => (at * batch) % 4))
    machine.start(samples)
    machine.finish()
    numbers.push(...machine.output(plan.scores).slice(0, 4 * samples))
    if (plan.program.update) numbers.push(...machine.read(update.gradients))
  }
  machine.close()
  return new Int32Array(Float32Array.from(numbers).buffer)
}

test.each([1, 6, 35])('%i samples, in wasm', async (samples) => {
  for (const plan of [training, predicting]) {
    const { program } = plan
    const bits = bitsOf(referenceMachine(program, samples), plan, samples)
    expect(new Set(bits).size).toBeGreaterThan(4)
    for (const options of [{}, { nearBytes: 0 }])
      for (const machine of [
        wasmMachine(program, samples, options),
        await threadedWasmMachine(program, samples, 2, options),
      ])
        expect(bitsOf(machine, plan, samples)).toEqual(bits)
  }
})

test.runIf(hasCompiler).each([1, 6, 13])('%i samples, in machine code', (samples) => {
  for (const plan of [training, predicting]) {
    const bits = bitsOf(referenceMachine(plan.program, samples), plan, samples)
    for (const options of [{}, { nearBytes: 0, lanes: 4, threads: 2 }])
      expect(bitsOf(nativeMachine(plan.program, samples, { ...options, optimisation: 1 }), plan, samples)).toEqual(bits)
  }
})
