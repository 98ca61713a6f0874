// A run on disk: config.json, metrics.jsonl, the model, the figures, and a checkpoint until training is complete. Every
// file is replaced whole, so that a killed process leaves the last good one.
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileOrExplain, writeFileAtomic } from 'lenet/node'
import { parseConfig, type RunConfig } from './run-config.ts'
import { type Metric, parseMetrics } from './run-metrics.ts'

export const files = {
  config: 'config.json',
  metrics: 'metrics.jsonl',
  checkpoint: 'checkpoint.safetensors',
  model: 'model.safetensors',
  curves: 'curves.svg',
  confusion: 'confusion.svg',
} as const

export const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined

export const writeConfig = (folder: string, config: RunConfig): Promise<void> =>
  writeFileAtomic(join(folder, files.config), `${JSON.stringify(config, null, 2)}\n`)

/** @throws FormatError where there is no run or its configuration is damaged. */
export const readConfig = async (folder: string): Promise<RunConfig> => {
  const path = join(folder, files.config)
  return parseConfig(new TextDecoder().decode(await readFileOrExplain(path)), path)
}

/** What a run has told so far. @throws FormatError naming the line that is none, or out of order. */
export async function readMetrics(folder: string): Promise<Metric[]> {
  const path = join(folder, files.metrics)
  if (!(await exists(path))) return []
  return parseMetrics(new TextDecoder().decode(await readFileOrExplain(path)), path)
}

export const writeMetrics = (folder: string, metrics: readonly Metric[]): Promise<void> =>
  writeFileAtomic(join(folder, files.metrics), metrics.map((metric) => `${JSON.stringify(metric)}\n`).join(''))

export const removeCheckpoint = (folder: string): Promise<void> => rm(join(folder, files.checkpoint), { force: true })
