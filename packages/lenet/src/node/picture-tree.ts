// Where the pictures of a data set lie: a sub-folder a class, below 'train' and 'test' if there are both. What lies there
// and is not read is told, so that nothing is left out unseen.

import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { UsageError } from '../errors.ts'

/** What the reader of a folder has to tell. */
export type FolderNotice =
  /** How many pictures of each class are read. */
  | {
      readonly kind: 'counts'
      readonly folder: string
      readonly classes: readonly string[]
      readonly counts: readonly number[]
    }
  /** A class folder without a picture, which is no class then. */
  | { readonly kind: 'empty'; readonly folder: string }
  /** Pictures in sub-folders of a class, beside class folders, or in a split that is not read: not read either. */
  | { readonly kind: 'nested' | 'loose' | 'split'; readonly folder: string; readonly pictures: number }
  /** Files that are no pictures by their endings. */
  | { readonly kind: 'other'; readonly folder: string; readonly files: number; readonly endings: readonly string[] }
  /** A picture that was left out. */
  | { readonly kind: 'unreadable'; readonly file: string; readonly problem: string }
  /** A file of several pictures, of which the first is read. */
  | { readonly kind: 'pages'; readonly file: string; readonly pages: number }

export type Tell = (notice: FolderNotice) => void

export interface Listed {
  readonly path: string
  readonly label: number
}

export interface PictureList {
  readonly classes: readonly string[]
  readonly files: readonly Listed[]
}

const endings = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.tif', '.tiff', '.bmp', '.svg'])
const SPLITS = /^(train|test|val|valid|validation)$/

const isHidden = (name: string): boolean => name.startsWith('.')
const isPicture = (name: string): boolean => endings.has(extname(name).toLowerCase()) && !isHidden(name)

/** @throws UsageError for a folder of another layout. */
export async function listTree(folder: string, tell: Tell): Promise<{ train: PictureList; test?: PictureList }> {
  const { folders, pictures } = await entriesOf(folder)
  const isSplit = folders.includes('train') && folders.every((child) => SPLITS.test(child))
  if (pictures.length > 0 && folders.length > 0) tell({ kind: 'loose', folder, pictures: pictures.length })
  if (!isSplit) return { train: await listClasses(folder, tell) }
  for (const child of folders)
    if (child !== 'train' && child !== 'test')
      tell({ kind: 'split', folder: join(folder, child), pictures: await countBelow(join(folder, child)) })
  const train = await listClasses(join(folder, 'train'), tell)
  if (!folders.includes('test')) return { train }
  return { train, test: await listClasses(join(folder, 'test'), tell, train.classes) }
}

/** The pictures of one folder, without those of its sub-folders. @throws UsageError where it has none. */
export async function listPictures(folder: string, tell: Tell = () => undefined): Promise<string[]> {
  const { folders, pictures, others } = await entriesOf(folder)
  const nested = await countBelowAll(folder, folders)
  if (pictures.length === 0)
    throw new UsageError(
      `${folder}: has no pictures of its own${nested === 0 ? '' : `, and ${nested} in its sub-folders`}`,
      nested === 0
        ? `lenet reads ${[...endings].join(' ')}`
        : `give those folders, or all files: ${join(folder, '*/*')}`,
    )
  if (nested > 0) tell({ kind: 'nested', folder, pictures: nested })
  tellOthers(folder, [{ others }], tell)
  return pictures.map((name) => join(folder, name))
}

/** `known` are the classes of the training split: a test split may lack some of them, but has no others. */
async function listClasses(folder: string, tell: Tell, known?: readonly string[]): Promise<PictureList> {
  const { folders } = await entriesOf(folder)
  if (folders.length === 0)
    throw new UsageError(
      `${folder}: has no sub-folders`,
      'put the pictures of each class into a sub-folder of its name',
    )
  const listed = await Promise.all(folders.map(async (name) => ({ name, ...(await entriesOf(join(folder, name))) })))
  const full = listed.filter(({ pictures }) => pictures.length > 0)
  for (const { name, pictures, folders: inner } of listed) await tellLeftOut(join(folder, name), pictures, inner, tell)
  tellOthers(folder, listed, tell)
  if (full.length === 0) throw noPictures(folder)
  const classes = known ?? full.map(({ name }) => name)
  const unknown = full.find(({ name }) => !classes.includes(name))
  if (unknown !== undefined)
    throw new UsageError(
      `${folder}: has a class '${unknown.name}' that the training pictures lack; both need the same classes`,
    )
  const counts = classes.map((name) => full.find((each) => each.name === name)?.pictures.length ?? 0)
  tell({ kind: 'counts', folder, classes, counts })
  const files = full.flatMap(({ name, pictures }) =>
    pictures.map((picture) => ({ path: join(folder, name, picture), label: classes.indexOf(name) })),
  )
  return { classes, files }
}

/** @throws UsageError where all pictures of a class lie deeper: to leave them out would lose the class. */
async function tellLeftOut(
  folder: string,
  pictures: readonly string[],
  inner: readonly string[],
  tell: Tell,
): Promise<void> {
  const nested = await countBelowAll(folder, inner)
  if (pictures.length === 0 && nested > 0)
    throw new UsageError(
      `${folder}: has no pictures of its own, and ${nested} in its sub-folders`,
      "a class is one folder of pictures; name the folders of the splits 'train' and 'test'",
    )
  if (pictures.length === 0) tell({ kind: 'empty', folder })
  else if (nested > 0) tell({ kind: 'nested', folder, pictures: nested })
}

function tellOthers(folder: string, listed: readonly { readonly others: readonly string[] }[], tell: Tell): void {
  const others = listed.flatMap((each) => each.others)
  const kinds = [...new Set(others.map((name) => extname(name).toLowerCase() || name))].sort()
  if (others.length > 0) tell({ kind: 'other', folder, files: others.length, endings: kinds })
}

const noPictures = (folder: string): UsageError =>
  new UsageError(`${folder}: has no pictures in its sub-folders; lenet reads ${[...endings].join(' ')}`)

interface Entries {
  readonly folders: readonly string[]
  readonly pictures: readonly string[]
  readonly others: readonly string[]
}

/** Without hidden ones, each list sorted. @throws UsageError where the folder cannot be read. */
async function entriesOf(folder: string): Promise<Entries> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES' || error.code === 'EPERM')
      throw new UsageError(`${folder}: cannot be read: there is no permission`)
    throw new UsageError(`${folder}: cannot be read as a folder: ${error.message}`)
  })
  const found = await Promise.all(
    entries
      .filter(({ name }) => !isHidden(name))
      .map(async (entry) => ({ name: entry.name, isFolder: await leadsToFolder(folder, entry) })),
  )
  const names = (wanted: boolean) =>
    found.flatMap(({ name, isFolder }) => (isFolder === wanted ? [name] : [])).sort((a, b) => (a < b ? -1 : 1))
  const files = names(false)
  return {
    folders: names(true),
    pictures: files.filter(isPicture),
    others: files.filter((name) => !isPicture(name)),
  }
}

const leadsToFolder = async (folder: string, entry: Dirent): Promise<boolean> =>
  entry.isSymbolicLink()
    ? ((await stat(join(folder, entry.name)).catch(() => undefined))?.isDirectory() ?? false)
    : entry.isDirectory()

async function countBelowAll(folder: string, inner: readonly string[]): Promise<number> {
  const counts = await Promise.all(inner.map((name) => countBelow(join(folder, name))))
  return counts.reduce((sum, count) => sum + count, 0)
}

async function countBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  return entries.filter((entry) => !entry.isDirectory() && isPicture(entry.name)).length
}
