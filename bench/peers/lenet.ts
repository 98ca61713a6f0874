// We: a step as training does it, from bytes, or a prediction from floats; the next batch is copied in while this one is
// computed.
//   node bench/peers/lenet.ts training|inference BATCH THREADS native|wasm strict|fast CHANNELS SIZE WIDTH
import { createMachine, type EngineName } from '../../packages/lenet/src/engine/create-machine.ts'
import { type Machine, sizeOf } from '../../packages/lenet/src/engine/program.ts'
import { crossEntropy } from '../../packages/lenet/src/layers/index.ts'
import { type Net, parametersOf } from '../../packages/lenet/src/model/model.ts'
import {
  type Plan,
  planPrediction,
  planTraining,
  type TrainingPlan,
  writeWeights,
} from '../../packages/lenet/src/model/plan.ts'
import '../../packages/lenet/src/node/native-engine.ts'
import { initialise } from '../../packages/lenet/src/model/initialise.ts'
import { planUpdate } from '../../packages/lenet/src/optimizers/optimizer.ts'
import { sgd } from '../../packages/lenet/src/optimizers/sgd.ts'
import { createRandom } from '../../packages/lenet/src/random/random.ts'
import { benchNet } from '../net.ts'
import { serve, type Work } from './serve.ts'

const optimizer = sgd({ lr: 0.001, momentum: 0.9 })
const random = createRandom(1, 'noise')

const floats = (length: number, value: () => number): Float32Array => Float32Array.from({ length }, value)

function planFor(net: Net, mode: Work['mode']): Plan & Partial<TrainingPlan> {
  if (mode === 'inference') return planPrediction(net, 'float32')
  const size = parametersOf(net).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  return planTraining(net, 'uint8', { loss: crossEntropy(), labelSmoothing: 0, update: planUpdate(optimizer, size) })
}

function prepare(machine: Machine, net: Net, plan: Plan & Partial<TrainingPlan>, { mode, batch }: Work): void {
  writeWeights(machine, plan, initialise(net, 1))
  const channels = net.input[0]!
  machine.write(plan.scale, new Float32Array(channels).fill(mode === 'inference' ? 1 : 1 / 128))
  if (mode === 'inference') return
  machine.write(plan.shift, new Float32Array(channels).fill(-1))
  machine.write(plan.weight!, [1 / batch])
  for (const [name, value] of Object.entries(optimizer.settings(0.001, [])))
    machine.write(plan.program.update!.settings.get(name)!, [value])
}

await serve(async (work) => {
  const { mode, batch, threads, rest } = work
  const [engine, arithmetic, ...shape] = rest
  const net = benchNet(...(shape.map(Number) as [number, number, number]))
  const plan = planFor(net, mode)
  const fast = arithmetic === 'fast'
  const machine = await createMachine(plan.program, batch, { engine: engine as EngineName, threads, fast })
  if (machine.threads !== threads) throw new Error(`engine ${engine} has no ${threads} threads here`)
  prepare(machine, net, plan, work)
  const size = batch * sizeOf(net.input)
  const images =
    mode === 'inference'
      ? floats(size, () => random() * 2 - 1)
      : Uint8Array.from({ length: size }, () => Math.floor(random() * 256))
  const labels = floats(batch, () => Math.floor(random() * 10))
  const feed = (slot: 0 | 1): void => {
    machine.input(plan.pixels, slot).set(images)
    if (mode === 'training') machine.input(plan.label!, slot).set(labels)
  }
  let slot: 0 | 1 = 0
  let read = 0
  feed(slot)
  return {
    version: process.versions.node,
    step: () => {
      machine.start(batch, slot)
      slot = slot === 0 ? 1 : 0
      feed(slot)
      machine.finish()
      read += machine.output(plan.scores)[0]!
      if (Number.isNaN(read)) throw new Error('lenet: a score is no number')
    },
  }
})
