// What is kept is whole, is the user's own, and does not grow without end.
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { keptFile, ownFolder } from './native-cache.ts'

let folder: string
let made: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenet-cache-'))
  made = 0
})
afterEach(() => rmSync(folder, { recursive: true }))

const keep = (key: string, text = key, limit?: number) => {
  const make = (path: string) => {
    made++
    writeFileSync(path, text)
  }
  return keptFile(folder, { key, make }, limit)
}
const read = (path: string) => readFileSync(path, 'utf8')

test('a file is made once', () => {
  expect(read(keep('a'))).toBe('a')
  expect(read(keep('a'))).toBe('a')
  expect(made).toBe(1)
})

test.each(['', 'b', 'a, and more'])(
  'a file that holds "%s" instead is made again, and the damaged one goes',
  (damaged) => {
    writeFileSync(keep('a'), damaged)
    expect(read(keep('a'))).toBe('a')
    expect(made).toBe(2)
    expect(readdirSync(folder).length).toBe(1)
  },
)

test('of two processes that make the same file, both results may stay, and either is found', () => {
  const first = keep('a', 'by one')
  rmSync(first)
  const second = keep('a', 'by another')
  writeFileSync(first, 'by one')
  expect([first, second]).toContain(keep('a'))
  expect(made).toBe(2)
})

test('what cannot be made leaves nothing behind', () => {
  const make = (path: string) => {
    writeFileSync(path, 'half')
    throw new UsageError('no compiler')
  }
  expect(() => keptFile(folder, { key: 'a', make })).toThrow('no compiler')
  expect(readdirSync(folder)).toEqual([])
})

test('beyond the limit the oldest files go, and what was half-made long ago', () => {
  const days = (path: string, count: number) => utimesSync(path, Date.now() / 1000, Date.now() / 1000 - count * 86400)
  const [old, recent] = [keep('old', 'x'.repeat(40)), keep('recent', 'x'.repeat(40))]
  days(old, 9)
  days(recent, 3)
  writeFileSync(join(folder, '.left'), 'half')
  writeFileSync(join(folder, '.at-work'), 'half')
  days(join(folder, '.left'), 2)
  const newest = keep('newest', 'x'.repeat(40), 100)
  expect([old, recent, newest].map(existsSync)).toEqual([false, true, true])
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual(['.at-work'])
})

test('a file that is used is not old', () => {
  const used = keep('used', 'x'.repeat(40))
  utimesSync(used, 0, 0)
  const yesterday = Date.now() / 1000 - 86400
  utimesSync(keep('other', 'x'.repeat(40)), yesterday, yesterday)
  keep('used')
  keep('newest', 'x'.repeat(40), 100)
  expect(existsSync(used)).toBe(true)
})

test('a folder is made for its user alone', () => {
  const inside = join(folder, 'a/b')
  ownFolder(inside)
  chmodSync(inside, 0o755)
  ownFolder(inside)
})

test.skipIf(process.platform === 'win32')('a folder in which others may write is refused, for it holds code', () => {
  chmodSync(folder, 0o770)
  expect(() => ownFolder(folder)).toThrow(/has mode 770; it holds code, and only you may write to it\nhint: remove it/)
})

test.skipIf(process.getuid?.() === undefined)('a folder of another user is refused', () => {
  const { getuid } = process
  try {
    process.getuid = () => getuid!() + 1
    expect(() => ownFolder(folder)).toThrow(/belongs to user \d+, and you are \d+; it holds code/)
  } finally {
    process.getuid = getuid!
  }
})

test('a place where there can be no folder is a UsageError', () => {
  expect(() => ownFolder('/dev/null/lenet')).toThrow(UsageError)
  expect(() => ownFolder('/dev/null/lenet')).toThrow(/cannot be used: ENOTDIR/)
})
