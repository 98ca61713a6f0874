// How the cost grows: threads, batch, image size, parameters, and memory over the number of images.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { summarise } from '../packages/lenet/src/explain/summarise.ts'
import { startChild } from './child.ts'
import { benchNet } from './net.ts'
import { type OwnTask, own, threadCounts } from './subjects.ts'
import { share, table, times, whole } from './table.ts'
import { median, SECONDS, TURNS, takeTurns } from './turns.ts'

const engines = ['native', 'wasm'] as const

export async function measureScaling(say: (text: string) => void): Promise<void> {
  say(await overThreads())
  say(await overBatches())
  say(
    await overShapes('Image size', [
      [16, 1],
      [32, 1],
      [64, 1],
    ]),
  )
  say(
    await overShapes('Parameters', [
      [32, 1],
      [32, 2],
      [32, 4],
    ]),
  )
  say(overImages())
}

/** Two threads against two processes of one thread at the same time: what sharing one training costs. */
async function overThreads(): Promise<string> {
  const heads = ['engine, batch', '1 thread, images/s', '2 threads', 'two processes', 'threads against processes']
  const rows: string[][] = []
  if (threadCounts.length > 1)
    for (const engine of engines) for (const batch of [64, 256]) rows.push(await oneAgainstTwo(engine, batch))
  return `**Threads** (training)\n\n${table(heads, rows)}`
}

async function oneAgainstTwo(engine: 'native' | 'wasm', batch: number): Promise<string[]> {
  const children = await Promise.all(
    [1, 1, 2].map((threads) => startChild(own({ mode: 'training', batch, threads, engine }).command)),
  )
  const [first, second, both] = children.map((child) => {
    if (typeof child === 'string') throw new Error(child)
    return child
  }) as [
    Exclude<(typeof children)[0], string>,
    Exclude<(typeof children)[0], string>,
    Exclude<(typeof children)[0], string>,
  ]
  for (const child of [first, second, both]) await child.measure(1)
  const turns: { alone: number; two: number; processes: number }[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    const alone = await first.measure(SECONDS)
    const two = await both.measure(SECONDS)
    const [a, b] = await Promise.all([first.measure(SECONDS), second.measure(SECONDS)])
    turns.push({ alone, two, processes: a + b })
  }
  for (const child of [first, second, both]) child.stop()
  const middle = (value: (turn: (typeof turns)[0]) => number): number => median(turns.map(value))
  return [
    `${engine}, ${batch}`,
    whole(middle(({ alone }) => alone)),
    `${whole(middle(({ two }) => two))} (${times(middle(({ two, alone }) => two / alone))})`,
    `${whole(middle(({ processes }) => processes))} (${times(middle(({ processes, alone }) => processes / alone))})`,
    share(middle(({ two, processes }) => two / processes)),
  ]
}

async function overBatches(): Promise<string> {
  const batches = [1, 4, 16, 64, 256]
  const row = async (mode: OwnTask['mode'], engine: OwnTask['engine']): Promise<string[]> => {
    const results = await takeTurns(batches.map((batch) => own({ mode, batch, threads: 1, engine })))
    return [`${mode}, ${engine}`, ...results.map(({ rates }) => (1e6 / median(rates)).toFixed(1))]
  }
  const rows: string[][] = []
  for (const mode of ['training', 'inference'] as const)
    for (const engine of engines) rows.push(await row(mode, engine))
  return `**Batch** (µs an image, 1 thread)\n\n${table(['batch', ...batches.map(String)], rows)}`
}

async function overShapes(title: string, shapes: readonly (readonly [size: number, width: number])[]): Promise<string> {
  const facts = shapes.map(([size, width]) => summarise(benchNet(3, size, width)))
  const rows: string[][] = []
  for (const engine of engines) {
    const results = await takeTurns(
      shapes.map(([size, width]) => own({ mode: 'training', batch: 64, threads: 1, engine, size, width })),
    )
    results.forEach(({ rates }, at) => {
      const { input, parameters, multiplyAdds } = facts[at]!
      const seconds = 1 / median(rates)
      rows.push([
        `${engine}, [${input}]`,
        whole(parameters),
        whole(multiplyAdds),
        (seconds * 1e6).toFixed(1),
        ((seconds * 1e9) / multiplyAdds).toFixed(3),
      ])
    })
  }
  const heads = ['engine, image', 'parameters', 'multiply-adds', 'µs an image', 'ns a multiply-add']
  return `**${title}** (training, batch 64, 1 thread; multiply-adds of the forward pass)\n\n${table(heads, rows)}`
}

/** The most memory that training took at any moment, less the images themselves. */
function overImages(): string {
  const rows = [1000, 10_000, 60_000, 240_000].map((images) => {
    const text = execFileSync(process.execPath, [join(import.meta.dirname, 'peers/memory.ts'), String(images)], {
      encoding: 'utf8',
    })
    const { most, data } = JSON.parse(text) as { most: number; data: number }
    const mega = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
    return [whole(images), mega(data), mega(most), mega(most - data)]
  })
  return `**Memory** (training one epoch, native, 2 threads; MiB)\n\n${table(['images', 'of the images', 'of the process', 'difference'], rows)}`
}
