// How training stands inside a network: the size of every parameter's gradient, and how many units sit where their
// activation is flat, measured on a few images with the weights as they are. Nothing is changed by it.
import type { Dataset } from '../data/dataset.ts'
import { createMachineNow } from '../engine/create-machine.ts'
import { sizeOf } from '../engine/program.ts'
import { elementWise } from '../explain/element-wise.ts'
import type { Weights } from '../model/initialise.ts'
import { type Net, parametersOf } from '../model/model.ts'
import { planTraining, writeWeights } from '../model/plan.ts'
import { checkWeights } from '../model/weights-for.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import { type Normalisation, writeNormalisation } from '../predict/normalisation.ts'
import { usualLoss } from '../predict/scores.ts'
import { drawNoise } from './noise.ts'

export interface EntryState {
  readonly entry: string
  /** Root mean square of the gradient of the entry's parameters; absent where it has none. */
  readonly gradient?: number
  /** Root mean square of the parameters themselves. */
  readonly weight?: number
  /** Share of an activation's units whose slope is below a twentieth of the steepest. */
  readonly saturated?: number
}

export interface Probe {
  measure(weights: Weights): readonly EntryState[]
  close(): void
}

/** Every probe of the same images draws the same noise. */
const SEED = 1
const FLAT = 0.05
const ENOUGH = 20_000

/** @param data a few images of the model's input shape: all of them are one batch. */
export function createProbe(net: Net, data: Dataset, normalisation: Normalisation): Probe {
  const activations = net.entries.flatMap((entry) => {
    const slope = slopeOf(elementWise(entry))
    return slope ? [{ entry: entry.name, input: entry.inputs[0]!, size: sizeOf(entry.output), slope }] : []
  })
  const size = parametersOf(net).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const isBytes = data.pixels instanceof Uint8Array
  const update = planUpdate(sgd({ momentum: 0 }), size)
  const plan = planTraining(net, isBytes ? 'uint8' : 'float32', {
    loss: usualLoss(net),
    labelSmoothing: 0,
    update,
    reads: activations.map(({ input }) => input),
  })
  const samples = data.labels.length
  const machine = createMachineNow(plan.program, samples, { engine: 'wasm' })
  writeNormalisation(machine, plan, normalisation, isBytes)
  machine.write(plan.weight, [1 / samples])
  for (const setting of update.settings.values()) machine.write(setting, [0])
  drawNoise(machine, plan, { seed: SEED, epoch: 0, indices: data.labels.keys() })
  return {
    measure: (weights) => {
      checkWeights(net, weights, 'probe')
      writeWeights(machine, plan, weights)
      machine.input(plan.pixels).set(data.pixels)
      machine.input(plan.label).set(data.labels)
      machine.start(samples)
      machine.finish()
      return net.entries.flatMap(({ name, parameters }): EntryState[] => {
        const activation = activations.find(({ entry }) => entry === name)
        if (activation !== undefined) {
          const inputs = machine.output(plan.values.get(activation.input)!).subarray(0, samples * activation.size)
          return [{ entry: name, saturated: flatShare(inputs, activation.slope) }]
        }
        if (parameters.length === 0) return []
        // What no score depends on has none.
        const gradients = parameters.map(({ name: own, shape }) => {
          const gradient = plan.gradients.get(own)
          return gradient ? machine.read(gradient) : new Float32Array(sizeOf(shape))
        })
        return [{ entry: name, gradient: rms(gradients), weight: rms(parameters.map((one) => weights.get(one.name)!)) }]
      })
    },
    close: () => machine.close(),
  }
}

function rms(arrays: readonly Float32Array[]): number {
  let sum = 0
  let count = 0
  for (const values of arrays) {
    for (let at = 0; at < values.length; at++) sum += values[at]! * values[at]!
    count += values.length
  }
  return Math.sqrt(sum / count)
}

type Slope = (x: number) => number

const REACH = 8
const STEPS = 1024

/** The slope as a share of the steepest, from a table; beyond its ends, as at the ends. */
function slopeOf(f: ((x: number) => number) | undefined): Slope | undefined {
  if (f === undefined) return undefined
  const half = REACH / STEPS
  const slopes = Float64Array.from({ length: STEPS + 1 }, (_, at) => {
    const x = (2 * at * REACH) / STEPS - REACH
    return Math.abs(f(x + half) - f(x - half)) / (2 * half)
  })
  const steepest = slopes.reduce((most, slope) => Math.max(most, slope), 0)
  return (x) => {
    const at = Math.round(((x + REACH) * STEPS) / (2 * REACH))
    return slopes[Math.min(STEPS, Math.max(0, at))]! / steepest
  }
}

function flatShare(inputs: Float32Array, slope: Slope): number {
  let flat = 0
  // Every so many is enough for a share; a prime number meets every place of a map.
  const step = inputs.length > ENOUGH ? 7 : 1
  for (let at = 0; at < inputs.length; at += step) if (slope(inputs[at]!) < FLAT) flat++
  return flat / Math.ceil(inputs.length / step)
}
