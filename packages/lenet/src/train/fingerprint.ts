// Everything that decides the result of a run, as plain facts. A checkpoint carries them, so that a run goes on only with
// what it began with, and a difference can be named.
import type { Dataset } from '../data/dataset.ts'
import { trainingEngine } from '../engine/create-machine.ts'
import { UsageError } from '../errors.ts'
import { digestOf, digestOfText } from '../formats/digest.ts'
import type { Weights } from '../model/initialise.ts'
import type { Fingerprint } from './checkpoint.ts'
import type { FullTrainOptions } from './options.ts'
import type { Setting } from './setting.ts'

/** Causes come before what follows from them: where images are missing, that is what is said. */
export function fingerprintOf(setting: Setting, options: FullTrainOptions): Fingerprint {
  return {
    ...factsOfOptions(options),
    ...factsOfNet(setting),
    ...factsOfData(setting),
    'input scaling': JSON.stringify(setting.normalisation),
  }
}

function factsOfOptions(options: FullTrainOptions): Fingerprint {
  const { optimizer, schedule, loss, augment, frozen, patience, fast, weights, initialisation } = options
  return {
    seed: options.seed,
    epochs: options.epochs,
    batch: options.batch,
    order: options.order,
    optimizer: optimizer.name,
    ...named(`${optimizer.name} `, optimizer.options),
    schedule: schedule.name,
    ...named(`${schedule.name} `, schedule.options),
    loss: `${loss.definition.name} ${JSON.stringify(loss.options)}`,
    'label smoothing': options.labelSmoothing,
    augmentation: augment ? JSON.stringify(Object.entries(augment).sort(([a], [b]) => (a < b ? -1 : 1))) : 'none',
    patience: patience ?? 'none',
    frozen: [...(frozen ?? [])].sort().join(', ') || 'none',
    'fast arithmetic': fast ? `of ${trainingEngine(options.engine)}` : 'none',
    'first weights': weights ? digestOfWeights(weights) : `${initialisation ?? 'pytorch'} by the seed`,
  }
}

const digestOfWeights = (weights: Weights): string => {
  const parts = [...weights].map(([name, data]) => `${name} ${digestOf(data)}`)
  return digestOfText(parts.sort().join('\n')).slice(0, 16)
}

const named = (prefix: string, values: Readonly<Record<string, string | number | boolean>>): Fingerprint =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, String(value)]))

const factsOfNet = ({ net: { input, entries } }: Setting): Fingerprint => ({
  'input shape': `[${input}]`,
  ...Object.fromEntries(
    entries.map(({ name, inputs, layer: { definition, options } }) => [
      `entry ${name}`,
      `${definition.name} ${JSON.stringify(options)} of ${inputs.join(', ')}`,
    ]),
  ),
})

function factsOfData({ train, validation, test }: Setting): Fingerprint {
  const count = (data: Dataset | undefined) => data?.labels.length ?? 0
  const content = (data: Dataset | undefined) =>
    data === undefined ? 'none' : `${digestOf(data.pixels).slice(0, 16)} ${digestOf(data.labels).slice(0, 16)}`
  return {
    'validation images': count(validation),
    'training images': count(train),
    'test images': count(test),
    'image shape': `[${train.shape}]`,
    classes: shortened(train.classes.join(', ')),
    'training data': content(train),
    'validation data': content(validation),
    'test data': content(test),
  }
}

const shortened = (text: string): string =>
  text.length <= 80 ? text : `${text.slice(0, 60)}… (${digestOfText(text).slice(0, 16)})`

/** @throws UsageError naming the first fact that differs. */
export function checkFingerprint(was: Fingerprint, is: Fingerprint): void {
  for (const name of new Set([...Object.keys(is), ...Object.keys(was)]))
    if (was[name] !== is[name])
      throw new UsageError(
        `train: the checkpoint has ${name}: ${was[name] ?? 'not set'}, not ${is[name] ?? 'not set'}; a run goes on only as it began`,
      )
}
