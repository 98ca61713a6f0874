// Where the pictures of a data set lie: a sub-folder a class, its pictures at any depth, below 'train', 'val' and 'test' if
// there are such folders. What lies there and is not read is told, so that nothing is left out unseen.

import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { UsageError } from '../errors.ts'

/** What the reader of a folder has to tell. */
export type FolderNotice =
  /** How many pictures of each class were read. */
  | {
      readonly kind: 'counts'
      readonly folder: string
      readonly classes: readonly string[]
      readonly counts: readonly number[]
    }
  /** A class folder without a picture, which is no class then. */
  | { readonly kind: 'empty'; readonly folder: string }
  /** Pictures that are not read: beside class folders, or in a split without class folders. */
  | { readonly kind: 'loose' | 'unlabelled'; readonly folder: string; readonly pictures: number }
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
  /** Where they lie, or the table that lists them. */
  readonly folder: string
  readonly classes: readonly string[]
  readonly files: readonly Listed[]
}

/** The splits of a data set; the classes of all are those of `train`. */
export interface PictureTree {
  readonly train: PictureList
  readonly validation?: PictureList
  readonly test?: PictureList
}

export type Split = keyof PictureTree

const endings = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.tif', '.tiff', '.bmp', '.svg'])

/** Hidden files and what macOS packs beside them are nobody's pictures. */
const isPassedOver = (name: string): boolean => name.startsWith('.') || name === '__MACOSX'
const isPicture = (name: string): boolean => endings.has(extname(name).toLowerCase())

const SPLITS: Readonly<Record<Split, RegExp>> = {
  train: /^train(ing)?$/i,
  validation: /^val(id(ation)?)?$/i,
  test: /^test(ing)?$/i,
}

/** The split that a folder or a row of a table is for, by its name. */
export const splitNamed = (name: string): Split | undefined =>
  (Object.keys(SPLITS) as Split[]).find((split) => SPLITS[split].test(name.trim()))

/** @throws UsageError for a folder of another layout. */
export async function listTree(folder: string, tell: Tell): Promise<PictureTree> {
  const { folders, pictures } = await entriesOf(folder)
  const places = await splitsOf(folder, folders)
  if (pictures.length > 0 && folders.length > 0) tell({ kind: 'loose', folder, pictures: pictures.length })
  if (places === undefined) return { train: await listClasses(folder, tell) }
  const train = await listClasses(places.train, tell)
  const other = async (split: Split): Promise<PictureTree | undefined> => {
    const place = places[split]
    const list = place === undefined ? undefined : await listSplit(place, tell, train.classes)
    return list && ({ [split]: list } as unknown as PictureTree)
  }
  return { train, ...(await other('validation')), ...(await other('test')) }
}

/**
 * The folders of the splits; undefined where the sub-folders are classes.
 * @throws UsageError for two folders of one split, and for splits without training pictures.
 */
async function splitsOf(
  folder: string,
  names: readonly string[],
): Promise<({ readonly train: string } & Partial<Record<Split, string>>) | undefined> {
  const places: Partial<Record<Split, string>> = {}
  const taken: Partial<Record<Split, string>> = {}
  for (const name of names) {
    const split = splitNamed(name)
    // 'train' beside 'car' is a class.
    if (split === undefined) return undefined
    if (taken[split] !== undefined)
      throw new UsageError(`${folder}: has '${taken[split]}' and '${name}', two folders of one split`, 'join them')
    taken[split] = name
    places[split] = join(folder, name)
  }
  const found = Object.values(places)
  const own = await Promise.all(found.map((place) => entriesOf(place)))
  // Classes that are called so hold their pictures themselves.
  if (found.length === 0 || own.every(({ folders }) => folders.length === 0)) return undefined
  if (places.train !== undefined) return { ...places, train: places.train }
  throw new UsageError(
    `${folder}: has ${names.join(' and ')}, and no train`,
    `to read the pictures of one of them, give it: ${found[0]}`,
  )
}

/** A split may be without classes, as the test pictures of competitions are. */
async function listSplit(folder: string, tell: Tell, classes: readonly string[]): Promise<PictureList | undefined> {
  const { folders, pictures } = await entriesOf(folder)
  if (folders.length > 0) return await listClasses(folder, tell, classes)
  tell(pictures.length > 0 ? { kind: 'unlabelled', folder, pictures: pictures.length } : { kind: 'empty', folder })
  return undefined
}

/** The pictures of a folder and all folders in it. @throws UsageError where there are none. */
export async function listPictures(folder: string, tell: Tell = () => undefined): Promise<string[]> {
  const { pictures, others } = await walk(folder)
  if (pictures.length === 0) throw new UsageError(`${folder}: has no pictures; lenet reads ${[...endings].join(' ')}`)
  tellOthers(folder, others, tell)
  return pictures.map((name) => join(folder, name))
}

/** `known` are the classes of the training split: another split may lack some of them, but has no others. */
async function listClasses(folder: string, tell: Tell, known?: readonly string[]): Promise<PictureList> {
  const { folders } = await entriesOf(folder)
  if (folders.length === 0)
    throw new UsageError(
      `${folder}: has no sub-folders`,
      'put the pictures of each class into a sub-folder of its name',
    )
  const above = [await realpath(folder)]
  const listed = await Promise.all(folders.map(async (name) => ({ name, ...(await walk(join(folder, name), above)) })))
  const full = listed.filter(({ pictures }) => pictures.length > 0)
  if (full.length === 0) throw noPictures(folder)
  if (known === undefined) await refuseLostClasses(folder, full)
  for (const { name, pictures } of listed)
    if (pictures.length === 0) tell({ kind: 'empty', folder: join(folder, name) })
  tellOthers(
    folder,
    listed.flatMap(({ others }) => others),
    tell,
  )
  const classes = known ?? full.map(({ name }) => name)
  const unknown = full.find(({ name }) => !classes.includes(name))
  if (unknown !== undefined) throw unknownClass(folder, unknown.name)
  const files = full.flatMap(({ name, pictures }) =>
    pictures.map((picture) => ({ path: join(folder, name, picture), label: classes.indexOf(name) })),
  )
  return { folder, classes, files }
}

export const unknownClass = (where: string, name: string): UsageError =>
  new UsageError(`${where}: has a class '${name}' that the training pictures lack; both need the same classes`)

/** @throws UsageError where the classes lie one folder deeper than they are looked for. */
async function refuseLostClasses(
  folder: string,
  full: readonly { readonly name: string; readonly pictures: readonly string[] }[],
): Promise<void> {
  const [only, another] = full
  if (only === undefined || another !== undefined || only.pictures.some((path) => !path.includes('/'))) return
  const { folders } = await entriesOf(join(folder, only.name))
  if (folders.length > 1)
    throw new UsageError(
      `${folder}: has one class, '${only.name}', and all its pictures lie in sub-folders: ${folders.slice(0, 5).join(', ')}`,
      `are these the classes? then give ${join(folder, only.name)}`,
    )
}

function tellOthers(folder: string, others: readonly string[], tell: Tell): void {
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

/** All files below a folder by their paths from there, sorted. A link that leads back to where it lies is not followed. */
async function walk(folder: string, above: readonly string[] = []): Promise<Omit<Entries, 'folders'>> {
  const place = await realpath(folder)
  if (above.includes(place)) return { pictures: [], others: [] }
  const { folders, pictures, others } = await entriesOf(folder)
  const inner = await Promise.all(
    folders.map(async (name) => {
      const found = await walk(join(folder, name), [...above, place])
      const below = (path: string) => `${name}/${path}`
      return { pictures: found.pictures.map(below), others: found.others.map(below) }
    }),
  )
  const all = (own: readonly string[], kind: 'pictures' | 'others') =>
    [...own, ...inner.flatMap((each) => each[kind])].sort((a, b) => (a < b ? -1 : 1))
  return { pictures: all(pictures, 'pictures'), others: all(others, 'others') }
}

/** Without what is passed over, each list sorted. @throws UsageError where the folder cannot be read. */
async function entriesOf(folder: string): Promise<Entries> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES' || error.code === 'EPERM')
      throw new UsageError(`${folder}: cannot be read: there is no permission`)
    throw new UsageError(`${folder}: cannot be read as a folder: ${error.message}`)
  })
  const found = await Promise.all(
    entries
      .filter(({ name }) => !isPassedOver(name))
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
