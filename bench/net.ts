// The network that is measured: `lenet` of the zoo, and the same with larger images or more channels.
import { conv2d, linear, maxPool2d, relu, view } from '../packages/lenet/src/layers/index.ts'
import { model, type Net } from '../packages/lenet/src/model/model.ts'

/** Channels of the image, its side, and how many times as many channels and features the layers have. */
export function benchNet(channels = 3, size = 32, width = 1): Net {
  const side = ((size - 4) / 2 - 4) / 2
  return model([channels, size, size], {
    conv1: conv2d({ out: 6 * width, kernel: 5 }),
    relu1: relu(),
    pool1: maxPool2d(2),
    conv2: conv2d({ out: 16 * width, kernel: 5 }),
    relu2: relu(),
    pool2: maxPool2d(2),
    flat: view(-1, 16 * width * side * side),
    fc1: linear(120 * width),
    relu3: relu(),
    fc2: linear(84 * width),
    relu4: relu(),
    fc3: linear(10),
  })
}
