// What every peer in JavaScript does: says that it is there, then reads seconds, a line each, works that long, and answers
// each with one line of JSON.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

export interface Work {
  readonly mode: 'training' | 'inference'
  readonly batch: number
  readonly threads: number
  /** What else stands on the command line. */
  readonly rest: readonly string[]
}

export interface Ready {
  readonly version: string
  /** One batch. */
  readonly step: () => void | Promise<void>
}

export async function serve(prepare: (work: Work) => Promise<Ready>): Promise<void> {
  const [mode, batch, threads, ...rest] = process.argv.slice(2)
  const work = { mode: mode as Work['mode'], batch: Number(batch), threads: Number(threads), rest }
  const ready = await prepare(work).catch((error: Error) => ({ absent: error.message.split('\n')[0]! }))
  if ('absent' in ready) {
    console.log(JSON.stringify(ready))
    process.exit()
  }
  const { version, step } = ready
  console.log(JSON.stringify({ version }))
  for await (const line of createInterface({ input: process.stdin })) {
    const began = performance.now()
    let steps = 0
    for (; performance.now() - began < Number(line) * 1000; steps++) {
      const done = step()
      // Awaiting what is no promise would cost a turn of the event loop.
      if (done !== undefined) await done
    }
    const seconds = (performance.now() - began) / 1000
    console.log(JSON.stringify({ imagesPerSecond: (steps * work.batch) / seconds }))
  }
  process.exit()
}

/** Of a package of the bench. */
export function versionOf(name: string): string {
  const path = join(resolve(import.meta.dirname, '../node_modules'), name, 'package.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version : '?'
}
