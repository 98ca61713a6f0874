// Reading and writing whole files. A write is all or nothing: a crash or a full disk leaves the old file or none, never half
// of a new one.

import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { FormatError, RunError, UsageError } from '../errors.ts'

/**
 * Writes a file by way of a temporary one in the same folder, which is made if it is missing. When the promise resolves,
 * the data and the name are on the disk. Throws a UsageError naming the path, a RunError
 * when the disk is full; nothing temporary is left behind.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const folder = dirname(path)
  const temporary = temporaryFor(path)
  try {
    await makeFolderAndParents(folder)
    if (await isDevice(path)) return await writeFile(path, data)
    await writeDurably(temporary, data)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw writeError(path, error)
  }
  await syncFolder(folder)
}

/** Reads a file. Throws a FormatError that says why it cannot be read. */
export async function readFileOrExplain(path: string): Promise<Uint8Array> {
  try {
    const { buffer, byteOffset, length } = await readFile(path)
    // Not the Buffer itself: its slice() is a view where a Uint8Array's is a copy.
    return new Uint8Array(buffer, byteOffset, length)
  } catch (error) {
    throw readError(path, error)
  }
}

const temporaryFor = (path: string): string => join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}.tmp`)
const TEMPORARY = /^\..+\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/

/** Removes what writers that were killed left in a folder. Only for a folder in which nobody else writes at this time. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => TEMPORARY.test(name))
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })))
}

/** Makes a folder and those that it lies in. Gives the ones that were not there, the outermost first. Throws as `writeFileAtomic`. */
export async function makeFolder(path: string): Promise<string[]> {
  try {
    return await makeFolderAndParents(resolve(path))
  } catch (error) {
    throw writeError(path, error)
  }
}

// One by one: Node's own way answers ENOENT where a disk is read-only, and never where a folder cannot be made in /proc.
async function makeFolderAndParents(path: string): Promise<string[]> {
  const isThere = async () => (await stat(path).catch(() => undefined))?.isDirectory() ?? false
  if (await isThere()) return []
  const above = dirname(path) === path ? [] : await makeFolderAndParents(dirname(path))
  try {
    await mkdir(path)
    return [...above, path]
  } catch (error) {
    if (await isThere()) return above
    throw error
  }
}

async function writeDurably(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(data)
    await file.sync()
  } finally {
    await file.close()
  }
}

// A pipe or /dev/stdout is written through: it must not be replaced by a file.
async function isDevice(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && !found.isFile() && !found.isDirectory()
}

// Makes the new name durable too. Windows and some network drives cannot sync a folder; the file is complete all the same.
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  } catch {}
}

const WRITE_PROBLEMS: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  ENOSPC: ['the disk is full', 'free some space or choose a path on another disk'],
  EDQUOT: ['the disk quota is used up', 'free some space or choose a path on another disk'],
  EACCES: ['there is no permission', 'choose a folder that you may write to'],
  EPERM: ['there is no permission', 'choose a folder that you may write to'],
  EROFS: ['the disk is read-only', 'choose a folder that you may write to'],
  EISDIR: ['it is a folder', 'give the name of a file'],
  ENOENT: ['a folder of the path cannot be made', 'choose a folder that you may write to'],
  ENOTDIR: ['a part of the path is a file', 'give a path whose folders are folders'],
  EEXIST: ['a part of the path is a file', 'give a path whose folders are folders'],
  ENAMETOOLONG: ['the name is too long', 'give a shorter one'],
  EMFILE: ['too many files are open', "raise the limit, see 'ulimit -n'"],
}

/** What is no fault of the path, but of the disk at this moment. */
const DISK_PROBLEMS: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE'])

function writeError(path: string, error: unknown): UsageError | RunError {
  const code = codeOf(error)
  const [problem, hint] = WRITE_PROBLEMS[code] ?? [String(error), undefined]
  const Class = DISK_PROBLEMS.has(code) ? RunError : UsageError
  return new Class(`${path}: cannot be written: ${problem}`, hint)
}

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist; a part of the path is a file',
  EISDIR: 'is a folder; a file is wanted',
  EACCES: 'cannot be read: there is no permission',
  EPERM: 'cannot be read: there is no permission',
  EMFILE: 'cannot be read: too many files are open',
}

function readError(path: string, error: unknown): FormatError {
  return new FormatError(path, READ_PROBLEMS[codeOf(error)] ?? `cannot be read: ${String(error)}`)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
