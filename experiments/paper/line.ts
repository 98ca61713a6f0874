// One line of the paper's table: a network trained with several seeds, measured on the test images after every pass.
// What a seed gave is kept in experiments/results, and after every pass where it stands: a run that was stopped goes on there.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import {
  type Answers,
  type AugmentOptions,
  type Checkpoint,
  type Dataset,
  fitDataset,
  type Layer,
  lecun1998,
  lecun1998Pixels,
  modelNamed,
  readCheckpoint,
  sdlm,
  type TrainedModel,
  takeFirst,
  train,
  weightsHash,
  writeCheckpoint,
  writeModel,
} from 'lenet'
import { loadDataset } from 'lenet/node'

export interface Tools {
  /** A line for the reader. */
  readonly say: (text: string) => void
  readonly dataDir?: string
}

export interface Line {
  readonly name: string
  readonly title: string
  /** The paper's test error in percent. */
  readonly paper: number
  readonly model: string
  readonly loss: Layer
  /** Of the first two passes; the paper's is 0.0005. */
  readonly lr: number
  readonly damping: number
  /** Twenty, unless said otherwise; the schedule is stretched to them. */
  readonly passes?: number
  readonly augment?: AugmentOptions
  /** The first so many training images. */
  readonly samples?: number
  readonly seeds: readonly number[]
}

/** After each pass: errors in percent, on the training patterns before each update and on the test images. */
export interface Pass {
  readonly train: number
  readonly test: number
}

export interface Result {
  readonly line: string
  readonly seed: number
  readonly command: string
  readonly passes: readonly Pass[]
  readonly testErrors: number
  /** Percent of the test images to set aside so that half a percent of the rest is wrong. */
  readonly rejected: number
  /** `truth>answer`, in the order of the test images, and which images they are. */
  readonly confusions: readonly string[]
  readonly wrong: readonly number[]
  readonly weightsHash: string
  /** Of networks that answer together: each one's errors alone, its training patterns, and what the first decides alone. */
  readonly alone?: readonly number[]
  readonly patterns?: readonly number[]
  readonly earlyExit?: { readonly sure: number; readonly errors: number }
  readonly seconds: number
  readonly machine: string
  readonly date: string
}

const PASSES = 20
const RESULTS = join(import.meta.dirname, '../results')
const pathOf = (line: string, seed: number, ending = 'json'): string => join(RESULTS, `${line}-${seed}.${ending}`)

export const readResult = (line: string, seed: number): Result | undefined =>
  existsSync(pathOf(line, seed)) ? (JSON.parse(readFileSync(pathOf(line, seed), 'utf8')) as Result) : undefined

export const weightsPath = (line: string, seed: number): string => pathOf(line, seed, 'safetensors')

export function keep(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.tmp`, content)
  renameSync(`${path}.tmp`, path)
}

export const keepResult = (result: Result): void =>
  keep(pathOf(result.line, result.seed), `${JSON.stringify(result, undefined, 1)}\n`)

/** MNIST in the shape that a network takes. */
export async function readMnist(
  shape: readonly number[],
  { dataDir }: Tools,
): Promise<{ train: Dataset; test: Dataset }> {
  const { train, test } = await loadDataset('mnist', { ...(dataDir !== undefined && { dataDir }) })
  const shaped = (data: Dataset) => fitDataset(data, shape as [number, number, number])
  return { train: shaped(train), test: shaped(test!) }
}

/** The paper's training: stochastic diagonal Levenberg-Marquardt, one pattern a step, in a constant order. */
export async function trainAsIn1998(
  {
    model,
    loss,
    lr,
    damping,
    passes = PASSES,
    augment,
  }: Pick<Line, 'model' | 'loss' | 'lr' | 'damping' | 'passes' | 'augment'>,
  data: Dataset,
  { seed, resume }: { readonly seed: number; readonly resume?: Checkpoint | undefined },
  afterPass: (model: TrainedModel, trainError: number, state: () => Checkpoint) => Promise<void>,
): Promise<TrainedModel> {
  const run = train(modelNamed(model, { channels: 1 }), data, {
    epochs: passes,
    batch: 1,
    order: 'constant',
    optimizer: sdlm({ lr, damping }),
    schedule: lecun1998(),
    initialisation: 'lecun1998sqrt',
    normalisation: lecun1998Pixels,
    loss,
    seed,
    beat: 1000,
    ...(augment && { augment }),
    ...(resume && { resume }),
  })
  for await (const event of run)
    if (event.event === 'epoch') await afterPass(run.trained, 100 * (1 - event.trainAccuracy), () => run.checkpoint())
  return run.trained
}

export async function runLine(line: Line, tools: Tools): Promise<void> {
  const data = await readMnist(modelNamed(line.model, { channels: 1 }).input, tools)
  const patterns = line.samples === undefined ? data.train : takeFirst(data.train, line.samples)
  for (const seed of line.seeds) {
    if (readResult(line.name, seed)) tools.say(`${line.title}, seed ${seed}: done before`)
    else await runSeed(line, seed, patterns, data.test, tools)
  }
}

async function runSeed(line: Line, seed: number, patterns: Dataset, test: Dataset, { say }: Tools): Promise<void> {
  const { passes, before, resume } = readBegun(line, seed)
  const began = performance.now()
  const seconds = () => before + (performance.now() - began) / 1000
  const model = await trainAsIn1998(line, patterns, { seed, resume }, async (now, trainError, state) => {
    const { evaluation } = await now.evaluate(test)
    passes.push({ train: trainError, test: 100 * (1 - evaluation.accuracy) })
    keep(
      begunPath(line, seed),
      JSON.stringify({ passes, before: seconds(), settings: settingsOf(line) } satisfies Begun),
    )
    keep(statePath(line, seed), writeCheckpoint(now.net, state()))
    const { train: learned, test: measured } = passes.at(-1)!
    say(
      `${line.title}, seed ${seed}, pass ${passes.length}: train ${learned.toFixed(2)} %, test ${measured.toFixed(2)} %, ${seconds().toFixed(0)} s`,
    )
  })
  const answers = await model.evaluate(test)
  keep(weightsPath(line.name, seed), writeModel(model))
  keepResult({
    line: line.name,
    seed,
    command: `npx lenet experiment ${line.name}`,
    passes,
    ...(await measured(model, answers, test)),
    seconds: seconds(),
    machine: `${cpus().length} × ${cpus()[0]!.model.trim()}, Node ${process.versions.node}`,
    date: new Date().toISOString().slice(0, 10),
  })
  for (const path of [begunPath(line, seed), statePath(line, seed)]) rmSync(path)
}

/** A seed that is not over: what was measured after its passes, the seconds that they took, and how it learns. */
interface Begun {
  readonly settings: string
  readonly passes: Pass[]
  readonly before: number
}

const begunPath = ({ name }: Line, seed: number): string => pathOf(name, seed, 'begun')
const statePath = ({ name }: Line, seed: number): string => pathOf(name, seed, 'checkpoint')

const settingsOf = (line: Line): string => JSON.stringify({ ...line, seeds: [] })

function readBegun(line: Line, seed: number): Omit<Begun, 'settings'> & { readonly resume?: Checkpoint } {
  const path = statePath(line, seed)
  if (!existsSync(path)) return { passes: [], before: 0 }
  const resume = readCheckpoint(modelNamed(line.model, { channels: 1 }), readFileSync(path), path)
  // The state is kept last: what was measured may be one pass further.
  const { passes, before, settings } = JSON.parse(readFileSync(begunPath(line, seed), 'utf8')) as Begun
  if (settings !== settingsOf(line))
    throw new Error(`${path}: it was begun with other settings; remove it to begin anew`)
  return { passes: passes.slice(0, resume.epoch), before, resume }
}

/** What is told of a trained network and its answers. */
export async function measured({ net, weights }: TrainedModel, answers: Answers, test: Dataset) {
  const isSmallest = net.entries.at(-1)!.layer.definition.reading?.best === 'smallest'
  return {
    testErrors: answers.evaluation.errors,
    ...judge(answers.scores, isSmallest, test),
    weightsHash: await weightsHash(net, weights),
  }
}

/** Errors and the rejection that the paper measures, from scores: the difference of the best two is how sure an answer is. */
export function judge(scores: Float32Array, isSmallest: boolean, { labels, classes }: Dataset) {
  const sign = isSmallest ? -1 : 1
  const answers = Array.from(labels, (label, n) => {
    const row = Array.from(classes, (_, k) => sign * scores[n * classes.length + k]!)
    const answer = row.indexOf(Math.max(...row))
    const [first, second] = row.toSorted((a, b) => b - a)
    return { n, label, answer, margin: first! - second! }
  })
  const bySafety = answers.toSorted((a, b) => b.margin - a.margin)
  let wrong = 0
  let kept = 0
  bySafety.forEach(({ label, answer }, at) => {
    if (label !== answer) wrong++
    if (wrong <= 0.005 * (at + 1)) kept = at + 1
  })
  const errors = answers.filter(({ label, answer }) => label !== answer)
  return {
    rejected: 100 * (1 - kept / labels.length),
    confusions: errors.map(({ label, answer }) => `${label}>${answer}`),
    wrong: errors.map(({ n }) => n),
  }
}
