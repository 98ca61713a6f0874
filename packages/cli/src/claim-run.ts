// Which folder a run is written in: a new one, or that of a run to go on with. It is locked before anything else happens.
import { readdirSync, rmdirSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from 'lenet'
import { makeFolder, removeTemporaryFiles } from 'lenet/node'
import type { Messages } from './messages.ts'
import type { RunConfig } from './run-config.ts'
import { exists, files, readConfig, readMetrics } from './run-folder.ts'
import { type Holder, holderOf, LOCK, releaseLock, takeLock } from './run-lock.ts'
import type { Metric } from './run-metrics.ts'

const RUNS = 'runs'

export interface Claim {
  readonly folder: string
  /** Gives the folder back; what was made for it and is empty goes. */
  release(): void
}

/** A run that is there, as it stands. */
export interface BegunRun extends Claim {
  readonly config: RunConfig
  readonly metrics: readonly Metric[]
}

/** `--out` where it holds nothing that a run writes, or `runs/mnist-lenet`, or the first of `runs/mnist-lenet-2`, … that is free. */
export async function claimNew(messages: Messages, out: string | undefined, name: string): Promise<Claim> {
  if (out !== undefined) {
    const claim = ours(messages, out, await lockFolder(out))
    const taken = readdirSync(out).find((file) => Object.values<string>(files).includes(file))
    if (taken === undefined) return claim
    claim.release()
    const { runExists, wouldReplace } = messages.errors
    throw new UsageError((await exists(join(out, files.config))) ? runExists(out) : wouldReplace(out, taken))
  }
  for (let number = 1; ; number++) {
    const folder = join(RUNS, number === 1 ? name : `${name}-${number}`)
    if (!(await isBare(folder))) continue
    const claim = await lockFolder(folder)
    if ('pid' in claim) continue
    if (await isBare(folder)) return claim
    claim.release()
  }
}

/**
 * The run in `out`, or the run in `runs` that was written last and can go on. A complete one is given where `out` names it.
 * @throws UsageError where there is none, it diverged, or a living process writes it.
 */
export async function claimBegun(messages: Messages, out: string | undefined): Promise<BegunRun> {
  const folder = out ?? (await lastOpenRun())
  if (folder === undefined) throw new UsageError(messages.errors.nothingOpen(RUNS))
  if (!(await exists(join(folder, files.config)))) throw new UsageError(messages.errors.nothingToResume(folder))
  const claim = ours(messages, folder, await lockFolder(folder))
  try {
    const [config, metrics] = [await readConfig(folder), await readMetrics(folder)]
    const last = metrics.at(-1)
    if (last?.event === 'diverged') throw new UsageError(messages.errors.diverged(folder, last.message))
    return { ...claim, config, metrics }
  } catch (error) {
    claim.release()
    throw error
  }
}

async function lastOpenRun(): Promise<string | undefined> {
  const names = await readdir(RUNS).catch(() => [])
  const found = await Promise.all(
    names.map(async (name) => {
      const folder = join(RUNS, name)
      const written = await Promise.all([timeOf(join(folder, files.config)), timeOf(join(folder, files.checkpoint))])
      return { folder, hasConfig: written[0] > 0, at: Math.max(...written) }
    }),
  )
  for (const { folder } of found.filter(({ hasConfig }) => hasConfig).sort((a, b) => b.at - a.at)) {
    const last = (await readMetrics(folder)).at(-1)
    if ((last === undefined || last.event === 'epoch') && holderOf(folder) === undefined) return folder
  }
  return undefined
}

const timeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0

/** Whether nothing is there, or only what a start that was killed has left. */
const isBare = async (folder: string): Promise<boolean> =>
  (await readdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : ['?']))).every(
    (name) => name.startsWith(LOCK) || name.endsWith('.tmp'),
  )

async function lockFolder(folder: string): Promise<Claim | Holder> {
  const made = await makeFolder(folder)
  const holder = tryLock(folder)
  if (holder !== undefined) return holder
  const release = () => {
    process.off('exit', release)
    releaseLock(folder)
    for (const path of made.toReversed())
      try {
        rmdirSync(path)
      } catch {
        // It holds a run.
        return
      }
  }
  process.on('exit', release)
  await removeTemporaryFiles(folder)
  return { folder, release }
}

function tryLock(folder: string): Holder | undefined {
  try {
    return takeLock(folder)
  } catch (error) {
    throw new UsageError(`${join(folder, LOCK)}: cannot be written: ${(error as Error).message}`)
  }
}

/** @throws UsageError where a living process has the folder. */
function ours({ errors }: Messages, folder: string, claim: Claim | Holder): Claim {
  if (!('pid' in claim)) return claim
  throw new UsageError(errors.runBusy(folder, claim.pid, claim.host), errors.deleteLock(join(folder, LOCK)))
}
