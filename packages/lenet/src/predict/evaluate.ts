// Predictions against labels.
import { checkDataset } from '../data/check.ts'
import type { Dataset } from '../data/dataset.ts'
import { createMachine, type EngineOptions } from '../engine/create-machine.ts'
import { type Machine, sizeOf } from '../engine/program.ts'
import { ShapeError, UsageError } from '../errors.ts'
import type { Layer } from '../layers/layer.ts'
import type { Weights } from '../model/initialise.ts'
import type { Net } from '../model/model.ts'
import { type EvaluationPlan, planEvaluation, writeWeights } from '../model/plan.ts'
import { checkWeights } from '../model/weights-for.ts'
import { createPlacer, fitsWithin } from '../pictures/place.ts'
import { type Normalisation, writeNormalisation } from './normalisation.ts'
import { bestOf, readingOf } from './scores.ts'

/** Predictions against labels. `confusion[truth][answer]` counts samples. */
export interface Evaluation {
  readonly samples: number
  readonly errors: number
  readonly accuracy: number
  readonly loss: number
  /** Accuracy of each class. */
  readonly perClass: readonly number[]
  readonly confusion: readonly (readonly number[])[]
}

/** What the model said about each sample. */
export interface Answers {
  readonly evaluation: Evaluation
  /** [sample]: the class that won. */
  readonly answers: Uint16Array
  /** [sample]: its loss; the largest are the worst mistakes. */
  readonly losses: Float32Array
  /** Sample after sample, one number a class, as the last layer gave them. */
  readonly scores: Float32Array
}

/** A machine that evaluates one net on data of one kind, again and again. */
export interface Evaluator {
  /** Throws a ShapeError for images of another shape, a UsageError for pixels of another kind. */
  run(weights: Weights, normalisation: Normalisation, data: Dataset): Answers
  close(): void
}

const CAPACITY = 512

export async function createEvaluator(
  net: Net,
  loss: Layer,
  isBytes: boolean,
  options: EngineOptions,
): Promise<Evaluator> {
  const plan = planEvaluation(net, isBytes ? 'uint8' : 'float32', loss)
  const machine = await createMachine(plan.program, CAPACITY, options)
  return {
    run: (weights, normalisation, data) => {
      if (data.pixels instanceof Uint8Array !== isBytes)
        throw new UsageError(
          `evaluate: ${data.name} holds ${isBytes ? 'floats' : 'bytes'}, and the evaluator was made for the other`,
        )
      checkWeights(net, weights, 'evaluate')
      checkDataset(data)
      writeWeights(machine, plan, weights)
      writeNormalisation(machine, plan, normalisation, isBytes)
      return evaluateOn(machine, net, plan, data)
    },
    close: () => machine.close(),
  }
}

function evaluateOn(machine: Machine, net: Net, plan: EvaluationPlan, data: Dataset): Answers {
  if (!fitsWithin(data.shape, net.input))
    throw new ShapeError(`evaluate: an image of ${data.name} is [${data.shape}] but the model takes [${net.input}]`)
  const samples = data.labels.length
  const classes = net.entries.at(-1)!.output[0]!
  if (data.classes.length !== classes)
    throw new ShapeError(
      `evaluate: the model gives ${classes} scores but ${data.name} has ${data.classes.length} classes`,
    )
  const reading = readingOf(net)
  const answers = new Uint16Array(samples)
  const losses = new Float32Array(samples)
  const all = new Float32Array(samples * classes)
  const [size, fed] = [sizeOf(data.shape), sizeOf(net.input)]
  const place = createPlacer(data.shape, net.input)
  for (let from = 0; from < samples; from += CAPACITY) {
    const count = Math.min(CAPACITY, samples - from)
    const pixels = machine.input(plan.pixels)
    for (let n = 0; n < count; n++) place(data.pixels, (from + n) * size, pixels, n * fed)
    machine.input(plan.label).set(data.labels.subarray(from, from + count))
    machine.start(count)
    machine.finish()
    losses.set(machine.output(plan.loss).subarray(0, count), from)
    const rows = machine.output(plan.scores)
    all.set(rows.subarray(0, count * classes), from * classes)
    for (let n = 0; n < count; n++) answers[from + n] = bestOf(rows, n * classes, classes, reading)
  }
  return { evaluation: tally(data, answers, losses, classes), answers, losses, scores: all }
}

function tally({ labels }: Dataset, answers: Uint16Array, losses: Float32Array, classes: number): Evaluation {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  labels.forEach((label, n) => void confusion[label]![answers[n]!]!++)
  const right = confusion.reduce((sum, row, label) => sum + row[label]!, 0)
  return {
    samples: labels.length,
    errors: labels.length - right,
    accuracy: right / labels.length,
    loss: losses.reduce((sum, loss) => sum + loss, 0) / labels.length,
    perClass: confusion.map((row, label) => row[label]! / row.reduce((sum, count) => sum + count, 0)),
    confusion,
  }
}
