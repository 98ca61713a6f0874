// lenet runs: the runs of a folder side by side, those on the same data together, the best first.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from 'lenet'
import type { Context } from '../context.ts'
import { percent } from '../numbers.ts'
import { isForeseen } from '../report-error.ts'
import { exists, files, readConfig, readMetrics } from '../run-folder.ts'
import type { Metric } from '../run-metrics.ts'
import { tableText } from '../table.ts'

export type RunState = 'done' | 'diverged' | 'open'

interface Listed {
  readonly run: string
  readonly data: string
  readonly model: string
  readonly epochs: number
  readonly state: RunState
  readonly testAccuracy?: number
  readonly validationAccuracy?: number
  readonly weightsHash?: string
}

/** Of a hash: enough to tell runs apart. */
const SHOWN = 12

/** @throws UsageError for a folder without runs. */
export async function runsCommand(context: Context, folder = 'runs'): Promise<void> {
  const { messages, say, emit, paint } = context
  const names = (await readdir(folder).catch(() => [])).sort()
  const listed: Listed[] = []
  for (const name of names) {
    const one = await readRun(context, join(folder, name))
    if (one !== undefined) listed.push(one)
  }
  if (listed.length === 0) throw new UsageError(messages.errors.noRuns(folder), messages.errors.trainFirst)
  listed.sort((a, b) => (a.data === b.data ? better(a, b) : a.data < b.data ? -1 : 1))
  for (const one of listed) emit(one)
  const { columns, states } = messages.runs
  const rows = listed.map((one) => [
    one.run,
    one.data,
    one.model,
    one.testAccuracy === undefined ? '–' : percent(one.testAccuracy),
    one.validationAccuracy === undefined ? '–' : percent(one.validationAccuracy),
    String(one.epochs),
    one.weightsHash?.slice(0, SHOWN) ?? states[one.state],
  ])
  const headings = Object.values(columns)
  const align = (at: number) => (at >= 3 && at <= 5 ? 'right' : 'left')
  say(tableText({ columns: headings.map((heading, at) => ({ heading, align: align(at) })), rows }, paint))
}

/** Runs without a figure come last. */
const better = (a: Listed, b: Listed): number =>
  (b.testAccuracy ?? b.validationAccuracy ?? -1) - (a.testAccuracy ?? a.validationAccuracy ?? -1)

/** Nothing for a folder that is no run; a damaged one is said. */
async function readRun({ warn, messages }: Context, run: string): Promise<Listed | undefined> {
  if (!(await exists(join(run, files.config)))) return undefined
  try {
    const { dataset, model } = await readConfig(run)
    return { run, data: dataset, model, ...outcomeOf(await readMetrics(run)) }
  } catch (error) {
    if (!isForeseen(error)) throw error
    warn(messages.errors.told((error as Error).message))
    return undefined
  }
}

function outcomeOf(metrics: readonly Metric[]): Omit<Listed, 'run' | 'data' | 'model'> {
  const last = metrics.at(-1)
  if (last?.event === 'done') {
    const { epochs, testAccuracy, validationAccuracy, weightsHash } = last
    return {
      epochs,
      state: 'done',
      ...(testAccuracy !== undefined && { testAccuracy }),
      ...(validationAccuracy !== undefined && { validationAccuracy }),
      weightsHash,
    }
  }
  const trained = metrics.filter((metric) => metric.event === 'epoch')
  const validationAccuracy = trained.at(-1)?.validationAccuracy
  return {
    epochs: trained.length,
    state: last?.event === 'diverged' ? 'diverged' : 'open',
    ...(validationAccuracy !== undefined && { validationAccuracy }),
  }
}
