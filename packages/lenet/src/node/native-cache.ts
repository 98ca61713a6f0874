// Files that cost time to make and can be made again, such as compiled modules. A file's name says its key and the SHA-256
// of its bytes, so that what is damaged is seen before it is used, and two processes that make one file at once do not
// disturb each other: KEY-SHA256.
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../errors.ts'

/** Bytes of a folder beyond which its oldest files go. A module of LeNet has about 70,000. */
const LIMIT = 128 << 20
const DAY = 24 * 60 * 60 * 1000

export interface Wanted {
  /** What the file depends on, hashed: letters and digits. */
  readonly key: string
  /** Writes the file. */
  readonly make: (path: string) => void
}

/**
 * Makes a folder whose files may be run: nobody else may write to it.
 * @throws UsageError where somebody may, or where it cannot be made.
 */
export function ownFolder(folder: string): void {
  const { uid, mode } = explain(folder, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return statSync(folder)
  })
  const user = process.getuid?.()
  if (user === undefined) return
  const hint = 'remove it, or set XDG_CACHE_HOME to a folder of your own'
  if (uid !== user)
    throw new UsageError(`engine native: ${folder} belongs to user ${uid}, and you are ${user}; it holds code`, hint)
  if ((mode & 0o022) !== 0)
    throw new UsageError(
      `engine native: ${folder} has mode ${(mode & 0o777).toString(8)}; it holds code, and only you may write to it`,
      hint,
    )
}

/** The file of this key, made where there is none that is whole. */
export function keptFile(folder: string, { key, make }: Wanted, limit = LIMIT): string {
  return explain(folder, () => findWhole(folder, key) ?? makeFile(folder, { key, make }, limit))
}

function findWhole(folder: string, key: string): string | undefined {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${key}-`)) continue
    const path = join(folder, name)
    if (name === nameOf(key, path)) {
      const now = Date.now()
      if (now - statSync(path).mtimeMs > DAY) utimesSync(path, now / 1000, now / 1000)
      return path
    }
    rmSync(path, { force: true })
  }
  return undefined
}

function makeFile(folder: string, { key, make }: Wanted, limit: number): string {
  const temporary = join(folder, `.${crypto.randomUUID()}`)
  try {
    make(temporary)
    sync(temporary)
    const path = join(folder, nameOf(key, temporary))
    renameSync(temporary, path)
    sync(folder)
    removeOldest(folder, path, limit)
    return path
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Keeps the folder below its limit. What lies half-made for a day was left by a process that was killed. */
function removeOldest(folder: string, newest: string, limit: number): void {
  const files = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    const found = statSync(path, { throwIfNoEntry: false })
    return found?.isFile() && path !== newest ? [{ path, name, size: found.size, age: Date.now() - found.mtimeMs }] : []
  })
  let total = statSync(newest).size
  for (const { path, name, size, age } of files.toSorted((a, b) => a.age - b.age)) {
    total += size
    if (name.startsWith('.') ? age > DAY : total > limit) rmSync(path, { force: true })
  }
}

/** Loaded when it is needed: most programs that import this file never hash anything. */
const nameOf = (key: string, path: string): string =>
  `${key}-${process.getBuiltinModule('node:crypto').createHash('sha256').update(readFileSync(path)).digest('hex')}`

/** On the disk, name or contents. Some drives cannot do that with a folder. */
function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } catch (error) {
    if (!statSync(path).isDirectory()) throw error
  } finally {
    closeSync(file)
  }
}

function explain<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(
      `engine native: its folder ${folder} cannot be used: ${(error as Error).message}`,
      'free some space, or set XDG_CACHE_HOME to a folder that you may write to',
    )
  }
}
