// The command as a user runs it: real processes in a folder of their own, which goes when the tests of a file are done.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { afterAll } from 'vitest'

export const MAIN = resolve(import.meta.dirname, '../../dist/main.js')
export const env = { ...process.env, LANG: 'C', LC_ALL: 'C', NO_COLOR: '1' }

export interface Answer {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** Of standard output, without empty ones. */
  readonly lines: readonly string[]
}

export interface User {
  /** Waits for the end. */
  readonly lenet: (...args: readonly string[]) => Answer
  /** Does not. */
  readonly start: (...args: readonly string[]) => ChildProcessWithoutNullStreams
  /** In the user's folder. */
  readonly path: (...parts: readonly string[]) => string
}

export function userNamed(name: string): User {
  const folder = mkdtempSync(join(tmpdir(), `lenet-${name}-`))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return {
    lenet: (...args) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
        cwd: folder,
        env,
        encoding: 'utf8',
      })
      return { status, stdout, stderr, lines: stdout.split('\n').filter((line) => line !== '') }
    },
    start: (...args) => spawn(process.execPath, [MAIN, ...args], { cwd: folder, env }),
    path: (...parts) => join(folder, ...parts),
  }
}

/** Noise around a shade of grey, or a board of single pixels: a sub-folder of `count` pictures for each class. */
export async function makePictures(
  folder: string,
  { count, size }: { readonly count: number; readonly size: number },
  classes: Readonly<Record<string, (at: number) => number>>,
): Promise<void> {
  for (const [name, value] of Object.entries(classes)) {
    mkdirSync(join(folder, name), { recursive: true })
    for (let n = 0; n < count; n++) {
      const pixels = Uint8Array.from({ length: size * size }, (_, at) => value(at) + ((at * 31 + n * 17) % 23))
      await sharp(pixels, { raw: { width: size, height: size, channels: 1 } })
        .png()
        .toFile(join(folder, name, `${n}.png`))
    }
  }
}
