// Damage to the JSON of a run folder that leaves it JSON. What is read must be a run that the library would take, or name
// what it would not.

import { resolveFlags, toTrainOptions } from '../packages/cli/src/commands/train-options.ts'
import { createContext } from '../packages/cli/src/context.ts'
import { parseConfig } from '../packages/cli/src/run-config.ts'
import { parseMetrics } from '../packages/cli/src/run-metrics.ts'
import type { Dataset } from '../packages/lenet/src/data/dataset.ts'
import { holdOut } from '../packages/lenet/src/data/every-class.ts'
import { drawCurves } from '../packages/lenet/src/draw/curves.ts'
import { modelNamed } from '../packages/lenet/src/model/zoo/index.ts'
import { train } from '../packages/lenet/src/train/train.ts'
import type { Dice, Target } from './damage.ts'
import { damagedJson } from './damage-json.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '')

const data: Dataset = {
  name: 'twenty',
  shape: [1, 32, 32],
  pixels: new Uint8Array(20 * 32 * 32),
  labels: Uint8Array.from({ length: 20 }, (_, at) => at % 10),
  classes: Array.from({ length: 10 }, (_, at) => `${at}`),
}

/** A configuration that is read is one that trains, or one whose options are refused before anything happens. */
function readConfig(text: string): void {
  const config = parseConfig(text, 'x')
  const held = config.holdOut ? holdOut(data, config.holdOut) : { train: data }
  train(modelNamed(config.model, { channels: 1 }), held, toTrainOptions(config))
}

function readMetrics(text: string): void {
  const epochs = parseMetrics(text, 'x').filter((metric) => metric.event === 'epoch')
  if (/NaN|Infinity|undefined/.test(drawCurves({ epochs }))) throw new TypeError('curves of what is no number')
}

/** A line of the run changed inside, lost, doubled or moved. */
function damagedLines(bytes: Uint8Array, dice: Dice): Uint8Array {
  const lines = linesOf(textOf(bytes))
  const at = dice(lines.length)
  const line = lines[at]!
  const changed = () => JSON.stringify(damagedJson(JSON.parse(line), dice)) ?? ''
  const ways = [
    () => lines.with(at, changed()),
    () => lines.toSpliced(at, 1),
    () => lines.toSpliced(dice(lines.length), 0, line),
    () => lines.with(at, line.slice(0, dice(line.length))),
  ]
  return bytesOf(ways[Math.max(0, dice(8) - 4)]!().join('\n'))
}

export function runTargets(): Target[] {
  const context = createContext({ lang: 'en' })
  const flags = [{}, { model: 'lenet5' }, { recipe: 'speedrun', validation: '5', earlyStop: '2' }]
  const configs = flags.map((one) => bytesOf(JSON.stringify(resolveFlags(context, 'pictures', one))))
  const epoch = {
    event: 'epoch',
    epochs: 3,
    trainLoss: 0.5,
    trainAccuracy: 0.9,
    validationLoss: 0.4,
    validationAccuracy: 0.91,
    learningRate: 0.1,
    imagesPerSecond: 1000,
    seconds: 1,
  }
  const done = { event: 'done', epochs: 3, bestEpoch: 2, validationAccuracy: 0.9, weightsHash: 'abc', seconds: 3 }
  const metrics = [...[1, 2, 3].map((number) => ({ ...epoch, epoch: number })), done].map((one) => JSON.stringify(one))
  const house = { errors: 'house' } as const
  return [
    {
      ...house,
      format: 'config.json',
      samples: configs,
      damage: (b, dice) => bytesOf(JSON.stringify(damagedJson(JSON.parse(textOf(b)), dice)) ?? ''),
      read: (b) => readConfig(textOf(b)),
    },
    {
      ...house,
      format: 'metrics.jsonl',
      samples: [bytesOf(metrics.join('\n'))],
      damage: damagedLines,
      read: (b) => readMetrics(textOf(b)),
    },
  ]
}
