// Reading an output layer's scores.
import { sizeOf } from '../engine/program.ts'
import { RunError, ShapeError } from '../errors.ts'
import { crossEntropy, logLoss, maximumAPosteriori } from '../layers/index.ts'
import type { Layer, Reading } from '../layers/layer.ts'
import type { Net } from '../model/model.ts'

const usual: Reading = { best: 'largest', probability: 'softmax' }

/** How the last layer of a model wants to be read. */
export const readingOf = ({ entries }: Net): Reading => entries.at(-1)!.layer.definition.reading ?? usual

/** What a model is trained with and measured by where nothing else was said. */
export const usualLoss = (net: Net): Layer => {
  const { best, probability } = readingOf(net)
  if (best === 'smallest') return maximumAPosteriori()
  return probability === 'itself' ? logLoss() : crossEntropy()
}

export interface Prediction {
  /** Name of the class that won. */
  readonly label: string
  readonly probability: number
  /** Probability of every class, in the order of `classes`. */
  readonly scores: readonly number[]
}

/** What one sample's scores say. @throws RunError where one is not a finite number. */
export function predictionOf(row: Float32Array, classes: readonly string[], reading: Reading): Prediction {
  if (!row.every(Number.isFinite))
    throw new RunError('predict: a score is no finite number', 'are the weights of this model damaged?')
  const probabilities = probabilitiesOf(row, reading)
  const winner = bestOf(row, 0, classes.length, reading)
  return { label: classes[winner]!, probability: probabilities[winner]!, scores: [...probabilities] }
}

/** @throws ShapeError where the numbers are not those of one image. */
export function checkPixels(pixels: Uint8Array | Float32Array, input: readonly number[]): void {
  if (pixels.length !== sizeOf(input))
    throw new ShapeError(`predict: ${pixels.length} numbers are not one image of [${input}]`)
}

/** Index of the winner among `count` scores from `start`; the first, where several are equal. */
export function bestOf(scores: Float32Array, start: number, count: number, { best }: Reading): number {
  const sign = best === 'largest' ? 1 : -1
  let winner = 0
  for (let index = 1; index < count; index++)
    if (sign * scores[start + index]! > sign * scores[start + winner]!) winner = index
  return winner
}

/** Probabilities of one sample's scores, for showing: computed in float64, on no path to a weight. */
export function probabilitiesOf(scores: Float32Array, { probability }: Reading): Float32Array {
  if (probability === 'itself') return scores
  const signed = scores.map((score) => (probability === 'softmax' ? score : -score))
  const peak = signed.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const powers = Array.from(signed, (score) => Math.exp(score - peak))
  const sum = powers.reduce((a, b) => a + b, 0)
  return Float32Array.from(powers, (power) => power / sum)
}
