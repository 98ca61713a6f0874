// How the shown model does on test images: measured again when its weights change, one measurement at a time, while the
// view that shows it is open.

import { computed, effect, signal } from '@preact/signals'
import { OWN } from '../data/own-set.ts'
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

async function measure(): Promise<void> {
  isWanted = true
  if (isBusy) return
  isBusy = true
  isMeasuring.value = true
  while (isWanted) {
    isWanted = false
    const data = measuredData.peek()
    const source = data === undefined ? undefined : sourceOf(data)
    const found = source && (await seer.ask('measure', source, most.peek()).catch(() => undefined))
    if (found !== undefined) measured.value = { ...found, data: data! }
    else if (source === undefined) measured.value = undefined
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
