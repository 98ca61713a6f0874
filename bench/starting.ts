// From the start of a process to its answer, as a user waits for it: a prediction, and training to 99 % on MNIST.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { png } from '../packages/lenet/src/draw/png.ts'
import { mnist } from '../packages/lenet/src/node/mnist.ts'
import { table } from './table.ts'
import { median } from './turns.ts'

const LENET = join(import.meta.dirname, '../packages/cli/bin/lenet.js')
const SEEDS = Array.from({ length: 10 }, (_, at) => at + 1)
const PREDICTIONS = 15

export async function measureStarting(say: (text: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lenet-bench-'))
  try {
    say(await speedrun(folder))
    say(await prediction(folder))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Run {
  /** Seconds from the start of the process to the end of the last epoch, and to the end of the process. */
  readonly trained: number
  readonly over: number
  readonly accuracy: number
}

async function speedrun(folder: string): Promise<string> {
  const engine = ['--engine', 'native', '--threads', String(Math.min(2, availableParallelism()))]
  const train = (seed: number, out: string): Promise<Run> =>
    timeTraining(['train', 'mnist', '--recipe', 'speedrun', ...engine, '--seed', String(seed), '--out', out, '--json'])
  // The first run ever compiles.
  await train(SEEDS[0]!, join(folder, 'first'))
  const runs: Run[] = []
  for (const seed of SEEDS) runs.push(await train(seed, join(folder, String(seed))))
  const accuracies = runs.map(({ accuracy }) => accuracy * 100)
  const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length
  const rows = [
    [
      SEEDS.join(', '),
      accuracies.map((accuracy) => accuracy.toFixed(2)).join(', '),
      mean.toFixed(3),
      seconds(runs.map(({ trained }) => trained)),
      seconds(runs.map(({ over }) => over)),
    ],
  ]
  const heads = ['seeds', 'test accuracy, %', 'mean', 's, start to trained', 's, start to end']
  return `**Speedrun**: \`lenet train mnist --recipe speedrun ${engine.join(' ')}\`\n\n${table(heads, rows)}`
}

function timeTraining(args: readonly string[]): Promise<Run> {
  const began = performance.now()
  const since = (): number => (performance.now() - began) / 1000
  const child = spawn(process.execPath, [LENET, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let [trained, accuracy] = [Number.NaN, Number.NaN]
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as { event: string; testAccuracy?: number }
    if (event.event === 'epoch') trained = since()
    else if (event.event === 'done') accuracy = event.testAccuracy!
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve({ trained, over: since(), accuracy }) : reject(new Error(`lenet ended with ${code}`)),
    )
  })
}

async function prediction(folder: string): Promise<string> {
  const { test } = await mnist()
  const picture = join(folder, 'digit.png')
  const grey = test!.pixels.subarray(0, 784).map((value) => 255 - value) as Uint8Array
  writeFileSync(picture, png(grey, { height: 28, width: 28, depth: 1 }))
  const once = (...args: string[]): number => {
    const began = performance.now()
    execFileSync(process.execPath, args, { stdio: 'ignore' })
    return (performance.now() - began) / 1000
  }
  const turns = Array.from({ length: PREDICTIONS }, () => ({
    empty: once('-e', '0'),
    predict: once(LENET, 'predict', join(folder, '1'), picture),
  }))
  const rows = [[seconds(turns.map(({ predict }) => predict)), seconds(turns.map(({ empty }) => empty))]]
  return `**Prediction**: \`lenet predict\`, process start to answer\n\n${table(['s', 's, Node alone'], rows)}`
}

const seconds = (values: readonly number[]): string =>
  `${median(values).toFixed(3)} (${Math.min(...values).toFixed(3)}–${Math.max(...values).toFixed(3)})`
