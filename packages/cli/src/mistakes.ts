// The samples that a model got wrong, the worst first: for the terminal as pictures and lines, for programs as data.
import { type Answers, type Dataset, probabilitiesOf, readingOf, type TrainedModel } from 'lenet'
import type { Context } from './context.ts'
import { digitText } from './digit-text.ts'
import { percent } from './numbers.ts'
import { fill, textWidth } from './text-width.ts'

export interface Mistake {
  /** Place in the data set, from 0. */
  readonly index: number
  readonly file?: string
  readonly truth: string
  readonly answer: string
  /** Of the answer. */
  readonly probability: number
  readonly loss: number
}

const DRAWN = 4
const LISTED = 10

export function mistakesOf({ labels, files }: Dataset, { net, classes }: TrainedModel, found: Answers): Mistake[] {
  const reading = readingOf(net)
  const wrong = Array.from(labels.keys()).filter((index) => found.answers[index] !== labels[index])
  return wrong
    .sort((a, b) => found.losses[b]! - found.losses[a]!)
    .map((index) => {
      const row = found.scores.slice(index * classes.length, (index + 1) * classes.length)
      const answer = found.answers[index]!
      return {
        index,
        ...(files && { file: files[index]! }),
        truth: classes[labels[index]!]!,
        answer: classes[answer]!,
        probability: probabilitiesOf(row, reading)[answer]!,
        loss: found.losses[index]!,
      }
    })
}

/** The worst as pictures side by side, where the terminal can show them, and as lines that name them. */
export function mistakesText({ depth, messages }: Context, data: Dataset, mistakes: readonly Mistake[]): string {
  const texts = messages.evaluation
  // Half blocks without colours show ink on black, and nothing of a photograph.
  const draws = depth >= 8 || data.shape[0] === 1
  const drawn = mistakes
    .slice(0, draws ? DRAWN : 0)
    .map((mistake) => [...pictureLines(data, mistake.index, depth), `${mistake.truth} → ${mistake.answer}`])
  const lines = mistakes.slice(0, LISTED).map(({ file, index, truth, answer, probability }) => {
    const name = file ?? texts.image(index)
    return `  ${name}: ${texts.mistake(truth, answer, percent(probability, 1))}`
  })
  return [texts.worst, '', ...(drawn.length > 0 ? [sideBySide(drawn), ''] : []), ...lines].join('\n')
}

function pictureLines({ pixels, labels, shape }: Dataset, index: number, depth: number): string[] {
  const size = pixels.length / labels.length
  return digitText({ shape, pixels: pixels.slice(index * size, (index + 1) * size), depth }).split('\n')
}

function sideBySide(blocks: readonly string[][]): string {
  const widths = blocks.map((lines) => Math.max(...lines.map(textWidth)))
  const height = Math.max(...blocks.map(({ length }) => length))
  return Array.from({ length: height }, (_, row) =>
    blocks
      .map((lines, at) => fill(lines[row] ?? '', widths[at]!))
      .join('  ')
      .trimEnd(),
  ).join('\n')
}
