// One machine that trains: it is fed, computes a step, and is read. While one batch is computed the next is fed.
import type { Feeder } from '../data/batches.ts'
import { createMachine, type EngineOptions } from '../engine/create-machine.ts'
import type { Machine } from '../engine/program.ts'
import type { Reading } from '../layers/layer.ts'
import type { Weights } from '../model/initialise.ts'
import { type TrainingPlan, writeWeights } from '../model/plan.ts'
import { type Normalisation, writeNormalisation } from '../predict/normalisation.ts'
import { bestOf } from '../predict/scores.ts'
import { drawNoise } from './noise.ts'

/** Everything that a training machine starts from. */
export interface StepperParts {
  readonly plan: TrainingPlan
  readonly feeder: Feeder
  readonly seed: number
  readonly classes: number
  readonly reading: Reading
  readonly normalisation: Normalisation
  readonly isBytes: boolean
  readonly weights: Weights
  readonly optimizerState: ReadonlyMap<string, Float32Array>
}

/** Sums over the samples of one step. */
export interface StepResult {
  readonly loss: number
  readonly right: number
  readonly samples: number
}

export interface Stepper {
  /** Brings a step's samples in; the other step's slot may be under computation. */
  feed(epoch: number, step: number): void
  /** Computes a step that was fed, with the optimizer's numbers, and feeds the next. */
  run(epoch: number, step: number, settings: Readonly<Record<string, number>>): StepResult
  readWeights(): Weights
  readState(): Map<string, Float32Array>
  writeState(name: string, values: Float32Array): void
  close(): void
}

export async function createStepper(parts: StepperParts, batch: number, options: EngineOptions): Promise<Stepper> {
  const { plan, feeder, weights, optimizerState } = parts
  const { program } = plan
  const machine = await createMachine(program, batch, options)
  const { state, settings: numbers } = program.update!
  writeWeights(machine, plan, weights)
  for (const [name, values] of optimizerState) machine.write(state.get(name)!, values)
  writeNormalisation(machine, plan, parts.normalisation, parts.isBytes)
  const feed = (epoch: number, step: number): void => {
    const slot = slotOf(step)
    feeder.fill(epoch, step, machine.input(plan.pixels, slot), machine.input(plan.label, slot) as Float32Array)
    drawNoise(machine, plan, { seed: parts.seed, epoch, indices: feeder.indices(epoch, step), slot })
  }
  const trained = new Map(program.trained.map(({ parameter }) => [parameter.name, parameter]))
  return {
    feed,
    run: (epoch, step, settings) => {
      const samples = feeder.samplesIn(step)
      machine.write(plan.weight, [1 / samples])
      for (const [name, value] of Object.entries(settings)) machine.write(numbers.get(name)!, [value])
      machine.start(samples, slotOf(step))
      if (step + 1 < feeder.steps) feed(epoch, step + 1)
      machine.finish()
      return countResult(machine, parts, step, samples)
    },
    readWeights: () =>
      new Map(
        [...weights].map(([name, first]) => {
          const parameter = trained.get(name)
          return [name, parameter ? machine.read(parameter) : first]
        }),
      ),
    readState: () => new Map([...state].map(([name, row]) => [name, machine.read(row)])),
    writeState: (name, values) => machine.write(state.get(name)!, values),
    close: () => machine.close(),
  }
}

const slotOf = (step: number): 0 | 1 => (step & 1) as 0 | 1

function countResult(
  machine: Machine,
  { plan, classes, reading }: StepperParts,
  step: number,
  samples: number,
): StepResult {
  const losses = machine.output(plan.loss)
  const scores = machine.output(plan.scores)
  const labels = machine.input(plan.label, slotOf(step))
  let loss = 0
  let right = 0
  for (let n = 0; n < samples; n++) {
    loss += losses[n]!
    if (bestOf(scores, n * classes, classes, reading) === labels[n]) right++
  }
  return { loss, right, samples }
}
