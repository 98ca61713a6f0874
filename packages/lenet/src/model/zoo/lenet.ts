// The network that everybody runs today under the name LeNet, and three variants that change one idea each.
import { UsageError } from '../../errors.ts'
import { avgPool2d, conv2d, globalAvgPool2d, linear, maxPool2d, relu, tanh, view } from '../../layers/index.ts'
import { model, type Net } from '../model.ts'

export interface ZooOptions {
  readonly channels?: number
  readonly classes?: number
  /** Rows and columns of the input. */
  readonly size?: number
}

const half = (extent: number): number => Math.floor(extent / 2)
/** Sides of the maps behind two 5x5 convolutions, each with a halving. */
const poolings = (size: number): number => half(half(size - 4) - 4)
const strides = (size: number): number => half(half(size - 3) + 1 - 5) + 1
const LEAST = 16

/** @throws UsageError for a size that leaves nothing behind the second convolution. */
function square(channels: number, size: number): [number, number, number] {
  if (!Number.isInteger(size) || size < LEAST)
    throw new UsageError(`model: the size of its input is ${size}; give a whole number from ${LEAST}`)
  return [channels, size, size]
}

/** Two convolutions, two max poolings, three fully connected layers; ReLU. 62,006 parameters for RGB and ten classes. */
export const lenet = ({ channels = 3, classes = 10, size = 32 }: ZooOptions = {}): Net =>
  model(square(channels, size), {
    conv1: conv2d({ out: 6, kernel: 5 }),
    relu1: relu(),
    pool1: maxPool2d(2),
    conv2: conv2d({ out: 16, kernel: 5 }),
    relu2: relu(),
    pool2: maxPool2d(2),
    flat: view(-1, 16 * poolings(size) * poolings(size)),
    fc1: linear(120),
    relu3: relu(),
    fc2: linear(84),
    relu4: relu(),
    fc3: linear(classes),
  })

/** The same with tanh and average pooling, nearer to 1998. */
export const lenetTanh = ({ channels = 3, classes = 10, size = 32 }: ZooOptions = {}): Net =>
  model(square(channels, size), {
    conv1: conv2d({ out: 6, kernel: 5 }),
    tanh1: tanh(),
    pool1: avgPool2d(2),
    conv2: conv2d({ out: 16, kernel: 5 }),
    tanh2: tanh(),
    pool2: avgPool2d(2),
    flat: view(-1, 16 * poolings(size) * poolings(size)),
    fc1: linear(120),
    tanh3: tanh(),
    fc2: linear(84),
    tanh4: tanh(),
    fc3: linear(classes),
  })

/** Global average pooling in the place of the fully connected layers. */
export const lenetGap = ({ channels = 3, classes = 10, size = 32 }: ZooOptions = {}): Net =>
  model(square(channels, size), {
    conv1: conv2d({ out: 6, kernel: 5 }),
    relu1: relu(),
    pool1: maxPool2d(2),
    conv2: conv2d({ out: 16, kernel: 5 }),
    relu2: relu(),
    pool2: maxPool2d(2),
    conv3: conv2d({ out: 120, kernel: 3, padding: 1 }),
    relu3: relu(),
    gap: globalAvgPool2d(),
    fc: linear(classes),
  })

/** Convolutions with stride 2 in the place of pooling. */
export const lenetStrided = ({ channels = 3, classes = 10, size = 32 }: ZooOptions = {}): Net =>
  model(square(channels, size), {
    conv1: conv2d({ out: 6, kernel: 5, stride: 2, padding: 1 }),
    relu1: relu(),
    conv2: conv2d({ out: 16, kernel: 5, stride: 2 }),
    relu2: relu(),
    flat: view(-1, 16 * strides(size) * strides(size)),
    fc1: linear(120),
    relu3: relu(),
    fc2: linear(84),
    relu4: relu(),
    fc3: linear(classes),
  })
