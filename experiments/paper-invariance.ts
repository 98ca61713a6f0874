// How far LeNet-5 and today's LeNet bear rotation, scale, shift and inverted pixels (the paper, p. 15): trained as the other
// experiments train, then measured on changed test images. The trained LeNet-5 is that of paper-lenet5.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createRandom,
  type Dataset,
  modelNamed,
  oneCycle,
  readModel,
  sgd,
  type TrainedModel,
  train,
  trainedModel,
} from 'lenet'
import { keep, readMnist, type Tools, weightsPath } from './paper/line.ts'

/** What is done to an image, and how much of it; the first of each list does nothing. */
const changes = {
  rotation: [0, 10, 20, 30, 40, 50, 60],
  scale: [1, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1, 1.2, 1.3, 1.5],
  right: [0, 1, 2, 3, 4, 5, 6, 8],
  down: [0, 1, 2, 3, 4, 5, 6, 8],
  inverted: [0, 0.02, 0.05, 0.1, 0.15, 0.2],
} as const
type Change = keyof typeof changes

export async function run(tools: Tools): Promise<void> {
  if (!existsSync(weightsPath('paper-lenet5', 1))) return tools.say("run 'npx lenet experiment paper-lenet5' first")
  const { train: patterns, test } = await readMnist([1, 32, 32], tools)
  const models: Record<string, TrainedModel> = {
    lenet5: trainedModel(readModel(new Uint8Array(readFileSync(weightsPath('paper-lenet5', 1))))),
    lenet: await trainToday(patterns),
  }
  const curves = []
  for (const [model, trained] of Object.entries(models))
    for (const [change, amounts] of Object.entries(changes) as [Change, readonly number[]][]) {
      const accuracies: number[] = []
      for (const amount of amounts) {
        const { evaluation } = await trained.evaluate(changed(test, change, amount))
        accuracies.push(evaluation.accuracy)
      }
      curves.push({ model, change, amounts, accuracies })
      tools.say(`${model}, ${change}: ${accuracies.map((value) => (100 * value).toFixed(1)).join(' ')}`)
    }
  keep(join(import.meta.dirname, 'results/paper-invariance.json'), `${JSON.stringify(curves, undefined, 1)}\n`)
}

/** The default recipe of the command line. */
async function trainToday(data: Dataset): Promise<TrainedModel> {
  const optimizer = sgd({ lr: 0.03, momentum: 0.9, weightDecay: 0.0005 })
  const run = train(modelNamed('lenet', { channels: 1 }), data, {
    epochs: 5,
    optimizer,
    schedule: oneCycle(),
    threads: 2,
  })
  for await (const _ of run);
  return run.trained
}

function changed(data: Dataset, change: Change, amount: number): Dataset {
  const pixels = new Uint8Array(data.pixels.length)
  const source = data.pixels as Uint8Array
  const [, rows, columns] = data.shape
  const size = rows * columns
  const angle = change === 'rotation' ? (amount * Math.PI) / 180 : 0
  const zoom = change === 'scale' ? amount : 1
  const [right, down] = [change === 'right' ? amount : 0, change === 'down' ? amount : 0]
  const [cosine, sine] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom]
  data.labels.forEach((_, n) => {
    const random = createRandom(1, 'noise', 0, n)
    // Half of the images turn or move the other way.
    const sign = random() < 0.5 ? -1 : 1
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const [x, y] = [j - (columns - 1) / 2 - sign * right, i - (rows - 1) / 2 - sign * down]
        const value = sample(
          source,
          n * size,
          rows,
          columns,
          cosine * x + sign * sine * y,
          cosine * y - sign * sine * x,
        )
        pixels[n * size + i * columns + j] = change === 'inverted' && random() < amount ? 255 - value : value
      }
  })
  return { ...data, pixels }
}

/** The image at a place relative to its centre, between four pixels; black outside. */
function sample(source: Uint8Array, from: number, rows: number, columns: number, x: number, y: number): number {
  const [column, row] = [x + (columns - 1) / 2, y + (rows - 1) / 2]
  const [left, top] = [Math.floor(column), Math.floor(row)]
  const at = (i: number, j: number): number =>
    i < 0 || j < 0 || i >= rows || j >= columns ? 0 : source[from + i * columns + j]!
  const [u, v] = [column - left, row - top]
  return Math.round(
    (1 - v) * ((1 - u) * at(top, left) + u * at(top, left + 1)) +
      v * ((1 - u) * at(top + 1, left) + u * at(top + 1, left + 1)),
  )
}
