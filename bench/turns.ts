// Subjects take turns on the same machine, so that whatever else it does meets all of them alike.
import { type Child, startChild } from './child.ts'
import type { Subject } from './subjects.ts'

export const TURNS = 7
export const SECONDS = 0.4
const WARM = 0.7

export interface Result {
  readonly subject: Subject
  readonly version: string
  /** Images a second, turn by turn. */
  readonly rates: readonly number[]
}

/** Measures those that are there, and says why others are not. */
export async function takeTurns(subjects: readonly Subject[]): Promise<Result[]> {
  const present: { subject: Subject; child: Child; rates: number[] }[] = []
  try {
    for (const subject of subjects) {
      const child = await startChild(subject.command)
      if (typeof child === 'string') console.error(`${subject.name} is left out: ${child}`)
      else {
        present.push({ subject, child, rates: [] })
        await child.measure(WARM)
      }
    }
    console.error(`${present.length} take turns, ${Math.round(present.length * TURNS * SECONDS)} s …`)
    for (let turn = 0; turn < TURNS; turn++)
      for (const { child, rates } of present) rates.push(await child.measure(SECONDS))
  } finally {
    for (const { child } of present) child.stop()
  }
  return present.map(({ subject, child, rates }) => ({ subject, version: child.version, rates }))
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** The median of the ratios of neighbouring turns. */
export const ratio = (one: Result, other: Result): number =>
  median(one.rates.map((rate, at) => rate / other.rates[at]!))
