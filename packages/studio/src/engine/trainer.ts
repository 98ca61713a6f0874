// The worker that trains: one session at a time.
import { channelStatistics, createProbe, type Dataset, type EntryState, fitDataset, initialise, isFramed } from 'lenet'
import { type DataSource, loadSplit } from '../data/source.ts'
import { netOf } from '../experiment/net-of.ts'
import type { Setup } from '../experiment/setup.ts'
import { serve } from './line.ts'
import type { PlainModel } from './plain-model.ts'
import { type Halves, Session, type SessionNews, type Wish } from './session.ts'
import { threadsHere } from './threads.ts'

export type TrainerNews =
  | SessionNews
  | { readonly type: 'loading'; readonly done: number; readonly total: number | undefined }

export interface Begun {
  /** The network as it will be trained, with its first weights. */
  readonly model: PlainModel
  readonly threads: number
  /** The share of the training images of the commonest class. */
  readonly chance: number
}

let session: Session | undefined
/** The set that was loaded last: most people train on one. */
let loaded: { readonly key: string; readonly halves: Halves } | undefined

const SIDE = 32
/** Images that show how gradients are. */
const FEW = 64

/** Smaller images are framed as they are fed. */
function fit(data: Dataset): Dataset {
  const shape = [data.shape[0], SIDE, SIDE] as const
  return isFramed(data.shape, shape) ? data : fitDataset(data, shape)
}

async function dataFor(source: DataSource, images: number): Promise<Halves> {
  const key = source.kind === 'own' ? '' : `${source.entry.name} ${images}`
  if (key !== '' && loaded?.key === key) return loaded.halves
  const total = source.kind === 'beside' ? source.entry.bytes : undefined
  const done = { train: 0, test: 0 }
  let told = 0
  const load = (split: 'train' | 'test', most?: number) =>
    loadSplit(source, split, {
      ...(most !== undefined && { most }),
      onProgress: (bytes) => {
        done[split] = bytes
        if (performance.now() - told < 50) return
        told = performance.now()
        tell({ type: 'loading', done: done.train + done.test, total: total && total.train + total.test })
      },
    })
  const [train, test] = await Promise.all([load('train', images), load('test')])
  const halves: Halves = { train: fit(train!), ...(test && { test: fit(test) }) }
  loaded = { key, halves }
  return halves
}

function commonest({ labels, classes }: Dataset): number {
  const counts = classes.map(() => 0)
  for (const label of labels) counts[label]!++
  return Math.max(...counts) / labels.length
}

const offer = {
  /** A new session; training waits for `play`. */
  async begin(setup: Setup, source: DataSource): Promise<Begun> {
    await session?.close()
    session = undefined
    const halves = await dataFor(source, setup.images)
    session = new Session(setup, halves, tell)
    return { model: session.model, threads: threadsHere(), chance: commonest(halves.train) }
  },

  /** Gradients and flat units of a set-up's network with its first weights. */
  async first(setup: Setup, source: DataSource): Promise<readonly EntryState[]> {
    const few = (await loadSplit(source, 'train', { most: FEW }))!
    const net = netOf(setup, { channels: few.shape[0], classes: few.classes.length })
    const data = fitDataset(few, net.input as [number, number, number])
    const probe = createProbe(net, data, channelStatistics(data))
    try {
      return probe.measure(initialise(net, setup.seed))
    } finally {
      probe.close()
    }
  },

  /** Ends when training pauses or is done. */
  play: (wish: Wish): Promise<void> | undefined => session?.play(wish),

  pause: (): Promise<void> | undefined => session?.pause(),
}

export type TrainerOffer = typeof offer

const tell = serve<TrainerNews>(offer)
