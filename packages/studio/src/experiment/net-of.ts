// A set-up's network. The presets are the library's zoo, entry for entry, so that weights and hashes agree with the
// command line's.
import {
  avgPool2d,
  conv2d,
  globalAvgPool2d,
  type Layer,
  linear,
  maxPool2d,
  model,
  modelNamed,
  type Net,
  relu,
  scaledTanh,
  sigmoid,
  subsample,
  tanh,
  view,
} from 'lenet'
import type { Setup } from './setup.ts'

const activations: Readonly<Record<Setup['activation'], () => Layer>> = { relu, tanh, sigmoid, scaledTanh }

const poolings: Readonly<Record<Exclude<Setup['pooling'], 'stride'>, (side: number) => Layer>> = {
  max: maxPool2d,
  average: avgPool2d,
  trainable: subsample,
}

export interface NetSize {
  readonly channels: number
  readonly classes: number
}

type Choices = Pick<Setup, 'model' | 'activation' | 'pooling' | 'head' | 'width'>

export function netOf(setup: Choices, { channels, classes }: NetSize): Net {
  if (setup.model !== 'made') return modelNamed(setup.model, { channels, classes })
  const wide = (count: number) => Math.max(1, Math.round(count * setup.width))
  const activate = (at: number) => ({ [`${setup.activation}${at}`]: activations[setup.activation]() })
  const convolutions =
    setup.pooling === 'stride'
      ? {
          conv1: conv2d({ out: wide(6), kernel: 5, stride: 2, padding: 1 }),
          ...activate(1),
          conv2: conv2d({ out: wide(16), kernel: 5, stride: 2 }),
          ...activate(2),
        }
      : {
          conv1: conv2d({ out: wide(6), kernel: 5 }),
          ...activate(1),
          pool1: poolings[setup.pooling](2),
          conv2: conv2d({ out: wide(16), kernel: 5 }),
          ...activate(2),
          pool2: poolings[setup.pooling](2),
        }
  const side = setup.pooling === 'stride' ? 6 : 5
  const head =
    setup.head === 'gap'
      ? {
          conv3: conv2d({ out: wide(120), kernel: 3, padding: 1 }),
          ...activate(3),
          gap: globalAvgPool2d(),
          fc: linear(classes),
        }
      : {
          flat: view(-1, wide(16) * side * side),
          fc1: linear(wide(120)),
          ...activate(3),
          fc2: linear(wide(84)),
          ...activate(4),
          fc3: linear(classes),
        }
  return model([channels, 32, 32], { ...convolutions, ...head })
}
