// A run on disk: config.json, metrics.jsonl, the models, the figures, and a checkpoint until training is complete. Every
// file is replaced whole, so that a killed process leaves the last good one.
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FormatError, type TrainEvent } from 'lenet'
import { readFileOrExplain, writeFileAtomic } from 'lenet/node'

export const files = {
  config: 'config.json',
  metrics: 'metrics.jsonl',
  checkpoint: 'checkpoint.safetensors',
  model: 'model.safetensors',
  best: 'best.safetensors',
  curves: 'curves.svg',
  confusion: 'confusion.svg',
} as const

export type Metric = Exclude<TrainEvent, { event: 'step' }>

export const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined

const folderOf = (name: string, number: number): string => join('runs', number === 1 ? name : `${name}-${number}`)

/** `runs/mnist-lenet`, or the first of `runs/mnist-lenet-2`, … that is free. */
export async function freeFolder(name: string): Promise<string> {
  for (let number = 1; ; number++) {
    if (!(await exists(folderOf(name, number)))) return folderOf(name, number)
  }
}

/** The last of these runs that is not complete, or the last of all. */
export async function folderToResume(name: string): Promise<string> {
  let last = folderOf(name, 1)
  let open: string | undefined
  for (let number = 1; await exists(folderOf(name, number)); number++) {
    last = folderOf(name, number)
    if (!(await readMetrics(last)).some(({ event }) => event === 'done')) open = last
  }
  return open ?? last
}

export const writeJson = (folder: string, value: object): Promise<void> =>
  writeFileAtomic(join(folder, files.config), `${JSON.stringify(value, null, 2)}\n`)

/** @throws FormatError where there is no run or its configuration is damaged. */
export async function readConfig<T>(folder: string): Promise<T> {
  const path = join(folder, files.config)
  const text = new TextDecoder().decode(await readFileOrExplain(path))
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new FormatError(path, `is not JSON: ${(error as Error).message}`)
  }
}

/** The epochs that a run has told so far; lines that a crash left incomplete are not there. */
export async function readMetrics(folder: string): Promise<Metric[]> {
  const path = join(folder, files.metrics)
  if (!(await exists(path))) return []
  const lines = new TextDecoder().decode(await readFileOrExplain(path)).split('\n')
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return JSON.parse(line) as Metric
      } catch {
        throw new FormatError(path, `holds a line that is not JSON: ${line.slice(0, 40)}`)
      }
    })
}

export const writeMetrics = (folder: string, metrics: readonly Metric[]): Promise<void> =>
  writeFileAtomic(join(folder, files.metrics), metrics.map((metric) => `${JSON.stringify(metric)}\n`).join(''))

export const removeCheckpoint = (folder: string): Promise<void> => rm(join(folder, files.checkpoint), { force: true })
