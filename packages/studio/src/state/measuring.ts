// How the shown model does on test images: measured again when its weights change, one measurement at a time, while the
// view that shows it is open.

import { batch, computed, effect, signal } from '@preact/signals'
import { OWN } from '../data/own-set.ts'
import type { DataSource } from '../data/source.ts'
import type { Measured } from '../engine/seer.ts'
import { dataNames, manifest, own, sourceOf } from './data.ts'
import { seer, shown, weights } from './looking.ts'
import { run } from './runs.ts'

/** Test images that are measured on while moments pass; enough for two digits. */
const MOST = 2000

/** How many views want it. */
export const watchers = signal(0)
export const measured = signal<(Measured & { readonly data: string }) | undefined>(undefined)
export const isMeasuring = signal(false)
/** Why it could not be measured. */
export const failure = signal<string | undefined>(undefined)
/** A data set that was chosen by hand. */
export const chosenData = signal<string | undefined>(undefined)

export const classesOf = (name: string): readonly string[] =>
  (name === OWN ? own.value?.train.classes : manifest.value.find((entry) => entry.name === name)?.classes) ?? []

/** The sets that have so many classes. */
export const setsWith = (count: number): readonly string[] =>
  dataNames.value.filter((name) => classesOf(name).length === count)

/** The sets that have as many classes as the model; those with the same names come first. */
export const fitting = computed<readonly string[]>(() => {
  const classes = shown.value?.plain.classes ?? []
  const named = (name: string): number => Number(classesOf(name).join() === classes.join())
  return setsWith(classes.length).toSorted((a, b) => named(b) - named(a))
})

export const measuredData = computed(() => {
  const wishes = [chosenData.value, run.value?.setup.data]
  return wishes.find((name) => name !== undefined && fitting.value.includes(name)) ?? fitting.value[0]
})

/** All of them once training stands still. */
const most = computed(() => (run.value?.status === 'training' ? MOST : Number.POSITIVE_INFINITY))

let isBusy = false
let isWanted = false

/** So many at first, where nothing stands there yet: a second of an empty page is long. */
const FIRST = 400

async function measureOn(data: string, source: DataSource): Promise<void> {
  const isNew = measured.value?.data !== data
  try {
    for (const count of isNew ? [Math.min(FIRST, most.peek()), most.peek()] : [most.peek()]) {
      const found = await seer.ask('measure', source, count)
      if (found === undefined) return
      batch(() => {
        measured.value = { ...found, data }
        failure.value = undefined
      })
      if (isWanted) return
    }
  } catch (error) {
    batch(() => {
      measured.value = undefined
      failure.value = (error as Error).message
    })
  }
}

async function measure(): Promise<void> {
  isWanted = true
  if (isBusy) return
  isBusy = true
  isMeasuring.value = true
  while (isWanted) {
    isWanted = false
    const data = measuredData.peek()
    const source = data === undefined ? undefined : sourceOf(data)
    if (source === undefined) measured.value = undefined
    else await measureOn(data!, source)
  }
  isMeasuring.value = false
  isBusy = false
}

effect(() => {
  if (watchers.value === 0 || shown.value === undefined || weights.value === undefined) return
  void measuredData.value
  void most.value
  // After the wish to look, so that the worker has the same weights.
  setTimeout(() => void measure(), 0)
})

/** The images that were answered wrongly, the largest loss first. */
export function worstOf({ answers: { answers, losses }, labels }: Measured): number[] {
  return [...answers.keys()].filter((index) => answers[index] !== labels[index]).sort((a, b) => losses[b]! - losses[a]!)
}
