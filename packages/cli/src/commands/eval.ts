// lenet eval: predictions against labels, what is to be thought of them, and the worst mistakes.
import { availableParallelism } from 'node:os'
import { type Answers, type Dataset, fitDataset, type TrainedModel, UsageError } from 'lenet'
import { confusionText } from '../confusion-text.ts'
import { type Context, readNumber } from '../context.ts'
import { writeReport } from '../eval-report.ts'
import { classTable, type Goodness, goodnessLines, goodnessOf } from '../goodness.ts'
import { loadModel, type ModelFlags } from '../load-model.ts'
import { type Measured, measured } from '../measured.ts'
import { type Mistake, mistakesOf, mistakesText } from '../mistakes.ts'
import { count, loss, percent } from '../numbers.ts'
import { preparationFor } from '../prepare-flag.ts'
import { type LeftOut, readData } from '../read-data.ts'

export interface EvalFlags extends ModelFlags {
  readonly dataDir?: string
  readonly threads?: string
  readonly prepare?: string
  readonly strict?: boolean
  readonly report?: string
}

const VERB = 'eval'

export async function evalCommand(
  context: Context,
  path: string,
  dataset: string | undefined,
  flags: EvalFlags,
): Promise<void> {
  const { train } = context.messages
  const loaded = await loadModel(context, VERB, path, flags)
  const { model } = loaded
  const name = dataset ?? loaded.run?.dataset ?? 'mnist'
  const preparation = preparationFor(context, { verb: VERB, flag: flags.prepare, dataset: name, model })
  const threads =
    flags.threads === undefined
      ? availableParallelism()
      : readNumber(context, VERB, '--threads', flags.threads, { whole: 1 })
  context.say(train.reading(name))
  const shape = model.net.input as [number, number, number]
  const { splits, leftOut } = await readData(context, {
    verb: VERB,
    dataset: name,
    dataDir: flags.dataDir,
    shape,
    preparation,
    strict: flags.strict,
  })
  const { data: found, on } = await measured(context.messages, splits, name, loaded)
  const data = sameClasses(context, found, model)
  const answers = await model.evaluate(fitDataset(data, shape), { threads })
  const result: Result = {
    name,
    on,
    data,
    answers,
    goodness: goodnessOf(answers, data.labels, model),
    mistakes: mistakesOf(data, model, answers),
    leftOut,
  }
  emitResult(context, result)
  show(context, result)
  if (flags.report !== undefined) await writeReport(context, flags.report, result)
}

interface Result extends Measured {
  /** As the data set is called in the command line. */
  readonly name: string
  readonly answers: Answers
  readonly goodness: Goodness
  readonly mistakes: readonly Mistake[]
  readonly leftOut: readonly LeftOut[]
}

function emitResult({ emit }: Context, { name, on, data, answers, goodness, mistakes, leftOut }: Result): void {
  const { samples, errors, accuracy, loss: mean, perClass, confusion } = answers.evaluation
  const { classes } = data
  const facts = { accuracy, errors, loss: mean, samples, classes, perClass, confusion }
  emit({ data: name, on, ...facts, ...goodness, mistakes, leftOut })
}

/** Labels in the order of the model's classes. @throws UsageError where a class is unknown to the model. */
function sameClasses({ messages }: Context, data: Dataset, { classes }: TrainedModel): Dataset {
  if (data.classes.join('\n') === classes.join('\n')) return data
  const places = data.classes.map((name) => classes.indexOf(name))
  const unknown = places.indexOf(-1)
  if (unknown >= 0)
    throw new UsageError(messages.errors.unknownClass(VERB, data.name, data.classes[unknown]!, classes.join(', ')))
  return { ...data, classes, labels: data.labels.map((label) => places[label]!) }
}

function show(context: Context, { data, on, answers, goodness, mistakes, leftOut }: Result): void {
  const { say, messages, paint, stdout, json } = context
  if (json) return
  const texts = messages.evaluation
  const { accuracy, errors, samples, confusion, loss: mean } = answers.evaluation
  const columns = stdout.columns !== undefined && { columns: stdout.columns }
  say(`\n${paint('bold', texts.accuracy(percent(accuracy), count(errors), count(samples)))}`)
  say(texts.on[on](data.name))
  if (leftOut.length > 0) say(paint('yellow', texts.leftOut(leftOut.length)))
  for (const line of goodnessLines(context, goodness, on !== 'training')) say(line)
  say(`${texts.loss(loss(mean))}\n`)
  say(confusionText({ classes: data.classes, confusion, messages, paint, ...columns }))
  say(`\n${classTable(context, goodness)}`)
  if (mistakes.length > 0) say(`\n${mistakesText(context, data, mistakes)}`)
}
