// The runs of this page: the one under training, and those before it. A moment of a run can be shown at any time.
import { batch, computed, effect, signal } from '@preact/signals'
import type { EntryState } from 'lenet'
import { OWN } from '../data/own-set.ts'
import { type Line, lineTo } from '../engine/line.ts'
import type { PlainModel } from '../engine/plain-model.ts'
import type { Ending, EpochMeans, Moment, Standing } from '../engine/session.ts'
import type { TrainerNews, TrainerOffer } from '../engine/trainer.ts'
import { type Curve, type CurveScale, curveScale, joined, noCurve, upToPoint } from '../experiment/curve.ts'
import { presetOf, type Setup, usual } from '../experiment/setup.ts'
import { type Kept, keep, nothingKept, upTo } from '../experiment/snapshots.ts'
import { imagesOf, loadManifest, sourceOf } from './data.ts'
import { problem, showModel, showWeights } from './looking.ts'
import { texts } from './settings.ts'

export interface Run {
  readonly id: number
  readonly title: string
  readonly setup: Setup
  /** From another visit: it is looked at, and the trainer cannot go on with it. */
  readonly isKept?: boolean
  readonly status: 'loading' | 'training' | 'paused' | 'done' | 'failed'
  readonly model?: PlainModel
  readonly threads: number
  readonly kept: Kept<Moment>
  readonly scale: CurveScale
  readonly curve: Curve
  readonly standings: readonly Standing[]
  /** Of every epoch that is over. */
  readonly means: readonly EpochMeans[]
  readonly ending?: Ending
  /** The step at which the loss was no number any more. */
  readonly diverged?: { readonly epoch: number; readonly step: number }
  /** The share of the images of the commonest class: what whoever always names it gets right. */
  readonly chance?: number
  /** Bytes of data that have come, while loading. */
  readonly loading?: { readonly done: number; readonly total: number | undefined }
}

/** What the controls say: the next run. */
export const setup = signal<Setup>(usual)
export const runs = signal<readonly Run[]>([])
/** The run whose moments are shown. */
export const shownRun = signal<number | undefined>(undefined)
/** The moment that is shown; undefined follows the newest. */
export const shownMoment = signal<number | undefined>(undefined)

export const run = computed(() => runs.value.find(({ id }) => id === shownRun.value))
/** Only the last run can go on: the trainer holds one. */
export const live = computed(() => runs.value.at(-1))
export const moment = computed(() => {
  const items = run.value?.kept.items
  return shownMoment.value === undefined ? items?.at(-1) : items?.find(({ id }) => id === shownMoment.value)
})
/** Whether the controls ask for another run than the live one. */
export const isOther = computed(() => live.value === undefined || !sameSetup(live.value.setup, setup.value))

const sameSetup = (one: Setup, other: Setup): boolean =>
  (Object.keys(one) as (keyof Setup)[]).every((key) => one[key] === other[key])

export const change = (part: Partial<Setup>): void => {
  setup.value = { ...setup.value, ...part }
}

let line: Line<TrainerOffer> | undefined
/** Starts when it is needed: the first drawing does not wait for it. */
function trainer(): Line<TrainerOffer> {
  line ??= lineTo<TrainerOffer, TrainerNews>(
    new Worker(new URL('../engine/trainer.ts', import.meta.url), { type: 'module' }),
    hear,
  )
  return line
}

function update(part: Partial<Run>, id = live.value?.id): void {
  runs.value = runs.value.map((one) => (one.id === id ? { ...one, ...part } : one))
}

function hear(news: TrainerNews): void {
  const current = live.value
  if (current === undefined) return
  if (news.type === 'loading') update({ loading: news })
  else if (news.type === 'paused') update({ status: 'paused' })
  else if (news.type === 'done') update({ status: 'done', ending: news.ending })
  else if (news.type === 'diverged') {
    const { epoch, step, curve } = news
    update({ status: 'failed', diverged: { epoch, step }, curve: joined(current.curve, curve) })
  } else {
    const { moment: next, curve, standings, means } = news
    update({
      kept: keep(current.kept, next),
      curve: joined(current.curve, curve),
      standings: [...current.standings, ...standings],
      means: means ? [...current.means, means] : current.means,
    })
  }
}

/** A run as it was at a moment: what remains when training goes on from there. */
function asAt(run: Run, id: number): Run {
  const { kept, curve, standings, means } = run
  const { points, progress } = kept.items.find((item) => item.id === id)!
  return {
    ...run,
    kept: upTo(kept, id),
    curve: upToPoint(curve, points),
    standings: standings.filter((standing) => standing.progress <= progress),
    means: means.slice(0, Math.floor(progress)),
  }
}

/** What a set-up is called in lists. */
export const titleOf = (of: Setup): string =>
  [presetOf(of) ?? `${of.activation} · ${of.pooling} · ${of.head} · ×${of.width}`, of.data].join(' · ')

const freshRun = (id: number, wanted: Setup): Run => ({
  id,
  title: titleOf(wanted),
  setup: wanted,
  status: 'loading',
  threads: 1,
  kept: nothingKept,
  scale: curveScale(Math.ceil(wanted.images / wanted.batch), wanted.epochs),
  curve: noCurve,
  standings: [],
  means: [],
})

/** Begins a new run with the set-up of the controls. */
export async function begin(): Promise<boolean> {
  await loadManifest()
  const wanted = { ...setup.value, images: Math.min(setup.value.images, imagesOf(setup.value.data)) }
  const source = sourceOf(wanted.data)
  if (source === undefined) {
    const t = texts.value.train
    problem.value = wanted.data === OWN ? t.noOwnData : t.noSuchData(wanted.data)
    return false
  }
  const id = runs.value.length
  batch(() => {
    problem.value = undefined
    setup.value = wanted
    runs.value = [
      ...runs.value.map((one) => (one.status === 'training' ? { ...one, status: 'paused' as const } : one)),
      freshRun(id, wanted),
    ]
    shownRun.value = id
    shownMoment.value = undefined
  })
  try {
    const begun = await trainer().ask('begin', wanted, source)
    update({ ...begun, status: 'paused' }, id)
    return true
  } catch (error) {
    fail(error)
    return false
  }
}

function fail(error: unknown): void {
  problem.value = (error as Error).message
  update({ status: 'failed' })
}

/** Trains: begins anew where the controls ask for another run, and goes on from the moment that is shown otherwise. */
export async function play({ once = false, anew = false } = {}): Promise<void> {
  const isOver = live.value?.isKept || live.value?.status === 'failed' || live.value?.status === 'done'
  const over = isOver && (live.value?.isKept || shownMoment.value === undefined)
  if (anew || isOther.value || over) {
    if (!(await begin())) return
  }
  const from = shownRun.value === live.value!.id ? shownMoment.value : undefined
  batch(() => {
    shownRun.value = live.value!.id
    shownMoment.value = undefined
    const { ending: _, diverged: __, ...rest } = live.value!
    const next: Run = { ...(from === undefined ? rest : asAt(rest, from)), status: 'training' }
    runs.value = runs.value.map((one) => (one.id === next.id ? next : one))
  })
  await trainer()
    .ask('play', { once, ...(from !== undefined && { from }) })
    .catch(fail)
}

/** How gradients are in the network of the controls before it has learnt; undefined where there are no images. */
export async function firstGradients(): Promise<readonly EntryState[] | undefined> {
  await loadManifest()
  const source = sourceOf(setup.value.data) ?? sourceOf(usual.data)
  return (
    source &&
    trainer()
      .ask('first', setup.value, source)
      .catch(() => undefined)
  )
}

export const pause = (): Promise<void> | undefined => trainer().ask('pause')

/** Takes all runs off the page; gives the way back. */
export function forgetRuns(): () => void {
  const before = { all: runs.value, shown: shownRun.value }
  leaveRuns()
  runs.value = []
  return () =>
    batch(() => {
      // The trainer may have begun another run, and holds that alone: what comes back is looked at only.
      const back = before.all.map((one) => ({ ...one, isKept: true }))
      const isNew = runs.value.length > 0
      runs.value = [...back, ...runs.value.map((one, at) => ({ ...one, id: back.length + at }))]
      shownRun.value = isNew ? runs.value.at(-1)!.id : before.shown
    })
}

/** One snapshot back. */
export async function stepBack(): Promise<void> {
  if (live.value?.status === 'training') await pause()
  const items = run.value?.kept.items ?? []
  const at = items.findIndex(({ id }) => id === moment.value?.id)
  if (at > 0) shownMoment.value = items[at - 1]!.id
}

/** The model that is shown follows the run and the moment. */
let shownModel: PlainModel | undefined
effect(() => {
  const current = run.value
  const values = moment.value?.weights
  if (current?.model === undefined || values === undefined) return
  if (shownModel !== current.model) {
    shownModel = current.model
    void showModel(current.title, current.model, values)
  } else showWeights(values)
})

/** A model from elsewhere takes the place of the runs' on the page. */
export function leaveRuns(): void {
  shownModel = undefined
  batch(() => {
    shownRun.value = undefined
    shownMoment.value = undefined
  })
}
