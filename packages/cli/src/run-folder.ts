// A run on disk: config.json, metrics.jsonl, the model, the figures, and a checkpoint until training is complete. Every
// file is replaced whole, so that a killed process leaves the last good one.
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type DoneEvent, type EpochEvent, FormatError } from 'lenet'
import { readFileOrExplain, writeFileAtomic } from 'lenet/node'
import { checkConfig, type RunConfig } from './run-config.ts'

export const files = {
  config: 'config.json',
  metrics: 'metrics.jsonl',
  checkpoint: 'checkpoint.safetensors',
  model: 'model.safetensors',
  curves: 'curves.svg',
  confusion: 'confusion.svg',
} as const

/** The last line of a run that cannot go on: from its checkpoint it would come to the same end. */
export interface DivergedLine {
  readonly event: 'diverged'
  readonly message: string
}

export type Metric = EpochEvent | DoneEvent | DivergedLine

export const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined

export const writeConfig = (folder: string, config: RunConfig): Promise<void> =>
  writeFileAtomic(join(folder, files.config), `${JSON.stringify(config, null, 2)}\n`)

/** @throws FormatError where there is no run or its configuration is damaged. */
export async function readConfig(folder: string): Promise<RunConfig> {
  const path = join(folder, files.config)
  const text = new TextDecoder().decode(await readFileOrExplain(path))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new FormatError(path, `is not JSON: ${(error as Error).message}`)
  }
  return checkConfig(value, path)
}

/**
 * What a run has told so far: its epochs from the first, each once, and how it ended. Lines that a crash left incomplete
 * are not there.
 * @throws FormatError naming the line that is none, or out of order.
 */
export async function readMetrics(folder: string): Promise<Metric[]> {
  const path = join(folder, files.metrics)
  if (!(await exists(path))) return []
  const lines = new TextDecoder().decode(await readFileOrExplain(path)).split('\n')
  const metrics = lines.filter((line) => line !== '').map((line, at) => readLine(line, `${path}: line ${at + 1}`))
  for (const [at, metric] of metrics.entries()) {
    const who = `${path}: line ${at + 1}`
    if (metric.event === 'epoch' && metric.epoch !== at + 1)
      throw new FormatError(who, `tells of epoch ${metric.epoch} where epoch ${at + 1} is wanted`)
    if (metric.event !== 'epoch' && at < metrics.length - 1)
      throw new FormatError(who, `says '${metric.event}', and more lines follow`)
  }
  return metrics
}

function readLine(line: string, who: string): Metric {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new FormatError(who, `is not JSON: ${line.slice(0, 40)}`)
  }
  if (!isMetric(value)) throw new FormatError(who, `is no event of a run: ${line.slice(0, 40)}`)
  return value
}

function isMetric(value: unknown): value is Metric {
  if (typeof value !== 'object' || value === null) return false
  const { event, epoch, epochs, trainLoss, trainAccuracy, weightsHash, message } = value as Readonly<
    Record<string, unknown>
  >
  if (event === 'epoch') return [epoch, epochs, trainLoss, trainAccuracy].every(Number.isFinite)
  return event === 'diverged' ? typeof message === 'string' : event === 'done' && typeof weightsHash === 'string'
}

export const writeMetrics = (folder: string, metrics: readonly Metric[]): Promise<void> =>
  writeFileAtomic(join(folder, files.metrics), metrics.map((metric) => `${JSON.stringify(metric)}\n`).join(''))

export const removeCheckpoint = (folder: string): Promise<void> => rm(join(folder, files.checkpoint), { force: true })
