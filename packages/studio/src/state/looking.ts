// The model that is shown, what it looks at, and what every layer answers. One question at a time goes to the worker; when
// the answer is there, the next asks for what is wanted by then. So drawing never waits for the network.
import { computed, signal } from '@preact/signals'
import { type Net, netFrom, summarise, type Weights } from 'lenet'
import { lineTo } from '../engine/line.ts'
import type { PlainModel } from '../engine/plain-model.ts'
import type { Sight } from '../engine/prepare.ts'
import type { Activity, SeerOffer } from '../engine/seer.ts'

/** Started in the page's head, or here where the page is served from its sources. */
const worker =
  (globalThis as { seerWorker?: Worker }).seerWorker ??
  new Worker(new URL('../engine/seer.ts', import.meta.url), { type: 'module' })

export const seer = lineTo<SeerOffer>(worker)

/** A model on the page: its layers and facts, without the weights that change. */
export interface Shown {
  readonly title: string
  readonly plain: PlainModel
  readonly net: Net
}

export const shown = signal<Shown | undefined>(undefined)
/** The weights that are shown: the model's own, or those of a moment of training. */
export const weights = signal<Weights | undefined>(undefined)
export const summary = computed(() => shown.value && summarise(shown.value.net))

/** Undefined while nothing is drawn. */
export const activity = signal<Activity | undefined>(undefined)
/** What went wrong, for people to read. */
export const problem = signal<string | undefined>(undefined)

/** Gives what is to be looked at when the worker is ready for it. */
type Looked = () => Sight | undefined
let looked: Looked = () => undefined
let told: { plain?: PlainModel; weights?: Weights | undefined } = {}
let isBusy = false
let isWanted = false

/** Ends when it has answered what is looked at, or at once where an answer is under way. */
export function showModel(title: string, plain: PlainModel, values: Weights = plain.weights): Promise<void> {
  shown.value = { title, plain, net: netFrom(plain.net, title) }
  weights.value = values
  return look()
}

export function showWeights(values: Weights): void {
  weights.value = values
  void look()
}

/** Ends when the answer is there. */
export function lookAt(sight: Looked): Promise<void> {
  looked = sight
  return look()
}

async function look(): Promise<void> {
  isWanted = true
  if (isBusy) return
  isBusy = true
  try {
    while (isWanted) {
      isWanted = false
      await lookOnce()
    }
  } catch (error) {
    problem.value = (error as Error).message
  } finally {
    isBusy = false
  }
}

async function lookOnce(): Promise<void> {
  const plain = shown.value?.plain
  if (plain === undefined) return
  const sight = looked()
  // The questions are answered in order, so there is no need to wait for each.
  if (told.plain !== plain) {
    told = { plain, weights: plain.weights }
    void seer.ask('show', plain)
  }
  if (told.weights !== weights.value) {
    told = { plain, weights: weights.value }
    void seer.ask('learn', weights.value!)
  }
  activity.value = sight && (await seer.ask('look', sight))
}
