// What outlives the page: classes of one's own, the set-up, and runs with their curves and last weights, in the browser's own
// store. Where there is none (private windows), the page works without.
import { batch, effect } from '@preact/signals'
import type { OwnClass } from '../data/own-set.ts'
import type { Setup } from '../experiment/setup.ts'
import { linked } from './linked.ts'
import { classes, holdsBack, kind } from './own-classes.ts'
import { type Run, runs, setup, shownRun } from './runs.ts'

const NAME = 'lenet-studio'
const STORE = 'kept'
/** Of the runs' and classes' form: what was kept in another is left alone. */
const VERSION = 1
const MOST_RUNS = 20
/** Milliseconds without a change before it is written down. */
const CALM = 400

interface Work {
  readonly classes: readonly OwnClass[]
  readonly kind: typeof kind.value
  readonly holdsBack: boolean
  readonly setup: Setup
  readonly shownRun: number | undefined
}

const asPromise = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, VERSION)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return asPromise(request)
}

/** Brings back what was kept, and keeps what changes from now on. */
export async function keepWork(): Promise<void> {
  const store = await open().catch(() => undefined)
  if (store === undefined) return
  const read = <T>(key: string): Promise<T | undefined> =>
    asPromise(store.transaction(STORE).objectStore(STORE).get(key)).catch(() => undefined)
  const [work, kept] = [await read<Work>('work'), await read<readonly Run[]>('runs')]
  restore(work, kept ?? [])
  const write = (key: string, value: unknown): void => {
    // A full disk is no reason to stop working.
    void asPromise(store.transaction(STORE, 'readwrite').objectStore(STORE).put(value, key)).catch(() => undefined)
  }
  keep(write)
}

function restore(work: Work | undefined, kept: readonly Run[]): void {
  batch(() => {
    if (work !== undefined && classes.value.every(({ images }) => images.length === 0)) {
      kind.value = work.kind
      holdsBack.value = work.holdsBack
      classes.value = work.classes
      // An experiment that came with the address goes before the last one; images of one's own may be gone.
      if (linked.value === undefined) setup.value = work.setup
    }
    // A run may have begun while the store was read.
    if (runs.value.length > 0 || kept.length === 0) return
    runs.value = kept.map((run, id) => ({ ...run, id }))
    const shown = work?.shownRun
    if (shown !== undefined && shown < kept.length && linked.value === undefined) shownRun.value = shown
  })
}

function keep(write: (key: string, value: unknown) => void): void {
  let timer = 0
  let written = runs.value
  effect(() => {
    const work: Work = {
      classes: classes.value,
      kind: kind.value,
      holdsBack: holdsBack.value,
      setup: setup.value,
      shownRun: shownRun.value,
    }
    clearTimeout(timer)
    timer = setTimeout(() => write('work', work), CALM) as unknown as number
  })
  const writeRuns = (): void => {
    if (written === runs.value) return
    written = runs.value
    write(
      'runs',
      written
        .filter(({ kept }) => kept.items.length > 0)
        .slice(-MOST_RUNS)
        .map(asKept),
    )
  }
  effect(() => {
    if (runs.value.every(({ status }) => status !== 'training' && status !== 'loading')) setTimeout(writeRuns, CALM)
  })
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && writeRuns())
}

/** Its first and last moment: those between would take much room, and only the trainer could go on from them. */
function asKept(run: Run): Run {
  const { items } = run.kept
  const ends = items.length > 1 ? [items[0]!, items.at(-1)!] : items
  const { loading: _, ...rest } = run
  return {
    ...rest,
    kept: { items: ends, spacing: run.kept.spacing },
    status: run.status === 'failed' ? 'failed' : 'done',
    isKept: true,
  }
}

/** Asks before the page is left while a run is under way. */
export function guardLeaving(): void {
  addEventListener('beforeunload', (event) => {
    if (runs.value.some(({ status }) => status === 'training')) event.preventDefault()
  })
}
