// Where a training step spends its time: every kernel alone on one tile of samples, and whole steps beside it.
import { createMachine, type EngineOptions } from '../engine/create-machine.ts'
import { isMeasurable, type MeasurableMachine } from '../engine/measurable.ts'
import { type Program, sizeOf, TILE } from '../engine/program.ts'
import { UsageError } from '../errors.ts'
import { crossEntropy } from '../layers/index.ts'
import { initialise } from '../model/initialise.ts'
import { type Net, parametersOf } from '../model/model.ts'
import { planTraining, type TrainingPlan, writeWeights } from '../model/plan.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import { createRandom } from '../random/random.ts'
import { operationsOf } from './kernel-cost.ts'

export interface KernelMeasurement {
  readonly layer: string
  /** The equation; others may be computed with it. */
  readonly text: string
  readonly fused: number
  /** Arithmetic for one sample. */
  readonly operations: number
  /** Seconds for one sample, on one thread. */
  readonly seconds: number
}

export interface StepMeasurement {
  readonly kernels: readonly KernelMeasurement[]
  /** Seconds of a whole step for one sample: the kernels, samples brought in and out, the optimizer. */
  readonly seconds: number
}

const BATCH = 16 * TILE
const TURNS = 9
/** Seconds of one kernel's turn, and of whole steps before anything counts: compilers need to see code run. */
const TURN = 0.004
const WARM = 0.5

/**
 * Measures the kernels of a training step with cross entropy and momentum, on random images and one thread.
 * @throws UsageError for the reference, which has no kernels.
 */
export async function measureKernels(net: Net, options: EngineOptions = {}): Promise<StepMeasurement> {
  const plan = planStep(net)
  const machine = await createMachine(plan.program, BATCH, { ...options, threads: 1 })
  if (!isMeasurable(machine)) throw new UsageError('engine reference: it has no kernels', "use engine 'wasm'")
  try {
    fill(machine, net, plan)
    const run = (steps: number): void => {
      for (let step = 0; step < steps; step++) {
        machine.start(BATCH)
        machine.finish()
      }
    }
    for (const until = performance.now() + WARM * 1000; performance.now() < until; ) run(1)
    return { kernels: measureEach(machine, plan.program), seconds: medianSeconds(run) / BATCH }
  } finally {
    machine.close()
  }
}

function planStep(net: Net): TrainingPlan {
  const size = parametersOf(net).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const update = planUpdate(sgd({ lr: 0.001, momentum: 0.9 }), size)
  return planTraining(net, 'uint8', { loss: crossEntropy(), labelSmoothing: 0, update })
}

function fill(machine: MeasurableMachine, net: Net, plan: TrainingPlan): void {
  const random = createRandom(1, 'noise')
  const classes = sizeOf(net.entries.at(-1)!.output)
  writeWeights(machine, plan, initialise(net, 1))
  for (const [name, value] of Object.entries(sgd({ lr: 0.001, momentum: 0.9 }).settings(0.001, [])))
    machine.write(plan.program.update!.settings.get(name)!, [value])
  const channels = net.input.length === 3 ? net.input[0]! : 1
  machine.write(plan.scale, new Float32Array(channels).fill(1 / 64))
  machine.write(plan.shift, new Float32Array(channels).fill(-2))
  machine.write(plan.weight, [1 / BATCH])
  const pixels = machine.input(plan.pixels)
  for (let at = 0; at < pixels.length; at++) pixels[at] = random() * 256
  const labels = machine.input(plan.label)
  for (let at = 0; at < labels.length; at++) labels[at] = Math.floor(random() * classes)
}

function measureEach(machine: MeasurableMachine, program: Program): KernelMeasurement[] {
  return machine.kernels.map((kernel, number) => ({
    layer: kernel.layer,
    text: kernel.text,
    fused: kernel.stores.length - 1,
    operations: operationsOf(kernel, program),
    seconds: medianSeconds((times) => machine.runKernel(number, times)) / TILE,
  }))
}

/** Seconds of one time. */
function medianSeconds(work: (times: number) => void): number {
  const seconds = (times: number): number => {
    const began = performance.now()
    work(times)
    return (performance.now() - began) / 1000
  }
  let times = 1
  while (seconds(times) < TURN / 2) times *= 2
  const turns = Array.from({ length: TURNS }, () => seconds(times) / times)
  return turns.toSorted((a, b) => a - b)[TURNS >> 1]!
}
