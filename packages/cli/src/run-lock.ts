// Who writes in a run folder: a file that names the process. It is made with 'wx', so one of two has it; the lock of a
// process that is no longer there is taken over.
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

export interface Holder {
  readonly pid: number
  /** When the process began, as its system counts; empty where nobody says. A number of a process is used again. */
  readonly started: string
  readonly host: string
}

export const LOCK = 'lock'

/** Milliseconds in which a lock is made and filled. */
const FILLING = 2000

/**
 * Takes the lock. Gives the living process that has it, or undefined where it is now ours. Throws what the disk says, and an
 * Error for a file of that name that is no lock: it is somebody's.
 */
export function takeLock(folder: string): Holder | undefined {
  const path = join(folder, LOCK)
  for (;;) {
    try {
      writeFileSync(path, textOf(us()), { flag: 'wx' })
      return undefined
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = holderOf(folder)
    if (holder !== undefined) return holder
    if (!mayBeLock(read(path) ?? '')) throw new Error('it is no lock of a run; give the file another name')
    removeDead(path)
  }
}

/** Gives the lock back. Sync, so that it can be the last thing a process does. */
export function releaseLock(folder: string): void {
  const path = join(folder, LOCK)
  if (read(path) === textOf(us())) rmSync(path, { force: true })
}

/** The living process that writes in a folder. */
export function holderOf(folder: string): Holder | undefined {
  const path = join(folder, LOCK)
  const text = read(path)
  if (text === undefined) return undefined
  const holder = parse(text)
  if (holder === undefined) return isYoung(path) ? { pid: 0, started: '', host: hostname() } : undefined
  return isAlive(holder) ? holder : undefined
}

const us = (): Holder => ({ pid: process.pid, started: startOf(process.pid) ?? '', host: hostname() })
const textOf = (holder: Holder): string => `${JSON.stringify(holder)}\n`

/**
 * Two may find a dead lock at once, and the slower must not remove the lock of the faster: it looks at what it moved away.
 * Throws where the disk keeps it.
 */
function removeDead(path: string): void {
  const away = `${path}.${crypto.randomUUID()}`
  try {
    renameSync(path, away)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const holder = parse(read(away) ?? '')
  if (holder !== undefined && isAlive(holder))
    try {
      linkSync(away, path)
    } catch {
      // Somebody has it by now, who will be asked next.
    }
  rmSync(away, { force: true })
}

/** A process that was killed may have left the beginning of one, or nothing. */
const mayBeLock = (text: string): boolean => parse(text) !== undefined || START.startsWith(text.slice(0, START.length))

/** How every lock begins. */
const START = '{"pid":'

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function parse(text: string): Holder | undefined {
  try {
    const { pid, started, host } = JSON.parse(text) as Holder
    return Number.isSafeInteger(pid) && typeof started === 'string' && typeof host === 'string'
      ? { pid, started, host }
      : undefined
  } catch {
    return undefined
  }
}

const isYoung = (path: string): boolean => {
  try {
    return Date.now() - statSync(path).mtimeMs < FILLING
  } catch {
    return true
  }
}

/** Of another machine nobody here knows: its lock is believed. */
function isAlive({ pid, started, host }: Holder): boolean {
  if (host !== hostname()) return true
  const now = startOf(pid)
  return now !== undefined && (now === '' || started === '' || now === started)
}

/** Undefined for a process that is not there, or dead and not yet buried. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat !== undefined) {
    // The name, in brackets, may hold anything; after it come the state and, as the 20th, the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const boot = read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''
    return /^[ZXx]/.test(fields[0]!) ? undefined : `${boot} ${fields[19]}`
  }
  try {
    process.kill(pid, 0)
    return ''
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? '' : undefined
  }
}
