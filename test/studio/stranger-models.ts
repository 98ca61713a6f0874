// Model files as others write them: weights alone, and nothing about what they were trained on.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  initialise,
  modelNamed,
  openModel,
  saveModel,
  takeOfEveryClass,
  train,
} from '../../packages/lenet/src/index.ts'
import { mnist } from '../../packages/lenet/src/node/index.ts'
import { ROOT } from './browser.ts'

/** The `.pth` of the page's own model, without the JSON beside it. */
export function ownPth(): Uint8Array {
  const file = join(ROOT, 'packages/studio/public/lenet.safetensors')
  return saveModel(openModel(readFileSync(file), file), 'model.pth').bytes
}

/** A network with tanh and average pooling, whose weights have the shapes of the one with ReLU. */
export async function tanhPth(): Promise<Uint8Array> {
  const { train: images } = await mnist()
  const run = train(modelNamed('lenet-tanh', { channels: 1 }), takeOfEveryClass(images, 4000), { epochs: 2 })
  for await (const _ of run);
  return saveModel(run.trained, 'model.pth').bytes
}

/** A model of other classes, as lenet writes it: with the weights of its seed. */
export function untrained(classes: readonly string[]): Uint8Array {
  const net = modelNamed('lenet', { channels: 1, classes: classes.length })
  const normalisation = { mean: [0.13], std: [0.31] }
  return saveModel(
    { net, weights: initialise(net, 1), classes, normalisation, preparation: 'digit' },
    'model.safetensors',
  ).bytes
}
