// The confusion matrix on a terminal, with the accuracy of each class at the end of its row. Where it does not fit, the
// most frequent mistakes are listed instead.

import { type Paint, plain } from './colours.ts'
import type { Messages } from './messages.ts'
import { count, percent } from './numbers.ts'
import { fill, shorten, textWidth } from './text-width.ts'

export interface ConfusionTextOptions {
  readonly classes: readonly string[]
  /** `confusion[truth][answer]` counts samples. */
  readonly confusion: readonly (readonly number[])[]
  readonly messages: Messages
  readonly paint?: Paint
  /** Of the terminal. */
  readonly columns?: number
}

export interface Mistake {
  readonly truth: string
  readonly answer: string
  readonly times: number
}

const LONGEST_HEADING = 6
const MOST_MISTAKES = 10

/** Pairs of classes that were confused, the most frequent first. */
export function frequentMistakes({
  classes,
  confusion,
}: Pick<ConfusionTextOptions, 'classes' | 'confusion'>): Mistake[] {
  const mistakes = confusion.flatMap((counts, t) =>
    counts.flatMap((times, a) => (t === a || times === 0 ? [] : [{ truth: classes[t]!, answer: classes[a]!, times }])),
  )
  return mistakes.sort((a, b) => b.times - a.times)
}

function cellText(times: number, right: boolean, width: number, paint: Paint): string {
  const text = fill(times === 0 ? '·' : String(times), width, 'right')
  return paint(times === 0 ? 'dim' : right ? 'green' : 'yellow', text)
}

function matrix({ classes, confusion, messages, paint = plain }: ConfusionTextOptions): string {
  const numbers = Math.max(1, ...confusion.flat().map((times) => String(times).length))
  const longest = Math.max(...classes.map(textWidth))
  const cell = Math.max(numbers, Math.min(longest, LONGEST_HEADING)) + 1
  const names = Math.min(longest, 20)
  const recall = Math.max(8, textWidth(messages.evaluation.perClass) + 2)
  const heading = classes.map((name) => fill(shorten(name, cell - 1), cell, 'right')).join('')
  const head = `${' '.repeat(names)}${heading}${fill(messages.evaluation.perClass, recall, 'right')}`
  const rows = confusion.map((counts, truth) => {
    const samples = counts.reduce((a, b) => a + b, 0)
    const name = fill(shorten(classes[truth]!, names), names, 'right')
    const cells = counts.map((times, answer) => cellText(times, truth === answer, cell, paint)).join('')
    const share = fill(samples === 0 ? '–' : percent(counts[truth]! / samples, 1), recall, 'right')
    return `${name}${cells}${paint('dim', share)}`
  })
  return [messages.evaluation.confusion, '', paint('bold', head), ...rows].join('\n')
}

function list(options: ConfusionTextOptions): string {
  const { evaluation } = options.messages
  const mistakes = frequentMistakes(options).slice(0, MOST_MISTAKES)
  if (mistakes.length === 0) return evaluation.noMistakes
  const lines = mistakes.map(({ truth, answer, times }) => `  ${evaluation.readAs(truth, answer, count(times))}`)
  return [evaluation.mistakes, ...lines].join('\n')
}

export function confusionText(options: ConfusionTextOptions): string {
  const drawn = matrix(options)
  const fits = drawn.split('\n').every((line) => textWidth(line) <= (options.columns ?? 80))
  return fits ? drawn : list(options)
}
