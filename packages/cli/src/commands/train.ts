// lenet train: claims a folder, reads data, trains, keeps the run on disk, and says what to do next.
import { join } from 'node:path'
import { type Checkpoint, FormatError, type Net, readCheckpoint, train, trainingEngine } from 'lenet'
import { readFileOrExplain } from 'lenet/node'
import { type BegunRun, type Claim, claimBegun, claimNew } from '../claim-run.ts'
import type { Context } from '../context.ts'
import type { RunConfig } from '../run-config.ts'
import { exists, files, writeConfig } from '../run-folder.ts'
import type { Metric } from '../run-metrics.ts'
import { type StopSignals, watchStopSignals } from '../stop-signals.ts'
import { versions } from '../versions.ts'
import { follow, type Job, keepCheckpoint } from './keep-run.ts'
import { askedIn, resolveFlags, resumeWith, type TrainFlags, toTrainOptions } from './train-options.ts'
import { describe, tellRecipe } from './train-report.ts'
import { setUpRun } from './train-setup.ts'

export async function trainCommand(context: Context, dataset: string | undefined, flags: TrainFlags): Promise<void> {
  const stop = watchStopSignals(context)
  try {
    await (flags.resume ? goOn(context, dataset, flags, stop) : begin(context, dataset, flags, stop))
  } finally {
    stop.close()
  }
}

async function begin(
  context: Context,
  dataset: string | undefined,
  flags: TrainFlags,
  stop: StopSignals,
): Promise<void> {
  const config = resolveFlags(context, dataset, flags)
  // What the library refuses of them is refused before anything is read.
  toTrainOptions(config)
  const claim = await claimNew(context.messages, flags.out, nameOf(config))
  try {
    tellRecipe(context, flags, config.model)
    const setup = await setUpRun(context, config, askedIn(flags, config))
    await runJob(context, { ...setup, folder: claim.folder, metrics: [] }, stop)
  } finally {
    claim.release()
  }
}

const nameOf = ({ dataset, model }: RunConfig): string =>
  `${dataset.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '') || 'data'}-${model.replace(/[^\w.-]+/g, '-')}`

async function goOn(
  context: Context,
  dataset: string | undefined,
  flags: TrainFlags,
  stop: StopSignals,
): Promise<void> {
  const { messages, say, emit } = context
  const run = await claimBegun(messages, flags.out)
  try {
    const config = resumeWith(context, dataset, flags, run.config)
    const done = run.metrics.at(-1)
    if (done?.event === 'done') {
      emit({ ...done, run: run.folder })
      return say(messages.train.complete(run.folder))
    }
    say(messages.train.resuming(run.folder))
    const setup = await setUpRun(context, config, { holdOut: false, epochs: false, augment: false })
    const checkpoint = await lastCheckpoint(run, setup.net)
    emit({ event: 'resume', run: run.folder, epoch: checkpoint?.epoch ?? 0, step: checkpoint?.step ?? 0 })
    if (checkpoint && checkpoint.fingerprint === undefined)
      process.stderr.write(`${messages.train.oldCheckpoint(run.folder)}\n`)
    const metrics = epochsBefore(run, checkpoint)
    await runJob(context, { ...setup, folder: run.folder, metrics }, stop, checkpoint)
  } finally {
    run.release()
  }
}

async function lastCheckpoint({ folder }: Claim, net: Net): Promise<Checkpoint | undefined> {
  const path = join(folder, files.checkpoint)
  return (await exists(path)) ? readCheckpoint(net, await readFileOrExplain(path), path) : undefined
}

/**
 * The lines of the epochs that a checkpoint has done; one more may have been written before a kill.
 * @throws FormatError where lines or the checkpoint are missing.
 */
function epochsBefore({ folder, metrics }: BegunRun, checkpoint: Checkpoint | undefined): Metric[] {
  const epoch = checkpoint?.epoch ?? 0
  if (metrics.length < epoch || metrics.length > epoch + 1)
    throw new FormatError(
      join(folder, files.metrics),
      `tells of ${metrics.length} epochs, and the checkpoint ${checkpoint ? `has done ${epoch}` : 'is missing'}`,
      { hint: 'begin a new run without --resume' },
    )
  return metrics.slice(0, epoch)
}

async function runJob(context: Context, job: Job, stop: StopSignals, checkpoint?: Checkpoint): Promise<void> {
  const { net, data, config, folder, start } = job
  const run = train(net, data, {
    ...toTrainOptions(config),
    ...start,
    ...(checkpoint && { resume: checkpoint }),
    signal: stop.signal,
    onFallback: (error) => tellFallback(context, error),
  })
  describe(context, job, checkpoint)
  const compiled = tellCompiling(context, config)
  try {
    await follow(context, job, run, async () => {
      compiled()
      await writeConfig(folder, { ...config, versions: versions() })
      stop.begin()
    })
  } catch (error) {
    // Whatever happened, what was learned so far is kept; a diverged state is not.
    if ((error as Error).name === 'AbortError') {
      await keepCheckpoint(job, run)
      stop.tell(context.messages.train.interrupted(folder))
      stop.tell(context.messages.train.goOn(`npx lenet train --resume --out ${folder}`))
    }
    throw error
  }
}

/** The machine is computing all the same, with the engine that is everywhere. */
function tellFallback({ say, emit, messages }: Context, { message }: Error): void {
  const [reason] = messages.errors.told(message).split('\n')
  emit({ event: 'engine', engine: 'wasm', reason })
  say(messages.train.fallback(reason!))
}

/** On a terminal a line says what takes the time before the first step, and goes when it is done. */
function tellCompiling({ stdout, json, messages }: Context, { engine }: RunConfig): () => void {
  const tells = stdout.isTTY === true && !json && trainingEngine(engine) === 'native'
  if (tells) stdout.write(messages.train.compiling)
  return () => void (tells && stdout.write('\r\u001b[K'))
}
