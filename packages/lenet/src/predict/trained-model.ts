// A network with its weights and everything that a prediction needs.
import type { Dataset } from '../data/dataset.ts'
import { createMachineNow, type EngineOptions } from '../engine/create-machine.ts'
import type { Machine } from '../engine/program.ts'
import { ShapeError } from '../errors.ts'
import { checkModel } from '../files/check-model.ts'
import type { Weights } from '../model/initialise.ts'
import type { Net } from '../model/model.ts'
import { type Plan, planPrediction, writeWeights } from '../model/plan.ts'
import type { Preparation } from '../pictures/images.ts'
import { type Image, prepareImage } from '../pictures/prepare-image.ts'
import { type Answers, createEvaluator } from './evaluate.ts'
import { type Normalisation, writeNormalisation } from './normalisation.ts'
import { checkPixels, type Prediction, predictionOf, readingOf, usualLoss } from './scores.ts'

export interface TrainedModel {
  readonly net: Net
  readonly weights: Weights
  readonly classes: readonly string[]
  readonly normalisation: Normalisation
  /** How a picture of another size becomes what the model was trained on. */
  readonly preparation: Preparation
  /**
   * The class of one image: ImageData or another picture (any size), bytes or floats of the model's input shape, a Tensor.
   * @throws ShapeError where the numbers are not those of one image.
   */
  predict(image: Image): Prediction
  /** Predictions against labels, with each sample's answer. */
  evaluate(data: Dataset, options?: EngineOptions): Promise<Answers>
}

export type ModelParts = Pick<TrainedModel, 'net' | 'weights' | 'classes' | 'normalisation' | 'preparation'>

/** The parts with one mean and deviation a channel. @throws ShapeError, UsageError for parts that do not fit together. */
export function checkParts(parts: ModelParts): ModelParts {
  const outputs = parts.net.entries.at(-1)!.output
  if (outputs.length !== 1) throw new ShapeError(`model: it gives [${outputs}]; one row of scores is wanted`)
  return checkModel(parts)
}

/** Puts a model together from its parts. The engine is started at the first prediction. */
export function trainedModel(given: ModelParts, options: EngineOptions = {}): TrainedModel {
  const parts = checkParts(given)
  const { net, weights, classes, normalisation, preparation } = parts
  const machines = new Map<boolean, { machine: Machine; plan: Plan }>()
  const machineFor = (isBytes: boolean) => {
    const known = machines.get(isBytes)
    if (known !== undefined) return known
    const plan = planPrediction(net, isBytes ? 'uint8' : 'float32')
    const machine = createMachineNow(plan.program, 1, options)
    writeWeights(machine, plan, weights)
    writeNormalisation(machine, plan, normalisation, isBytes)
    const entry = { machine, plan }
    machines.set(isBytes, entry)
    return entry
  }
  const reading = readingOf(net)
  return {
    ...parts,
    predict: (image) => {
      const pixels = prepareImage(image, net.input, preparation)
      checkPixels(pixels, net.input)
      const { machine, plan } = machineFor(pixels instanceof Uint8Array)
      machine.input(plan.pixels).set(pixels)
      machine.start(1)
      machine.finish()
      return predictionOf(machine.output(plan.scores).slice(0, classes.length), classes, reading)
    },
    evaluate: async (data, own = {}) => {
      const evaluator = await createEvaluator(net, usualLoss(net), data.pixels instanceof Uint8Array, {
        ...options,
        ...own,
      })
      try {
        return evaluator.run(weights, normalisation, data)
      } finally {
        evaluator.close()
      }
    },
  }
}
