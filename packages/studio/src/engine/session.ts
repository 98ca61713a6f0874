// One experiment under training. A run is an iterator: to pause is not to ask for its next event; to go on from an earlier
// moment is to resume from that moment's checkpoint. None of this changes a bit of the result.
import {
  type Checkpoint,
  createProbe,
  type Dataset,
  type EntryState,
  fitDataset,
  type Net,
  type Probe,
  type StepResult,
  type TrainEvent,
  type TrainingRun,
  train,
  type Weights,
} from 'lenet'
import {
  type Curve,
  type CurveScale,
  createRecorder,
  curveScale,
  type Mark,
  type Recorder,
} from '../experiment/curve.ts'
import { netOf } from '../experiment/net-of.ts'
import { type Setup, trainOptionsOf } from '../experiment/setup.ts'
import { type Kept, keep, nothingKept, type Timed, upTo } from '../experiment/snapshots.ts'
import { slice } from './measure.ts'
import { type PlainModel, toPlain } from './plain-model.ts'
import { threadsHere } from './threads.ts'

export interface Halves {
  readonly train: Dataset
  readonly test?: Dataset
}

/** A moment of training, with everything that is shown of it. */
export interface Moment extends Timed {
  readonly epoch: number
  readonly step: number
  readonly steps: number
  /** Points of the curve that are whole. */
  readonly points: number
  readonly seconds: number
  readonly imagesPerSecond: number
  readonly states: readonly EntryState[]
  readonly weights: Weights
}

export interface Ending {
  readonly weightsHash: string
  readonly seconds: number
  readonly testAccuracy?: number
  readonly testErrors?: number
  readonly testImages?: number
}

/** How the layers stand at one of some steps that follow from the set-up, for the small curves. */
export interface Standing {
  readonly progress: number
  readonly states: readonly EntryState[]
}

export interface EpochMeans {
  readonly loss: number
  readonly accuracy: number
}

export type SessionNews =
  | {
      readonly type: 'moment'
      readonly moment: Moment
      /** What has come to the curve since the moment before. */
      readonly curve: Curve
      readonly standings: readonly Standing[]
      /** Over an epoch that has just ended. */
      readonly means?: EpochMeans
    }
  | { readonly type: 'paused' }
  /** The loss of a step is no number: the run ends there. */
  | { readonly type: 'diverged'; readonly epoch: number; readonly step: number; readonly curve: Curve }
  | { readonly type: 'done'; readonly ending: Ending }

export interface Wish {
  /** The moment to go on from; where the run stands unless said otherwise. */
  readonly from?: number
  /** One step only. */
  readonly once: boolean
}

interface Point extends Timed {
  /** Absent for the first weights: from there a run begins anew. */
  readonly checkpoint?: Checkpoint
  readonly mark: Mark
}

interface Open {
  readonly run: TrainingRun
  readonly events: AsyncIterator<TrainEvent>
  readonly once: boolean
}

/** Milliseconds between two moments. */
const BEAT = 200
/** Training images that the probe looks at, and milliseconds between two looks. */
const PROBED = 64
const PROBE_EVERY = 600
/** Looks that every run has, at the same steps on every machine. */
const STANDINGS = 40

export class Session {
  readonly #net: Net
  readonly #data: Halves
  readonly #setup: Setup
  readonly #probe: Probe
  readonly #tell: (news: SessionNews) => void
  readonly model: PlainModel
  #states: readonly EntryState[] = []
  #probed = Number.NEGATIVE_INFINITY
  #kept: Kept<Point> = nothingKept
  #nextId = 0
  readonly #scale: CurveScale
  readonly #recorder: Recorder
  #told = 0
  #last: StepResult | undefined
  #standings: Standing[] = []
  #open: Open | undefined
  /** Who asked last; whoever asked before stops at his next event. */
  #turn = 0
  #playing: Promise<void> = Promise.resolve()

  constructor(setup: Setup, data: Halves, tell: (news: SessionNews) => void) {
    this.#setup = setup
    this.#data = data
    this.#tell = tell
    this.#scale = curveScale(Math.ceil(data.train.labels.length / setup.batch), setup.epochs)
    this.#recorder = createRecorder(this.#scale.every)
    this.#net = netOf(setup, { channels: data.train.shape[0], classes: data.train.classes.length })
    const { trained } = this.#makeRun(false, undefined)
    this.model = toPlain(trained)
    this.#probe = createProbe(
      this.#net,
      fitDataset(slice(data.train, 0, PROBED), this.#net.input as [number, number, number]),
      trained.normalisation,
    )
    this.#standings.push({ progress: 0, states: this.#probe.measure(trained.weights) })
    this.#keep(trained.weights, { progress: 0, single: false, epoch: 0, step: 0, seconds: 0, imagesPerSecond: 0 })
  }

  async play(wish: Wish): Promise<void> {
    const turn = ++this.#turn
    await this.#playing
    if (turn === this.#turn) this.#playing = this.#play(wish, turn)
    return this.#playing
  }

  async pause(): Promise<void> {
    this.#turn++
    await this.#playing
    this.#tell({ type: 'paused' })
  }

  async close(): Promise<void> {
    this.#turn++
    await this.#playing.catch(() => undefined)
    await this.#endRun()
    this.#probe.close()
  }

  #makeRun(once: boolean, resume: Checkpoint | undefined): TrainingRun {
    const run = train(this.#net, this.#data, {
      ...trainOptionsOf(this.#setup),
      threads: threadsHere(),
      beat: once ? 0 : BEAT,
      onStep: (step) => this.#hear(run, step),
      ...(resume && { resume }),
    })
    return run
  }

  #hear(run: TrainingRun, step: StepResult): void {
    this.#recorder.add(step)
    this.#last = step
    const { stepsPerEpoch, steps } = this.#scale
    const done = (step.epoch - 1) * stepsPerEpoch + step.step
    const every = Math.ceil(steps / STANDINGS)
    if ((done % every !== 0 && done !== steps) || !Number.isFinite(step.loss)) return
    const states = this.#probe.measure(run.checkpoint().weights)
    this.#standings.push({ progress: done / stepsPerEpoch, states })
  }

  async #play(wish: Wish, turn: number): Promise<void> {
    const { events, run } = await this.#runFor(wish)
    while (turn === this.#turn) {
      const { value, done } = await events.next().catch((error) => this.#endWith(error))
      if (done) return
      await this.#report(run, value, wish.once)
      if (value.event === 'done') return
      if (wish.once && value.event === 'step') return this.#tell({ type: 'paused' })
    }
  }

  /** Tells of a run that diverged. @throws everything else. */
  async #endWith(error: unknown): Promise<{ readonly done: true; readonly value: undefined }> {
    const last = this.#last
    if (last === undefined || Number.isFinite(last.loss)) throw error
    await this.#endRun()
    const curve = this.#recorder.from(this.#told)
    this.#tell({ type: 'diverged', epoch: last.epoch, step: last.step, curve })
    return { done: true, value: undefined }
  }

  /** The run that stands where the wish wants it. */
  async #runFor({ from, once }: Wish): Promise<Open> {
    const { items } = this.#kept
    const at = from === undefined ? items.at(-1)!.id : from
    const goesBack = at !== items.at(-1)!.id
    if (this.#open !== undefined && !goesBack && this.#open.once === once) return this.#open
    if (goesBack) this.#kept = upTo(this.#kept, at)
    await this.#endRun()
    const { mark } = this.#kept.items.at(-1)!
    this.#recorder.backTo(mark)
    this.#told = mark.points
    this.#last = undefined
    const run = this.#makeRun(once, this.#kept.items.at(-1)!.checkpoint)
    this.#open = { run, events: run[Symbol.asyncIterator](), once }
    return this.#open
  }

  async #endRun(): Promise<void> {
    await this.#open?.events.return?.()
    this.#open = undefined
  }

  async #report(run: TrainingRun, event: TrainEvent, once: boolean): Promise<void> {
    if (event.event === 'done') {
      const { weightsHash, testAccuracy, testErrors, seconds } = event
      await this.#endRun()
      const test = this.#data.test && { testAccuracy, testErrors, testImages: this.#data.test.labels.length }
      return this.#tell({ type: 'done', ending: { weightsHash, seconds, ...(test as object) } })
    }
    const checkpoint = run.checkpoint()
    const { epoch, step, seconds, weights } = checkpoint
    const { stepsPerEpoch } = this.#scale
    const place = { progress: epoch + step / stepsPerEpoch, single: once, epoch, step, seconds }
    if (epoch === this.#setup.epochs) this.#recorder.end()
    const means = event.event === 'epoch' ? { loss: event.trainLoss, accuracy: event.trainAccuracy } : undefined
    this.#keep(weights, { ...place, imagesPerSecond: event.imagesPerSecond }, checkpoint, means)
  }

  #keep(
    weights: Weights,
    facts: Omit<Moment, 'id' | 'steps' | 'points' | 'states' | 'weights'>,
    checkpoint?: Checkpoint,
    means?: EpochMeans,
  ): void {
    const id = this.#nextId++
    const { progress, single } = facts
    const mark = this.#recorder.mark()
    this.#kept = keep<Point>(this.#kept, { id, progress, single, mark, ...(checkpoint && { checkpoint }) })
    const now = performance.now()
    if (single || now - this.#probed > PROBE_EVERY) {
      this.#states = this.#probe.measure(weights)
      this.#probed = now
    }
    const [curve, standings, { points }] = [this.#recorder.from(this.#told), this.#standings, mark]
    this.#told = points
    this.#standings = []
    const moment = { id, ...facts, steps: this.#scale.stepsPerEpoch, points, states: this.#states, weights }
    this.#tell({ type: 'moment', moment, curve, standings, ...(means && { means }) })
  }
}
