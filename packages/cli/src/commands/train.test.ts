// Runs as a user starts, stops and goes on with them: who writes where, and what is refused.
import { type ChildProcess, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readModel, weightsHash } from 'lenet'
import { beforeAll, describe, expect, test } from 'vitest'
import { env, MAIN, makePictures, userNamed } from '../testing/user.ts'

const { lenet, path, start: begin } = userNamed('runs')

interface Started {
  readonly child: ChildProcess
  readonly text: () => string
  /** Standard output and error, when the process has ended. */
  readonly end: Promise<{ code: number | null; text: string }>
}

function start(...args: string[]): Started {
  const child = begin(...args)
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk
    })
  return { child, text: () => text, end: new Promise((ended) => child.on('close', (code) => ended({ code, text }))) }
}

const hashOf = (run: string) => {
  const { net, weights } = readModel(new Uint8Array(readFileSync(path(run, 'model.safetensors'))))
  return weightsHash(net, weights)
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 4000) throw new Error('it did not happen within 20 seconds')
    await new Promise((done) => setTimeout(done, 5))
  }
}

const isRunning = (run: string) => until(() => existsSync(path(run, 'checkpoint.safetensors')))

const WASM = ['--engine', 'wasm', '--threads', '1']
const SMALL = ['train', 'shades', '--epochs', '3', '--batch', '4', ...WASM]
/** Long enough to be met while it is at work. */
const LONG = ['train', '--epochs', '40', '--limit', '5000', ...WASM]

beforeAll(async () => {
  await makePictures(path('shades'), { count: 12, size: 8 }, { dark: () => 20, light: () => 200 })
})

describe('a folder belongs to one run', () => {
  test('of two starts at once each has a folder of its own', async () => {
    const both = [start(...SMALL, '--seed', '1'), start(...SMALL, '--seed', '2')]
    const ends = await Promise.all(both.map(({ end }) => end))
    expect(ends.map(({ code }) => code)).toEqual([0, 0])
    const saved = ends.map(({ text }) => /Saved in (\S+)/.exec(text)![1]!)
    expect(saved.sort()).toEqual(['runs/shades-lenet', 'runs/shades-lenet-2'])
    const seeds = saved.map((run) => JSON.parse(readFileSync(path(run, 'config.json'), 'utf8')).seed)
    expect(seeds.sort()).toEqual([1, 2])
    expect(await hashOf(saved[0]!)).not.toBe(await hashOf(saved[1]!))
  })

  test('what lies in a folder under the name of a file of a run is not replaced', () => {
    mkdirSync(path('mine'))
    writeFileSync(path('mine/model.safetensors'), 'mine')
    const { status, stderr } = lenet(...SMALL, '--out', 'mine')
    expect([status, stderr]).toEqual([2, expect.stringContaining("'mine' holds model.safetensors, which a run would")])
    expect(readdirSync(path('mine'))).toEqual(['model.safetensors'])
    expect(readFileSync(path('mine/model.safetensors'), 'utf8')).toBe('mine')
  })

  test('while a run is at work, another start and a second --resume there are refused; killed, it is no obstacle', async () => {
    const { child, end } = start(...LONG, '--out', 'busy')
    await isRunning('busy')
    for (const again of [
      ['train', 'shades', '--out', 'busy'],
      ['train', '--resume', '--out', 'busy'],
    ]) {
      const { status, stderr } = lenet(...again)
      expect(stderr).toMatch(
        /'busy' is being written by process \d+ .*; give another --out, or wait\nhint: .*busy.lock/,
      )
      expect(status).toBe(2)
    }
    // Nor does --resume without a name choose it.
    expect(lenet('train', '--resume').stderr).toContain("there is no run in 'runs' to go on with")
    child.kill('SIGKILL')
    await end
    writeFileSync(path('busy', '.model.safetensors.3c2b54de-6d0e-4d19-9d43-9c1b3a2f8e11.tmp'), 'half')
    const second = start('train', '--resume', '--out', 'busy')
    await until(() => second.text().includes('Going on with the run busy'))
    second.child.kill('SIGINT')
    expect((await second.end).code).toBe(130)
    expect(readdirSync(path('busy')).sort()).toEqual(['checkpoint.safetensors', 'config.json', 'metrics.jsonl'])
  })

  test.each([
    ['--threads', '999'],
    ['--limit', '1'],
    ['--data-dir', '/nowhere'],
    ['--validation', '500'],
  ])('a start that is refused leaves no folder: %s %s', (option, value) => {
    const { status, stderr } = lenet('train', 'shades', '--out', 'new/deep', option, value)
    expect(stderr).not.toContain('    at ')
    expect(status).toBe(2)
    expect(existsSync(path('new'))).toBe(false)
  })

  test('nor does one whose data cannot be read, and an empty name is none', async () => {
    await makePictures(path('broken'), { count: 2, size: 8 }, { a: () => 1, b: () => 2 })
    for (const name of ['0', '1']) writeFileSync(path(`broken/a/${name}.png`), 'no picture')
    expect(lenet('train', 'broken', '--out', 'new').status).toBe(3)
    expect(existsSync(path('new'))).toBe(false)
    const { status, stderr } = lenet(...SMALL, '--out', '')
    expect(stderr).toContain("lenet train: --out is ''; give the name of a folder")
    expect(status).toBe(2)
  })
})

describe('--resume goes on with what was begun, and with nothing else', () => {
  /** A run on the pictures in the middle of its epochs. */
  let whole = ''
  const MIDDLE = ['train', 'own', '--epochs', '40', '--batch', '4', '--validation', '4', ...WASM]
  beforeAll(async () => {
    cpSync(path('shades'), path('own'), { recursive: true })
    expect(lenet(...MIDDLE, '--out', 'whole').status).toBe(0)
    whole = await hashOf('whole')
    const { child, end } = start(...MIDDLE, '--out', 'middle')
    await isRunning('middle')
    child.kill('SIGKILL')
    await end
  })

  const copy = (name: string) => cpSync(path('middle'), path(name), { recursive: true })

  test('to the same weights, on its own threads unless others are named', async () => {
    copy('again')
    const { status, stdout } = lenet('train', '--resume', '--out', 'again')
    expect(status).toBe(0)
    expect(stdout).toContain('on 1 thread, seed 1')
    expect(await hashOf('again')).toBe(whole)
    expect(readdirSync(path('again')).sort()).toEqual(readdirSync(path('whole')).sort())
  })

  test.each([
    ['--epochs', '2', '40'],
    ['--model', 'lenet5', 'lenet'],
    ['--limit', '10', 'none'],
    ['--hold-out', '0', '0.2'],
  ])('%s %s does not go with it', (option, value, has) => {
    const { status, stderr } = lenet('train', '--resume', '--out', 'middle', option, value)
    expect(stderr).toBe(`lenet train: ${option} does not go with --resume; the run has ${has}\n`)
    expect(status).toBe(2)
  })

  test('a data set does not go with it either', () => {
    expect(lenet('train', 'cifar10', '--resume', '--out', 'middle').stderr).toBe(
      'lenet train: cifar10 does not go with --resume; the run has own\n',
    )
  })

  test('pictures that were deleted in between are missed', () => {
    copy('less')
    cpSync(path('own'), path('own-before'), { recursive: true })
    for (const name of ['dark/3.png', 'light/5.png']) rmSync(path('own', name))
    const { status, stderr } = lenet('train', '--resume', '--out', 'less')
    rmSync(path('own'), { recursive: true })
    cpSync(path('own-before'), path('own'), { recursive: true })
    expect(stderr).toBe('train: the checkpoint has training images: 16, not 14; a run goes on only as it began\n')
    expect(status).toBe(2)
  })

  test.each<[number, string, string, (text: string) => string]>([
    [2, 'the checkpoint has batch: 4, not 5', 'config.json', (text) => text.replace('"batch": 4', '"batch": 5')],
    [2, 'has optimizer: sgd, not adam', 'config.json', (text) => text.replace('"sgd"', '"adam"')],
    [2, 'fast arithmetic: none, not of', 'config.json', (text) => text.replace('{', '{"fast": true,')],
    [3, 'tells of 0 epochs, and the checkpoint has done', 'metrics.jsonl', () => ''],
  ])('%i: %s', (code, message, file, change) => {
    const run = `damaged ${file} ${message.length}`
    copy(run)
    writeFileSync(path(run, file), change(readFileSync(path(run, file), 'utf8')))
    const { status, stderr } = lenet('train', '--resume', '--out', run)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(status).toBe(code)
  })

  test('without --out it takes the run that was written last and can go on, and names it', async () => {
    rmSync(path('runs'), { recursive: true, force: true })
    mkdirSync(path('runs'))
    copy('runs/open')
    // All of these were written later.
    expect(lenet(...SMALL).status).toBe(0)
    const diverged = lenet(...SMALL, '--lr', '1e30')
    expect(diverged.stderr).toContain('training has diverged')
    mkdirSync(path('runs/bare'))
    const { stdout, status } = lenet('train', '--resume')
    expect(stdout).toContain('Going on with the run runs/open')
    expect(status).toBe(0)
    expect(await hashOf('runs/open')).toBe(whole)
    expect(lenet('train', '--resume')).toMatchObject({ status: 2 })
    const { stderr } = lenet('train', '--resume', '--out', 'runs/shades-lenet-2')
    expect(stderr).toMatch(/'runs\/shades-lenet-2' cannot go on: train: the loss is .* has diverged; begin another/)
  })
})

describe('standard output that takes nothing any more', () => {
  test('its reader left: exit code 141, and the run can go on', async () => {
    const child = begin(...LONG, '--out', 'unread', '--json')
    let told = ''
    child.stderr.on('data', (chunk) => {
      told += chunk
    })
    child.stdout.once('data', () => child.stdout.destroy())
    expect(await new Promise((ended) => child.on('exit', ended))).toBe(141)
    expect(told).toContain('--resume --out unread')
    expect(readdirSync(path('unread')).sort()).toEqual(['checkpoint.safetensors', 'config.json', 'metrics.jsonl'])
  })

  test.skipIf(!existsSync('/dev/full'))('its disk is full: one line and exit code 1, from every command', () => {
    for (const args of [
      [...SMALL, '--out', 'full'],
      ['summary', 'lenet'],
    ]) {
      const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const
      const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
        cwd: path(),
        env,
        stdio: [...stdio],
        encoding: 'utf8',
      })
      expect(stderr).toContain('lenet: standard output cannot be written: ENOSPC')
      expect(stderr).not.toContain('    at ')
      expect(status).toBe(1)
    }
  })
})
