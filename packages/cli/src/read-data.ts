// The data of a command: a named data set, a folder or table of pictures, or an .npz. What is not read, or is not read from where it was
// wanted, is said on standard error.
import { stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { type Preparing, type Splits, UsageError } from 'lenet'
import { dataSetNames, type FolderNotice, findDataSets, loadDataset } from 'lenet/node'
import type { Context } from './context.ts'
import type { Messages } from './messages.ts'
import { count } from './numbers.ts'
import { showLoading } from './show-loading.ts'

export interface DataWanted {
  readonly verb: string
  /** A data set's name, or the path of a folder, a table or an .npz. */
  readonly dataset: string
  readonly dataDir?: string | undefined
  /** What the pictures of a folder are brought to, and how. */
  readonly shape: readonly number[]
  readonly preparation?: Preparing
  /** Whether a picture that cannot be read is an error; otherwise it is left out and said. */
  readonly strict?: boolean | undefined
}

/** A picture that has no part in the data. */
export interface LeftOut {
  readonly file: string
  readonly problem: string
}

const SHOWN = 10

export const isNamed = (dataset: string): boolean => dataSetNames.includes(dataset)

/** @throws UsageError where there is no such data set or no such folder of data, FormatError where it is damaged. */
export async function readData(
  context: Context,
  { verb, dataset, dataDir, shape, preparation, strict = false }: DataWanted,
): Promise<{ splits: Splits; leftOut: readonly LeftOut[] }> {
  await checkDataDir(context, verb, dataDir, dataset)
  const notices: FolderNotice[] = []
  const loading = showLoading(context)
  const told = (): void => {
    loading.end()
    tellNotices(context, notices)
  }
  const splits = await loadDataset(dataset, {
    ...(dataDir !== undefined && { dataDir }),
    shape: shape as readonly [number, number, number],
    ...(preparation !== undefined && { preparation }),
    skipUnreadable: !strict,
    onNotice: (notice) => notices.push(notice),
    onProgress: loading.progress,
  }).finally(told)
  return { splits, leftOut: notices.filter((notice) => notice.kind === 'unreadable') }
}

/** `--data-dir` must exist, and a data set that lies elsewhere is said to. */
export async function checkDataDir(
  context: Context,
  verb: string,
  dataDir: string | undefined,
  dataset?: string,
): Promise<void> {
  if (dataDir === undefined) return
  const texts = context.messages.data
  const found = await stat(dataDir).catch(() => undefined)
  if (!found?.isDirectory()) throw new UsageError(texts.noFolder(verb, dataDir))
  if (dataset === undefined || !isNamed(dataset)) return
  const known = (await findDataSets({ dataDir, download: false })).find(({ name }) => name === dataset)
  if (known?.place?.startsWith(resolve(dataDir) + sep)) return
  context.warn(
    known?.place === undefined ? texts.fromNetwork(dataDir, dataset) : texts.elsewhere(dataDir, dataset, known.place),
  )
}

/** Each kind of notice by itself, so that a thousand of one do not hide the others. */
export function tellNotices(context: Context, notices: readonly FolderNotice[]): void {
  const { data } = context.messages
  for (const notice of notices)
    if (notice.kind === 'counts') context.say(data.counts(notice.folder, shorten(notice, data)))
  for (const kind of new Set(notices.map((notice) => notice.kind))) {
    const lines = notices
      .filter((notice) => notice.kind === kind)
      .flatMap((notice) => lineOf(notice, context.messages) ?? [])
    for (const line of lines.slice(0, SHOWN)) context.warn(line)
    if (lines.length > SHOWN) context.warn(data.more(count(lines.length - SHOWN)))
  }
}

function shorten({ classes, counts }: FolderNotice & { kind: 'counts' }, data: Messages['data']): string {
  const shown = classes.slice(0, 2 * SHOWN).map((name, at) => `${name} ${count(counts[at]!)}`)
  if (classes.length > shown.length) shown.push(data.more(count(classes.length - shown.length)))
  return shown.join(', ')
}

function lineOf(notice: FolderNotice, { data, errors }: Messages): string | undefined {
  switch (notice.kind) {
    case 'counts':
      return undefined
    case 'empty':
      return data.empty(notice.folder)
    case 'unreadable':
      return data.unreadable(notice.file, errors.told(notice.problem))
    case 'pages':
      return data.pages(notice.file, notice.pages)
    case 'other':
      return data.other(notice.folder, notice.files, notice.endings.join(' '))
    default:
      return data[notice.kind](notice.folder, notice.pictures)
  }
}
