// One image through a network, with the output of every entry kept: what a page shows while someone draws.
import { createMachineNow } from '../engine/create-machine.ts'
import { sizeOf } from '../engine/program.ts'
import { ShapeError } from '../errors.ts'
import type { Weights } from '../model/initialise.ts'
import { INPUT } from '../model/model.ts'
import { planPrediction, writeWeights } from '../model/plan.ts'
import { checkWeights } from '../model/weights-for.ts'
import { writeNormalisation } from './normalisation.ts'
import { bestOf, probabilitiesOf, readingOf } from './scores.ts'
import { checkParts, type ModelParts } from './trained-model.ts'

/** What one image does to a network. */
export interface Observation {
  /** The output of every entry, row after row; `input` is the image after normalisation. */
  readonly values: ReadonlyMap<string, Float32Array>
  readonly probabilities: readonly number[]
  /** Index of the class that won. */
  readonly winner: number
}

export interface Observer {
  /** @param pixels bytes of one image [channels, rows, columns]. @throws ShapeError for another number of them. */
  look(pixels: Uint8Array): Observation
  /** Takes other weights of the same network. */
  learn(weights: Weights): void
  close(): void
}

export function createObserver(parts: ModelParts): Observer {
  const { net, weights, normalisation, classes } = checkParts(parts)
  const entries = [{ name: INPUT, output: net.input }, ...net.entries]
  const plan = planPrediction(
    net,
    'uint8',
    entries.map(({ name }) => name),
  )
  const machine = createMachineNow(plan.program, 1)
  const learn = (values: Weights) => {
    checkWeights(net, values, 'observe')
    writeWeights(machine, plan, values)
  }
  learn(weights)
  writeNormalisation(machine, plan, normalisation, true)
  const reading = readingOf(net)
  return {
    learn,
    look: (pixels) => {
      if (pixels.length !== sizeOf(net.input))
        throw new ShapeError(`observe: ${pixels.length} numbers are not one image of [${net.input}]`)
      machine.input(plan.pixels).set(pixels)
      machine.start(1)
      machine.finish()
      const values = new Map(
        entries.map(({ name, output }) => [name, machine.output(plan.values.get(name)!).slice(0, sizeOf(output))]),
      )
      const scores = values.get(net.entries.at(-1)!.name)!
      return {
        values,
        probabilities: [...probabilitiesOf(scores, reading)],
        winner: bestOf(scores, 0, classes.length, reading),
      }
    },
    close: () => machine.close(),
  }
}
