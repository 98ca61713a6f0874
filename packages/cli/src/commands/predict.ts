// lenet predict: what is on pictures of one's own, thousands of them if need be. Pictures are decoded ahead of the answers,
// a few at a time, and one that cannot be read does not stop the others.
import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { type Prediction, type Preparing, prepareImage, type ShippedModel, UsageError } from 'lenet'
import { type DecodedPicture, type FolderNotice, listPictures, readImage, writeFileAtomic } from 'lenet/node'
import { ahead } from '../ahead.ts'
import { type Answered, bestOf } from '../answered.ts'
import { answersCsv } from '../answers-csv.ts'
import { type Context, readNumber } from '../context.ts'
import { digitText } from '../digit-text.ts'
import { loadPredictor, type ModelFlags } from '../load-model.ts'
import { count, percent } from '../numbers.ts'
import { preparationFor } from '../prepare-flag.ts'
import { tellNotices } from '../read-data.ts'
import { isForeseen } from '../report-error.ts'
import { showLoading } from '../show-loading.ts'

export interface PredictFlags extends ModelFlags {
  readonly prepare?: string
  readonly top?: string
  readonly csv?: string
  readonly show?: boolean
  readonly unsure?: string
}

interface Job {
  readonly model: ShippedModel
  readonly preparation: Preparing
  readonly several: boolean
  readonly top: number | undefined
  /** Answers less probable than this are none. */
  readonly least: number
  readonly shows: boolean
  /** Whether answers are told as they come. */
  readonly tells: boolean
}

const VERB = 'predict'

/** Gives whether every picture was answered. */
export async function predictCommand(
  context: Context,
  path: string,
  paths: readonly string[],
  flags: PredictFlags,
): Promise<boolean> {
  const top = flags.top === undefined ? undefined : readNumber(context, VERB, '--top', flags.top, { whole: 1 })
  const least = readLeast(context, flags)
  const model = await loadPredictor(context, VERB, path, flags)
  const preparation = preparationFor(context, { verb: VERB, flag: flags.prepare, model })
  const files = await filesOf(context, paths)
  const several = files.length > 1
  const shows = flags.show ?? (context.depth > 0 && !several)
  const tells = flags.csv === undefined
  const all = await answerAll(context, files, { model, preparation, several, top, least, shows, tells })
  if (flags.csv !== undefined) {
    await writeFileAtomic(flags.csv, answersCsv(model.classes, all, top ?? 1))
    context.say(context.messages.predict.written(flags.csv, count(all.length)))
  }
  if (flags.unsure !== undefined) tellCoverage(context, all)
  return all.every((one) => !('error' in one))
}

function readLeast(context: Context, { unsure }: PredictFlags): number {
  if (unsure === undefined) return 0
  const least = readNumber(context, VERB, '--unsure', unsure, { example: '0.9' })
  if (!(least >= 0 && least <= 1)) throw new UsageError(context.messages.errors.range(VERB, '--unsure', unsure, 0, 1))
  return least
}

/** In the order of the files; of each only the answer is kept, no pixels. */
async function answerAll(context: Context, files: readonly string[], job: Job): Promise<Answered[]> {
  const all: Answered[] = []
  const loading = showLoading(context)
  // A picture that cannot be read is an answer, too.
  const decode = (file: string) => readImage(file).catch((error: unknown) => error as Error)
  for await (const [file, picture] of ahead(files, 2 * availableParallelism(), decode)) {
    const answered = answer(context, job, file, picture)
    if (!job.tells) loading.progress(all.length + 1, files.length, context.messages.predict.reading)
    all.push(answered)
  }
  loading.end()
  return all
}

function answer(context: Context, job: Job, file: string, picture: DecodedPicture | Error): Answered {
  try {
    if (picture instanceof Error) throw picture
    const pixels = prepareImage(picture, job.model.input, job.preparation)
    const prediction = job.model.predict(pixels)
    const { pages } = picture
    const answered = {
      file,
      prediction,
      isUnsure: prediction.probability < job.least,
      ...(pages !== undefined && { pages }),
    }
    if (pages !== undefined) tellNotices(context, [{ kind: 'pages', file, pages }])
    tell(context, job, answered, pixels)
    return answered
  } catch (error) {
    if (!isForeseen(error)) throw error
    const problem = context.messages.errors.told(problemOf(error as Error, file))
    context.emit({ file, error: problem })
    context.warn(context.messages.predict.unreadable(file, problem))
    return { file, error: problem }
  }
}

function tell(
  { say, emit, messages, paint, depth }: Context,
  { model, several, top, shows, tells, least }: Job,
  { file, prediction, isUnsure, pages }: Extract<Answered, { readonly prediction: Prediction }>,
  pixels: Uint8Array | Float32Array,
): void {
  const texts = messages.predict
  const best = bestOf(model.classes, prediction)
  emit({
    file,
    ...prediction,
    ...(top !== undefined && { top: best.slice(0, top) }),
    ...(least > 0 && { unsure: isUnsure }),
    ...(pages !== undefined && { pages }),
  })
  if (!tells) return
  if (shows) say(`${texts.prepared}\n${digitText({ shape: model.input as [number, number, number], pixels, depth })}`)
  const said = texts.answer(prediction.label, percent(prediction.probability, 1))
  const line = paint('bold', isUnsure ? texts.unsure(said) : said)
  say(several ? `${file}: ${line}` : line)
  const others = best.slice(1, top ?? (depth > 0 && !several ? 3 : 1))
  if (others.length > 0) say(others.map((one) => texts.answer(one.label, percent(one.probability, 1))).join('  '))
}

function tellCoverage({ say, messages }: Context, all: readonly Answered[]): void {
  const read = all.filter((one) => 'prediction' in one)
  if (read.length === 0) return
  const sure = read.filter(({ isUnsure }) => !isUnsure).length
  say(messages.predict.coverage(count(sure), count(read.length), percent(sure / read.length, 1)))
}

/** A folder stands for the pictures in it, at any depth. */
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
