// Answers as a table that spreadsheets open: a row a picture, its answer, and the best k with their probabilities.
import { type Answered, bestOf } from './answered.ts'

/** RFC 4180: quotes where a field holds a separator, a quote or a line end. */
const field = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** The answer is empty where the model is not sure, and where a picture could not be read, which `error` says. */
export function answersCsv(classes: readonly string[], answers: readonly Answered[], top: number): string {
  const places = Array.from({ length: Math.min(top, classes.length) }, (_, at) => at)
  const names = places.flatMap((at) =>
    at === 0 ? ['label', 'probability'] : [`label_${at + 1}`, `probability_${at + 1}`],
  )
  const rows = answers.map((one) => {
    if ('error' in one) return [one.file, '', ...names.map(() => ''), one.error]
    const best = bestOf(classes, one.prediction)
    const values = places.flatMap((at) => [best[at]!.label, best[at]!.probability.toFixed(6)])
    return [one.file, one.isUnsure ? '' : one.prediction.label, ...values, '']
  })
  return [['file', 'answer', ...names, 'error'], ...rows].map((row) => `${row.map(field).join(',')}\n`).join('')
}
