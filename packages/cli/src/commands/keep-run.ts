// A run is written while it is trained: its epochs, a checkpoint, and in the end the model and the figures.
import { join } from 'node:path'
import {
  type DoneEvent,
  drawConfusion,
  drawCurves,
  type EpochEvent,
  RunError,
  type TrainEvent,
  type TrainingRun,
  writeCheckpoint,
  writeModel,
} from 'lenet'
import { writeFileAtomic } from 'lenet/node'
import type { Context } from '../context.ts'
import { Progress } from '../progress.ts'
import { files, removeCheckpoint, writeMetrics } from '../run-folder.ts'
import type { Metric } from '../run-metrics.ts'
import { conclude } from './train-report.ts'
import type { RunSetup } from './train-setup.ts'

export interface Job extends RunSetup {
  readonly folder: string
  readonly metrics: Metric[]
}

/** Milliseconds between two checkpoints within an epoch. */
const KEEP_EVERY = 1000

export const keepCheckpoint = ({ folder, net }: Job, run: TrainingRun): Promise<void> =>
  writeFileAtomic(join(folder, files.checkpoint), writeCheckpoint(net, run.checkpoint()))

/** @param onBegin once, when something was computed: until then the run may still be refused. */
export async function follow(
  context: Context,
  job: Job,
  run: TrainingRun,
  onBegin: () => Promise<void>,
): Promise<void> {
  const progress = context.json
    ? undefined
    : new Progress({ output: context.stdout, messages: context.messages, paint: context.paint })
  let kept = performance.now()
  let begun: Promise<void> | undefined
  const begin = () => {
    begun ??= onBegin()
    return begun
  }
  for await (const event of markDivergence(job, run, begin)) {
    await begin()
    if (event.event === 'step') {
      progress?.step(event)
      if (performance.now() - kept < KEEP_EVERY) continue
      await keepCheckpoint(job, run)
      kept = performance.now()
    } else if (event.event === 'epoch') {
      progress?.epoch(event)
      context.emit(event)
      job.metrics.push(event)
      await writeMetrics(job.folder, job.metrics)
      await keepCheckpoint(job, run)
      kept = performance.now()
    } else await complete(context, job, run, event)
  }
}

/** Writes down that a run diverged: nobody is to go on with it. */
async function* markDivergence(
  job: Job,
  run: TrainingRun,
  begin: () => Promise<void>,
): AsyncGenerator<TrainEvent, void> {
  try {
    yield* run
  } catch (error) {
    if (error instanceof RunError) {
      await begin()
      const [message] = error.message.split('\n')
      await writeMetrics(job.folder, [...job.metrics, { event: 'diverged', message: message! }])
      await removeCheckpoint(job.folder)
    }
    throw error
  }
}

/** Writes what a complete run holds, the line that says so last. */
async function complete(context: Context, job: Job, run: TrainingRun, event: DoneEvent): Promise<void> {
  const { folder, config, metrics, data } = job
  await writeFileAtomic(join(folder, files.model), writeModel(run.trained))
  const epochs = metrics.filter((metric): metric is EpochEvent => metric.event === 'epoch')
  const title = `${config.model} · ${config.dataset}`
  await writeFileAtomic(
    join(folder, files.curves),
    drawCurves({
      epochs,
      title,
      chance: 1 / data.train.classes.length,
      ...(event.testAccuracy !== undefined && { testAccuracy: event.testAccuracy }),
    }),
  )
  if (run.evaluation)
    await writeFileAtomic(
      join(folder, files.confusion),
      drawConfusion({ classes: data.train.classes, confusion: run.evaluation.confusion, title }),
    )
  metrics.push(event)
  await writeMetrics(folder, metrics)
  await removeCheckpoint(folder)
  context.emit({ ...event, run: folder })
  conclude(context, { folder, data, epochs, done: event })
}
