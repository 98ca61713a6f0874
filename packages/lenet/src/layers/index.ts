// The catalogue: every layer there is. A new layer is its file and one line here.
import { relu, scaledTanh, sigmoid, tanh } from './activations.ts'
import { adaptiveAvgPool2d } from './adaptive-avg-pool2d.ts'
import { add } from './add.ts'
import { avgPool2d } from './avg-pool2d.ts'
import { concat } from './concat.ts'
import { conv2d } from './conv2d.ts'
import { dropout } from './dropout.ts'
import { elu } from './elu.ts'
import { gelu } from './gelu.ts'
import { globalAvgPool2d } from './global-avg-pool2d.ts'
import { groupNorm } from './group-norm.ts'
import { hardsigmoid, hardswish } from './hardswish.ts'
import type { LayerDefinition } from './layer.ts'
import { layerNorm } from './layer-norm.ts'
import { leakyRelu } from './leaky-relu.ts'
import { linear } from './linear.ts'
import { crossEntropy, logLoss, maximumAPosteriori, maximumLikelihood, meanSquaredError, placeCodes } from './losses.ts'
import { maxPool2d } from './max-pool2d.ts'
import { multiply } from './multiply.ts'
import { rbf } from './rbf.ts'
import { relu6 } from './relu6.ts'
import { shortcut } from './shortcut.ts'
import { silu } from './silu.ts'
import { softmax } from './softmax.ts'
import { softplus } from './softplus.ts'
import { subsample } from './subsample.ts'
import { upsampleNearest2d } from './upsample-nearest2d.ts'
import { view } from './view.ts'

export {
  adaptiveAvgPool2d,
  add,
  avgPool2d,
  concat,
  conv2d,
  crossEntropy,
  dropout,
  elu,
  gelu,
  globalAvgPool2d,
  groupNorm,
  hardsigmoid,
  hardswish,
  layerNorm,
  leakyRelu,
  linear,
  logLoss,
  maximumAPosteriori,
  maximumLikelihood,
  maxPool2d,
  meanSquaredError,
  multiply,
  placeCodes,
  rbf,
  relu,
  relu6,
  scaledTanh,
  shortcut,
  sigmoid,
  silu,
  softmax,
  softplus,
  subsample,
  tanh,
  upsampleNearest2d,
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
    adaptiveAvgPool2d,
    upsampleNearest2d,
    relu,
    tanh,
    sigmoid,
    scaledTanh,
    leakyRelu,
    relu6,
    elu,
    silu,
    gelu,
    hardswish,
    hardsigmoid,
    softplus,
    layerNorm,
    groupNorm,
    view,
    linear,
    rbf,
    dropout,
    softmax,
    add,
    multiply,
    concat,
    shortcut,
    crossEntropy,
    logLoss,
    meanSquaredError,
    placeCodes,
    maximumLikelihood,
    maximumAPosteriori,
  ].map(({ definition }) => [definition.name, definition as unknown as LayerDefinition]),
)
