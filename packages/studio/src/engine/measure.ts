// Test images a few hundred at a time, so that a drawing can be looked at in between.
import { type Answers, createEvaluator, type Dataset, type Evaluation, type ModelFile, sizeOf, usualLoss } from 'lenet'

const PIECE = 256

export interface Manner {
  readonly most: number
  /** Asked between two pieces: whether nobody wants the result any more. */
  readonly isStale: () => boolean
}

/** Undefined where it went stale. */
export async function measure(
  { net, weights, normalisation }: ModelFile,
  data: Dataset,
  { most, isStale }: Manner,
): Promise<Answers | undefined> {
  const evaluator = await createEvaluator(net, usualLoss(net), true, { threads: 1 })
  const count = Math.min(most, data.labels.length)
  const pieces: Answers[] = []
  try {
    for (let from = 0; from < count; from += PIECE) {
      pieces.push(evaluator.run(weights, normalisation, slice(data, from, Math.min(count, from + PIECE))))
      await new Promise((resolve) => setTimeout(resolve, 0))
      if (isStale()) return undefined
    }
  } finally {
    evaluator.close()
  }
  return together(pieces)
}

export function slice(data: Dataset, from: number, to: number): Dataset {
  const size = sizeOf(data.shape)
  return { ...data, pixels: data.pixels.subarray(from * size, to * size), labels: data.labels.subarray(from, to) }
}

function together(pieces: readonly Answers[]): Answers {
  const answers = Uint16Array.from(pieces.flatMap((piece) => [...piece.answers]))
  const losses = Float32Array.from(pieces.flatMap((piece) => [...piece.losses]))
  const scores = Float32Array.from(pieces.flatMap((piece) => [...piece.scores]))
  const evaluations = pieces.map(({ evaluation }) => evaluation)
  const confusion = evaluations
    .map((evaluation) => evaluation.confusion)
    .reduce((sum, next) => sum.map((row, truth) => row.map((cell, answer) => cell + next[truth]![answer]!)))
  const errors = evaluations.reduce((sum, evaluation) => sum + evaluation.errors, 0)
  const evaluation: Evaluation = {
    samples: answers.length,
    errors,
    accuracy: 1 - errors / answers.length,
    loss: losses.reduce((sum, loss) => sum + loss, 0) / answers.length,
    perClass: confusion.map((row, truth) => row[truth]! / row.reduce((sum, cell) => sum + cell, 0)),
    confusion,
  }
  return { evaluation, answers, losses, scores }
}
