// lenet predict: what is on pictures of one's own. A picture that cannot be read does not stop the others.
import { stat } from 'node:fs/promises'
import { type Prediction, type Preparing, prepareImage, type ShippedModel } from 'lenet'
import { type FolderNotice, listPictures, readImage } from 'lenet/node'
import type { Context } from '../context.ts'
import { digitText } from '../digit-text.ts'
import { loadPredictor, type ModelFlags } from '../load-model.ts'
import { percent } from '../numbers.ts'
import { preparationFor } from '../prepare-flag.ts'
import { tellNotices } from '../read-data.ts'
import { isForeseen } from '../report-error.ts'

export interface PredictFlags extends ModelFlags {
  readonly prepare?: string
}

const VERB = 'predict'

/** Gives whether every picture was answered. */
export async function predictCommand(
  context: Context,
  path: string,
  paths: readonly string[],
  flags: PredictFlags,
): Promise<boolean> {
  const model = await loadPredictor(context, VERB, path, flags)
  const preparation = preparationFor(context, { verb: VERB, flag: flags.prepare, model })
  const files = await filesOf(context, paths)
  let answered = true
  for (const file of files)
    try {
      await predictFile(context, { model, preparation, file, several: files.length > 1 })
    } catch (error) {
      if (!isForeseen(error)) throw error
      answered = false
      const problem = context.messages.errors.told(problemOf(error as Error, file))
      context.emit({ file, error: problem })
      context.warn(context.messages.predict.unreadable(file, problem))
    }
  return answered
}

/** A folder stands for the pictures in it. */
async function filesOf(context: Context, paths: readonly string[]): Promise<string[]> {
  const notices: FolderNotice[] = []
  const files: string[] = []
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory()
    files.push(...(isFolder ? await listPictures(path, (notice) => notices.push(notice)) : [path]))
  }
  tellNotices(context, notices)
  return files
}

/** The first line of what is wrong, without the name that is said before it. */
function problemOf({ message }: Error, file: string): string {
  const [first = ''] = message.split('\n')
  const said = [`${file}: `, 'picture: '].find((name) => first.startsWith(name)) ?? ''
  return first.slice(said.length)
}

interface Job {
  readonly model: ShippedModel
  readonly preparation: Preparing
  readonly file: string
  readonly several: boolean
}

async function predictFile(context: Context, { model, preparation, file, several }: Job): Promise<void> {
  const { say, emit, messages, paint, depth } = context
  const picture = await readImage(file)
  const pixels = prepareImage(picture, model.input, preparation)
  const prediction = model.predict(pixels)
  const { pages } = picture
  if (pages !== undefined) tellNotices(context, [{ kind: 'pages', file, pages }])
  emit({ file, ...prediction, ...(pages !== undefined && { pages }) })
  if (depth > 0)
    say(`${messages.predict.prepared}\n${digitText({ shape: model.input as [number, number, number], pixels, depth })}`)
  const answer = paint('bold', messages.predict.answer(prediction.label, percent(prediction.probability, 1)))
  say(several ? `${file}: ${answer}` : answer)
  if (depth > 0) say(othersText(model.classes, prediction, messages.predict.answer))
}

/** The next two guesses. */
function othersText(
  classes: readonly string[],
  { label, scores }: Prediction,
  answer: (label: string, probability: string) => string,
): string {
  const others = classes.map((name, at) => ({ name, score: scores[at]! })).filter(({ name }) => name !== label)
  return others
    .sort((a, b) => b.score - a.score)
    .slice(0, 2)
    .map(({ name, score }) => answer(name, percent(score, 1)))
    .join('  ')
}
