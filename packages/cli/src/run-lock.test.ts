// Who may write in a run folder.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { holderOf, LOCK, releaseLock, takeLock } from './run-lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenet-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (holder: object | string) =>
  writeFileSync(join(folder, LOCK), typeof holder === 'string' ? holder : JSON.stringify(holder))

const SOURCE = resolve(import.meta.dirname, 'run-lock.ts')

/** A process that takes the lock, says whether it has it, and stays. */
function other(): { child: ChildProcess; answer: Promise<string> } {
  const code = `import { takeLock } from '${SOURCE}'; console.log(takeLock('${folder}') === undefined ? 'mine' : 'held'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const answer = new Promise<string>((told) =>
    child.stdout!.once('data', (text: Buffer) => told(text.toString().trim())),
  )
  return { child, answer }
}

const end = (child: ChildProcess) =>
  new Promise((ended) => {
    child.once('exit', ended)
    child.kill('SIGKILL')
  })

test('a file of that name that is no lock is somebody else’s, and stays', () => {
  write('the combination is 12-34-56')
  const long = new Date(Date.now() - 60_000)
  utimesSync(join(folder, LOCK), long, long)
  expect(() => takeLock(folder)).toThrow('it is no lock of a run; give the file another name')
  expect(readFileSync(join(folder, LOCK), 'utf8')).toBe('the combination is 12-34-56')
})

test('a free folder is locked once, and free again after', () => {
  expect(takeLock(folder)).toBeUndefined()
  expect(takeLock(folder)).toMatchObject({ pid: process.pid, host: hostname() })
  releaseLock(folder)
  expect(readdirSync(folder)).toEqual([])
  expect(takeLock(folder)).toBeUndefined()
})

test('a living process keeps its lock; killed, it leaves no obstacle', async () => {
  const { child, answer } = other()
  expect(await answer).toBe('mine')
  expect(takeLock(folder)).toMatchObject({ pid: child.pid })
  releaseLock(folder)
  expect(holderOf(folder)).toMatchObject({ pid: child.pid })
  await end(child)
  expect(holderOf(folder)).toBeUndefined()
  expect(takeLock(folder)).toBeUndefined()
  expect(JSON.parse(readFileSync(join(folder, LOCK), 'utf8'))).toMatchObject({ pid: process.pid })
})

// Beside a path of almost the greatest length there is no room for the name under which a lock is taken away.
test.skipIf(process.platform !== 'linux')(
  'a dead lock that cannot be taken away is said, and not tried for ever',
  () => {
    const inner = `${folder}${`/${'a'.repeat(100)}`.repeat(40)}`.slice(0, 4070)
    mkdirSync(inner, { recursive: true })
    writeFileSync(join(inner, LOCK), JSON.stringify({ pid: 2 ** 22 + 7, started: '', host: hostname() }))
    expect(() => takeLock(inner)).toThrow('ENAMETOOLONG')
  },
)

test('of several that find a dead lock at once, one has it', async () => {
  write({ pid: 2 ** 22 + 7, started: '', host: hostname() })
  const all = Array.from({ length: 4 }, other)
  const answers = await Promise.all(all.map(({ answer }) => answer))
  await Promise.all(all.map(({ child }) => end(child)))
  expect(answers.sort()).toEqual(['held', 'held', 'held', 'mine'])
  expect(readdirSync(folder)).toEqual([LOCK])
})

test('another process that was given the number of a dead one does not hold its lock', () => {
  takeLock(folder)
  const ours = JSON.parse(readFileSync(join(folder, LOCK), 'utf8'))
  if (ours.started === '') return
  write({ ...ours, started: 'another boot 17' })
  expect(holderOf(folder)).toBeUndefined()
})

test('the lock of another machine is believed', () => {
  write({ pid: 1, started: '', host: 'elsewhere' })
  expect(takeLock(folder)).toEqual({ pid: 1, started: '', host: 'elsewhere' })
})

test('a lock without contents is being made, or was never finished', () => {
  write('')
  expect(holderOf(folder)).toMatchObject({ pid: 0 })
  utimesSync(join(folder, LOCK), 1, 1)
  expect(takeLock(folder)).toBeUndefined()
})
