// lenet train: reads data, trains, keeps the run on disk, and says what to do next.
import { join } from 'node:path'
import {
  type Checkpoint,
  type Dataset,
  type DoneEvent,
  drawConfusion,
  drawCurves,
  type EpochEvent,
  fitDataset,
  initialise,
  isFramed,
  modelNamed,
  type Net,
  readCheckpoint,
  type Splits,
  summarise,
  type TrainedModel,
  type TrainingRun,
  type TrainOptions,
  takeFirst,
  train,
  trainingEngine,
  UsageError,
  writeCheckpoint,
  writeModel,
} from 'lenet'
import { loadDataset, readFileOrExplain, writeFileAtomic } from 'lenet/node'
import type { Context } from '../context.ts'
import { curveText } from '../curve-text.ts'
import { fineTune } from '../fine-tune.ts'
import { loadModel } from '../load-model.ts'
import { count, duration, percent } from '../numbers.ts'
import { Progress } from '../progress.ts'
import {
  exists,
  files,
  folderToResume,
  freeFolder,
  type Metric,
  readConfig,
  readMetrics,
  removeCheckpoint,
  writeJson,
  writeMetrics,
} from '../run-folder.ts'
import { showLoading } from '../show-loading.ts'
import { versions } from '../versions.ts'
import { type RunConfig, resolveFlags, type TrainFlags, toTrainOptions } from './train-options.ts'

interface Job {
  readonly config: RunConfig
  readonly folder: string
  readonly resumes: boolean
  readonly net: Net
  /** What a model to start from says beyond its layers. */
  readonly start: TrainOptions
  readonly data: Splits
  readonly checkpoint?: Checkpoint
  readonly metrics: Metric[]
}

/** What the pictures of a folder become: the input of the models. Data sets with names have shapes of their own. */
const PICTURES = [3, 32, 32] as const

/** Milliseconds between two checkpoints within an epoch. */
const KEEP_EVERY = 1000

export async function trainCommand(context: Context, dataset: string | undefined, flags: TrainFlags): Promise<void> {
  const { config, folder, resumes } = await chooseRun(context, dataset, flags)
  const metrics = resumes ? await readMetrics(folder) : []
  if (metrics.some(({ event }) => event === 'done')) return context.say(context.messages.train.complete(folder))
  const data = await readData(context, config)
  const start = await chooseNet(context, config, data)
  const { net } = start
  const fitted = fit(data, net)
  const checkpoint = resumes ? await lastCheckpoint(folder, net) : undefined
  describe(context, config, net, fitted, checkpoint)
  await runJob(context, {
    config,
    folder,
    resumes,
    net,
    start: start.options,
    data: fitted,
    checkpoint,
    metrics: metrics.filter((metric) => metric.event === 'epoch' && metric.epoch <= (checkpoint?.epoch ?? 0)),
  })
}

/** A new folder, or the one to go on with. */
async function chooseRun(context: Context, dataset: string | undefined, flags: TrainFlags) {
  const { errors } = context.messages
  const config = resolveFlags(context, dataset, flags)
  const find = flags.resume ? folderToResume : freeFolder
  const folder = flags.out ?? (await find(runName(config)))
  const taken = await exists(join(folder, files.config))
  if (!flags.resume) {
    if (taken) throw new UsageError(errors.runExists(folder))
    return { config, folder, resumes: false }
  }
  if (!taken) throw new UsageError(errors.nothingToResume(folder))
  // The run goes on as it began; only what does not change the result may be chosen anew.
  const { threads, engine } = config
  return { config: { ...(await readConfig<RunConfig>(folder)), threads, engine }, folder, resumes: true }
}

const runName = ({ dataset, model }: RunConfig): string =>
  `${dataset.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '') || 'data'}-${model}`

/** A net of the zoo with fresh weights, or that of another model with some of its weights. */
async function chooseNet(
  context: Context,
  config: RunConfig,
  { train: { shape, classes } }: Splits,
): Promise<{ net: Net; options: TrainOptions }> {
  if (config.from === undefined)
    return { net: modelNamed(config.model, { channels: shape[0], classes: classes.length }), options: {} }
  const { model } = await loadModel(context, 'train', config.from)
  const { net, kept, frozen } = fineTune(model, classes.length, config)
  const weights = new Map([...initialise(net, config.seed), ...kept])
  return { net, options: { weights, frozen, normalisation: model.normalisation } }
}

async function readData(context: Context, { dataset, dataDir, limit }: RunConfig): Promise<Splits> {
  context.say(context.messages.train.reading(dataset))
  const loading = showLoading(context)
  const data = await loadDataset(dataset, {
    ...(dataDir !== undefined && { dataDir }),
    shape: PICTURES,
    onProgress: loading.progress,
  }).finally(loading.end)
  return limit === undefined ? data : { ...data, train: takeFirst(data.train, limit) }
}

function fit({ train, test }: Splits, { input }: Net): Splits {
  const shape = input as readonly [number, number, number]
  const one = (data: Dataset): Dataset => (isFramed(data.shape, shape) ? data : fitDataset(data, shape))
  return { train: one(train), ...(test && { test: one(test) }) }
}

async function lastCheckpoint(folder: string, net: Net): Promise<Checkpoint | undefined> {
  const path = join(folder, files.checkpoint)
  return (await exists(path)) ? readCheckpoint(net, await readFileOrExplain(path), path) : undefined
}

function describe(
  { say, messages }: Context,
  config: RunConfig,
  net: Net,
  { train, test }: Splits,
  checkpoint: Checkpoint | undefined,
): void {
  const texts = messages.train
  say(
    texts.data(
      count(train.labels.length - config.validation),
      config.validation > 0 ? count(config.validation) : undefined,
      test && count(test.labels.length),
    ),
  )
  say(texts.model(config.model, count(summarise(net).parameters)))
  const engine = trainingEngine(config.engine)
  say(texts.engine(config.fast ? texts.fastEngine(engine) : engine, config.threads, config.seed))
  if (checkpoint) say(texts.resumed(checkpoint.epoch + 1, checkpoint.step))
  say()
}

async function runJob(context: Context, job: Job): Promise<void> {
  const stop = new AbortController()
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(130)
    context.say(`\n${context.messages.train.interrupting}`)
    stop.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  const { net, data, config, checkpoint } = job
  const run = train(net, data, {
    ...toTrainOptions(config),
    ...job.start,
    ...(checkpoint && { resume: checkpoint }),
    signal: stop.signal,
    onFallback: (error) => tellFallback(context, error),
  })
  // What the library refuses leaves no folder behind.
  if (!job.resumes) await writeJson(job.folder, { ...config, versions: versions() })
  try {
    await follow(context, job, run)
  } catch (error) {
    // Whatever happened, what was learned so far is kept; a diverged state is not.
    if ((error as Error).name === 'AbortError') {
      await keep(job, run)
      context.say(context.messages.train.interrupted(job.folder))
      context.say(context.messages.train.goOn(`npx lenet train --resume --out ${job.folder}`))
    }
    throw error
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

/** The machine is computing all the same, with the engine that is everywhere. */
function tellFallback({ say, emit, messages }: Context, { message }: Error): void {
  const [reason] = message.split('\n')
  emit({ event: 'engine', engine: 'wasm', reason })
  say(messages.train.fallback(reason!))
}

const keep = ({ folder, net }: Job, run: TrainingRun): Promise<void> =>
  writeFileAtomic(join(folder, files.checkpoint), writeCheckpoint(net, run.checkpoint()))

async function follow(context: Context, job: Job, run: TrainingRun): Promise<void> {
  const progress = context.json
    ? undefined
    : new Progress({ output: context.stdout, messages: context.messages, paint: context.paint })
  let kept = performance.now()
  for await (const event of run) {
    if (event.event === 'step') {
      progress?.step(event)
      if (performance.now() - kept < KEEP_EVERY) continue
      await keep(job, run)
      kept = performance.now()
    } else if (event.event === 'epoch') {
      progress?.epoch(event)
      context.emit(event)
      job.metrics.push(event)
      await writeMetrics(job.folder, job.metrics)
      await keep(job, run)
      kept = performance.now()
    } else await complete(context, job, run, event)
  }
}

/** Writes what a complete run holds, the line that says so last. */
async function complete(context: Context, job: Job, run: TrainingRun, event: DoneEvent): Promise<void> {
  const { folder, config, metrics, data } = job
  const saveModel = (file: string, model: TrainedModel) => writeFileAtomic(join(folder, file), writeModel(model))
  await saveModel(files.model, run.trained)
  if (run.best) await saveModel(files.best, run.best)
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
  conclude(context, job, epochs, event)
}

function conclude(
  { say, messages, paint, stdout }: Context,
  { folder, data }: Job,
  epochs: readonly EpochEvent[],
  done: DoneEvent,
): void {
  const texts = messages.train
  const curves = curveText({
    epochs,
    messages,
    paint,
    ...(stdout.columns !== undefined && { columns: stdout.columns }),
  })
  if (curves !== '') say(`\n${curves}`)
  say()
  if (done.testAccuracy === undefined) say(texts.noTest)
  else
    say(paint('bold', texts.test(percent(done.testAccuracy), count(done.testErrors!), count(data.test!.labels.length))))
  say(texts.weights(done.weightsHash))
  say(texts.took(duration(done.seconds)))
  say(texts.saved(folder))
  say(`\n${texts.next}`)
  const next = [
    [`npx lenet predict ${folder} digit.png`, texts.nextPredict],
    [`npx lenet eval ${folder}`, texts.nextEval],
    [`npx lenet summary ${folder}`, texts.nextSummary],
  ] as const
  const width = Math.max(...next.map(([command]) => command.length))
  for (const [command, why] of next) say(`  ${paint('cyan', command.padEnd(width))}  ${paint('dim', why)}`)
}
