// Short runs whose weights are known by their hash. Run alone, it prints the hashes, so that any Node can be asked.
import type { Dataset } from '../data/dataset.ts'
import { avgPool2d, conv2d, dropout, linear, maxPool2d, sigmoid, view } from '../layers/index.ts'
import { model, type Net } from '../model/model.ts'
import { zoo } from '../model/zoo/index.ts'
import { adam, adamw } from '../optimizers/adam.ts'
import { sgd } from '../optimizers/sgd.ts'
import { createRandom } from '../random/random.ts'
import type { TrainOptions } from '../train/options.ts'
import { oneCycle, stepwise } from '../train/schedule.ts'
import { train } from '../train/train.ts'

/** Bars at an angle that depends on the class, with noise: enough to learn something from. */
function bars(channels: number, samples: number): Dataset {
  const random = createRandom(42, 'noise')
  const pixels = new Uint8Array(samples * channels * 1024)
  const labels = new Uint8Array(samples)
  for (let n = 0; n < samples; n++) {
    labels[n] = Math.floor(random() * 10)
    const offset = Math.floor(random() * 8)
    for (let at = 0; at < channels * 1024; at++) {
      const [row, column] = [(at >> 5) & 31, at & 31]
      const on = (row * labels[n]! + column * (9 - labels[n]!) + offset) % 16 < 6
      pixels[n * channels * 1024 + at] = Math.floor(random() * 80) + (on ? 160 : 0)
    }
  }
  return { name: 'bars', shape: [channels, 32, 32], pixels, labels, classes: [...'0123456789'] }
}

const regular = (): Net =>
  model([1, 32, 32], {
    conv1: conv2d({ out: 5, kernel: [5, 3], stride: 2, padding: [2, 0] }),
    sigmoid1: sigmoid(),
    pool1: avgPool2d({ kernel: 3, stride: 2, padding: 1 }),
    conv2: conv2d({ out: 7, kernel: 3, padding: 1 }),
    pool2: maxPool2d({ kernel: 3, stride: 2, padding: 1 }),
    drop: dropout(0.25),
    flat: view(-1, 112),
    fc: linear(10),
  })

const runs: Readonly<Record<string, { net: Net; options: TrainOptions }>> = {
  lenet: { net: zoo.lenet!(), options: { optimizer: sgd({ lr: 0.02, momentum: 0.9 }) } },
  'lenet-tanh with adam': {
    net: zoo['lenet-tanh']!(),
    options: { optimizer: adam(), schedule: oneCycle(), labelSmoothing: 0.1 },
  },
  'lenet-gap with augmentation': {
    net: zoo['lenet-gap']!({ channels: 1 }),
    options: { augment: { shift: 2, rotate: 10, scale: 0.1, shear: 5 } },
  },
  'lenet-strided with adamw': {
    net: zoo['lenet-strided']!({ channels: 1 }),
    options: { optimizer: adamw(), schedule: stepwise() },
  },
  'windows over the edge and dropout': {
    net: regular(),
    options: { optimizer: sgd({ lr: 0.05, nesterov: true, weightDecay: 1e-3 }) },
  },
}

/** The hash of every golden run. */
export async function goldenHashes(threads: number): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {}
  for (const [name, { net, options }] of Object.entries(runs)) {
    const data = bars(net.input[0]!, 150)
    for await (const event of train(net, data, { epochs: 2, batch: 40, seed: 3, threads, ...options }))
      if (event.event === 'done') hashes[name] = event.weightsHash
  }
  return hashes
}

if ((import.meta as { main?: boolean }).main ?? globalThis.process?.argv[1]?.endsWith('golden.js'))
  console.log(JSON.stringify(await goldenHashes(2)))
