// The catalogue: every layer there is. A new layer is its file and one line here.
import { relu, scaledTanh, sigmoid, tanh } from './activations.ts'
import { add } from './add.ts'
import { avgPool2d } from './avg-pool2d.ts'
import { conv2d } from './conv2d.ts'
import { dropout } from './dropout.ts'
import { globalAvgPool2d } from './global-avg-pool2d.ts'
import type { LayerDefinition } from './layer.ts'
import { linear } from './linear.ts'
import {
  crossEntropy,
  maximumAPosteriori,
  maximumLikelihood,
  meanSquaredError,
  negativeLogLikelihood,
  placeCodes,
} from './losses.ts'
import { maxPool2d } from './max-pool2d.ts'
import { rbf } from './rbf.ts'
import { softmax } from './softmax.ts'
import { subsample } from './subsample.ts'
import { view } from './view.ts'

export {
  add,
  avgPool2d,
  conv2d,
  crossEntropy,
  dropout,
  globalAvgPool2d,
  linear,
  maximumAPosteriori,
  maximumLikelihood,
  maxPool2d,
  meanSquaredError,
  negativeLogLikelihood,
  placeCodes,
  rbf,
  relu,
  scaledTanh,
  sigmoid,
  softmax,
  subsample,
  tanh,
  view,
}

/** Every layer's definition by its name. */
export const catalogue: ReadonlyMap<string, LayerDefinition> = new Map(
  [
    conv2d,
    maxPool2d,
    avgPool2d,
    subsample,
    globalAvgPool2d,
    relu,
    tanh,
    sigmoid,
    scaledTanh,
    view,
    linear,
    rbf,
    dropout,
    softmax,
    add,
    crossEntropy,
    negativeLogLikelihood,
    meanSquaredError,
    placeCodes,
    maximumLikelihood,
    maximumAPosteriori,
  ].map(({ definition }) => [definition.name, definition as unknown as LayerDefinition]),
)
