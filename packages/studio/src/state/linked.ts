// The experiment that came with the address, and whether its weights were met.
import { computed, signal } from '@preact/signals'
import type { Experiment } from '../experiment/link.ts'
import { imagesOf, isManifestHere } from './data.ts'
import { runs } from './runs.ts'

export const linked = signal<Experiment | undefined>(undefined)

export type Verdict = 'waiting' | 'equal' | 'other' | 'too few' | 'no data'

/** What is known about the weights that the link promises. */
export const verdict = computed<Verdict | undefined>(() => {
  const experiment = linked.value
  if (experiment === undefined) return undefined
  const { setup, hash } = experiment
  const here = imagesOf(setup.data)
  if (here === 0 && isManifestHere.value) return 'no data'
  if (here > 0 && here < setup.images) return 'too few'
  const same = runs.value.findLast(
    (run) =>
      run.ending !== undefined &&
      Object.entries(setup).every(([key, value]) => run.setup[key as keyof typeof setup] === value),
  )
  if (same === undefined || hash === undefined) return 'waiting'
  return same.ending!.weightsHash.startsWith(hash) ? 'equal' : 'other'
})
