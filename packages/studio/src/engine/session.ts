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
  type TrainEvent,
  type TrainingRun,
  train,
  type Weights,
} from 'lenet'
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
  /** Means over the images since the moment before; absent at the very beginning. */
  readonly loss?: number
  readonly accuracy?: number
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

export type SessionNews =
  | { readonly type: 'moment'; readonly moment: Moment }
  | { readonly type: 'paused' }
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
  #open: Open | undefined
  /** Who asked last; whoever asked before stops at his next event. */
  #turn = 0
  #playing: Promise<void> = Promise.resolve()

  constructor(setup: Setup, data: Halves, tell: (news: SessionNews) => void) {
    this.#setup = setup
    this.#data = data
    this.#tell = tell
    this.#net = netOf(setup, { channels: data.train.shape[0], classes: data.train.classes.length })
    const { trained } = this.#makeRun(false, undefined)
    this.model = toPlain(trained)
    this.#probe = createProbe(
      this.#net,
      fitDataset(slice(data.train, 0, PROBED), this.#net.input as [number, number, number]),
      trained.normalisation,
    )
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

  get #steps(): number {
    return Math.ceil(this.#data.train.labels.length / this.#setup.batch)
  }

  #makeRun(once: boolean, resume: Checkpoint | undefined): TrainingRun {
    return train(this.#net, this.#data, {
      ...trainOptionsOf(this.#setup),
      threads: threadsHere(),
      beat: once ? 0 : BEAT,
      ...(resume && { resume }),
    })
  }

  async #play(wish: Wish, turn: number): Promise<void> {
    const { events, run } = await this.#runFor(wish)
    while (turn === this.#turn) {
      const { value, done } = await events.next()
      if (done) return
      await this.#report(run, value, wish.once)
      if (value.event === 'done') return
      if (wish.once && value.event === 'step') return this.#tell({ type: 'paused' })
    }
  }

  /** The run that stands where the wish wants it. */
  async #runFor({ from, once }: Wish): Promise<Open> {
    const { items } = this.#kept
    const at = from === undefined ? items.at(-1)!.id : from
    const goesBack = at !== items.at(-1)!.id
    if (this.#open !== undefined && !goesBack && this.#open.once === once) return this.#open
    if (goesBack) this.#kept = upTo(this.#kept, at)
    await this.#endRun()
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
    const place = { progress: epoch + step / this.#steps, single: once, epoch, step, seconds }
    this.#keep(
      weights,
      { ...place, ...this.#sinceBefore(event, checkpoint), imagesPerSecond: event.imagesPerSecond },
      checkpoint,
    )
  }

  /** Means over the images since the moment before, from the sums of the epoch so far. */
  #sinceBefore(
    event: Exclude<TrainEvent, { event: 'done' }>,
    { running }: Checkpoint,
  ): Pick<Moment, 'loss' | 'accuracy'> {
    const samples = this.#data.train.labels.length
    const now =
      event.event === 'step'
        ? running
        : { loss: event.trainLoss * samples, right: event.trainAccuracy * samples, samples }
    const last = this.#kept.items.at(-1)?.checkpoint
    const before = last?.epoch === event.epoch - 1 ? last.running : { loss: 0, right: 0, samples: 0 }
    const fresh = now.samples - before.samples
    return fresh > 0 ? { loss: (now.loss - before.loss) / fresh, accuracy: (now.right - before.right) / fresh } : {}
  }

  #keep(weights: Weights, facts: Omit<Moment, 'id' | 'steps' | 'states' | 'weights'>, checkpoint?: Checkpoint): void {
    const id = this.#nextId++
    const { progress, single } = facts
    this.#kept = keep<Point>(this.#kept, { id, progress, single, ...(checkpoint && { checkpoint }) })
    const now = performance.now()
    if (single || now - this.#probed > PROBE_EVERY) {
      this.#states = this.#probe.measure(weights)
      this.#probed = now
    }
    const states = this.#states
    this.#tell({ type: 'moment', moment: { id, ...facts, steps: this.#steps, states, weights } })
  }
}
