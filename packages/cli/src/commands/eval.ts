// lenet eval: predictions against labels, the confusion matrix and the worst mistakes.
import { availableParallelism } from 'node:os'
import { type Answers, type Dataset, fitDataset, type TrainedModel, UsageError } from 'lenet'
import { loadDataset } from 'lenet/node'
import { confusionText } from '../confusion-text.ts'
import { type Context, readNumber } from '../context.ts'
import { digitText } from '../digit-text.ts'
import { loadModel, type ModelFlags } from '../load-model.ts'
import { count, loss, percent } from '../numbers.ts'
import { showLoading } from '../show-loading.ts'
import { fill, textWidth } from '../text-width.ts'

export interface EvalFlags extends ModelFlags {
  readonly dataDir?: string
  readonly threads?: string
  readonly engine?: string
}

const VERB = 'eval'
const SHOWN = 4

export async function evalCommand(
  context: Context,
  path: string,
  dataset: string | undefined,
  flags: EvalFlags,
): Promise<void> {
  const { model, dataset: trainedOn } = await loadModel(context, VERB, path, flags)
  const name = dataset ?? trainedOn ?? 'mnist'
  context.say(context.messages.train.reading(name))
  const loading = showLoading(context)
  const splits = await loadDataset(name, {
    ...(flags.dataDir !== undefined && { dataDir: flags.dataDir }),
    shape: model.net.input as [number, number, number],
    onProgress: loading.progress,
  }).finally(loading.end)
  const data = sameClasses(splits.test ?? splits.train, model)
  const threads =
    flags.threads === undefined
      ? availableParallelism()
      : readNumber(context, VERB, '--threads', flags.threads, { whole: 1 })
  const answers = await model.evaluate(fitDataset(data, model.net.input as [number, number, number]), { threads })
  const { samples, errors, accuracy, loss: mean, perClass, confusion } = answers.evaluation
  context.emit({ accuracy, errors, loss: mean, samples, perClass, confusion })
  if (!context.json) show(context, data, model, answers)
}

/** Labels in the order of the model's classes. @throws UsageError where a class is unknown to the model. */
function sameClasses(data: Dataset, { classes }: TrainedModel): Dataset {
  if (data.classes.join('\n') === classes.join('\n')) return data
  const places = data.classes.map((name) => classes.indexOf(name))
  const unknown = places.indexOf(-1)
  if (unknown >= 0)
    throw new UsageError(
      `lenet eval: ${data.name} has a class '${data.classes[unknown]}' that the model does not know; it knows ${classes.join(', ')}`,
    )
  return { ...data, classes, labels: data.labels.map((label) => places[label]!) }
}

function show(context: Context, data: Dataset, model: TrainedModel, answers: Answers): void {
  const { say, messages, paint, stdout } = context
  const texts = messages.evaluation
  const { accuracy, errors, samples, loss: mean, confusion } = answers.evaluation
  say(`\n${paint('bold', texts.accuracy(percent(accuracy), count(errors), count(samples)))}`)
  say(`${texts.loss(loss(mean))}\n`)
  say(
    confusionText({
      classes: model.classes,
      confusion,
      messages,
      paint,
      ...(stdout.columns !== undefined && { columns: stdout.columns }),
    }),
  )
  const worst = worstMistakes(data, answers)
  if (worst.length > 0)
    say(`\n${texts.worst}\n\n${sideBySide(worst.map((index) => mistakeText(context, data, model, answers, index)))}`)
}

/** Samples that were read wrong with the largest loss. */
function worstMistakes({ labels }: Dataset, { answers, losses }: Answers): number[] {
  const wrong = Array.from(labels.keys()).filter((index) => answers[index] !== labels[index])
  return wrong.sort((a, b) => losses[b]! - losses[a]!).slice(0, SHOWN)
}

function mistakeText(
  { depth }: Context,
  data: Dataset,
  model: TrainedModel,
  { answers }: Answers,
  index: number,
): string[] {
  const size = data.pixels.length / data.labels.length
  const pixels = data.pixels.slice(index * size, (index + 1) * size)
  const picture = digitText({ shape: data.shape, pixels, depth }).split('\n')
  const caption = `${model.classes[data.labels[index]!]} → ${model.classes[answers[index]!]}`
  return [...picture, caption]
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
