// What `lenet eval --report` leaves in a folder: figures, and a page with every mistake.
import { join } from 'node:path'
import { type Answers, type Dataset, drawConfusion, drawReliability, drawSheet, type SheetPicture } from 'lenet'
import { writeFileAtomic } from 'lenet/node'
import type { Context } from './context.ts'
import type { Goodness } from './goodness.ts'
import type { Mistake } from './mistakes.ts'
import { count, percent } from './numbers.ts'

export interface Reported {
  readonly name: string
  readonly data: Dataset
  readonly answers: Answers
  readonly goodness: Goodness
  readonly mistakes: readonly Mistake[]
}

/** A page of more is slow to open. */
const MOST_PICTURES = 500

export async function writeReport({ say, messages }: Context, folder: string, reported: Reported): Promise<void> {
  const { name, data, answers, goodness } = reported
  const files = {
    'mistakes.html': mistakesPage(messages.evaluation, reported),
    'confusion.svg': drawConfusion({
      classes: data.classes,
      confusion: answers.evaluation.confusion,
      title: name,
    }),
    'reliability.svg': drawReliability({ calibration: goodness.calibration, title: name }),
  }
  for (const [file, text] of Object.entries(files)) await writeFileAtomic(join(folder, file), text)
  say(
    `\n${messages.evaluation.written(
      Object.keys(files)
        .map((file) => join(folder, file))
        .join(', '),
    )}`,
  )
}

function mistakesPage(texts: Context['messages']['evaluation'], { name, data, mistakes }: Reported): string {
  const size = data.pixels.length / data.labels.length
  const pictures = mistakes.slice(0, MOST_PICTURES).map(
    ({ index, file, truth, answer, probability }): SheetPicture => ({
      shape: data.shape,
      pixels: data.pixels.slice(index * size, (index + 1) * size),
      file: file ?? texts.image(index),
      caption: `${truth} → ${answer} · ${percent(probability, 1)}`,
      isWrong: true,
    }),
  )
  return drawSheet({
    title: texts.sheet(name),
    subtitle: texts.sheetOf(count(pictures.length), count(mistakes.length)),
    pictures,
  })
}
