// How a run does, in words' terms: whether its loss left the numbers, or whether it is no better than a guess, and why.
import type { EntryState } from 'lenet'

export type Health =
  | { readonly kind: 'diverged'; readonly epoch: number; readonly step: number }
  | {
      readonly kind: 'guessing'
      /** Over the last epoch, of the training images. */
      readonly accuracy: number
      /** What whoever always names the commonest class gets right. */
      readonly chance: number
      readonly cause?: Cause
    }

export type Cause =
  /** An activation all of whose units are flat, or off. */
  | { readonly kind: 'dead'; readonly entry: string }
  /** How many times smaller the gradient is in the first layer than in the last. */
  | { readonly kind: 'vanishing'; readonly first: string; readonly last: string; readonly factor: number }

export interface Facts {
  readonly diverged?: { readonly epoch: number; readonly step: number } | undefined
  /** Training accuracy of every epoch that is over. */
  readonly accuracies: readonly number[]
  readonly chance: number | undefined
  readonly images: number
  readonly states: readonly EntryState[]
}

/** Three standard deviations of a guess. */
const DEVIATIONS = 3
const DEAD = 0.99
const VANISHING = 100

/** Undefined for a run of which there is nothing to say. */
export function healthOf({ diverged, accuracies, chance, images, states }: Facts): Health | undefined {
  if (diverged !== undefined) return { kind: 'diverged', ...diverged }
  const accuracy = accuracies.at(-1)
  if (accuracy === undefined || chance === undefined) return undefined
  if (accuracy > chance + DEVIATIONS * Math.sqrt((chance * (1 - chance)) / images)) return undefined
  const cause = causeOf(states)
  return { kind: 'guessing', accuracy, chance, ...(cause && { cause }) }
}

function causeOf(states: readonly EntryState[]): Cause | undefined {
  const dead = states.find(({ saturated }) => saturated !== undefined && saturated >= DEAD)
  if (dead !== undefined) return { kind: 'dead', entry: dead.entry }
  const trained = states.filter(({ gradient }) => gradient !== undefined)
  const [first, last] = [trained[0], trained.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const factor = last.gradient! / first.gradient!
  if (!(factor >= VANISHING)) return undefined
  return { kind: 'vanishing', first: first.entry, last: last.entry, factor }
}
