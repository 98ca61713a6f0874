// A peer at work in a process of its own: it says that it is there, then is given seconds and tells images a second.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Child {
  readonly version: string
  /** Images a second over so many seconds. */
  measure(seconds: number): Promise<number>
  stop(): void
}

/** Gives the reason in words where the peer cannot work here. */
export async function startChild([command, ...args]: readonly [string, ...string[]]): Promise<Child | string> {
  const child: ChildProcess = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  const failure = new Promise<{ absent: string }>((resolve) =>
    child.once('error', (error) => resolve({ absent: error.message })),
  )
  child.stdin!.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const answer = async <T>(): Promise<T | { absent: string }> => {
    const line = await Promise.race([failure, lines.next()])
    if ('absent' in line) return line
    if (line.value === undefined) return { absent: `ended without an answer: ${command} ${args.join(' ')}` }
    return JSON.parse(line.value) as T
  }
  const ready = await answer<{ version: string }>()
  if ('absent' in ready) return ready.absent
  return {
    version: ready.version,
    measure: async (seconds) => {
      child.stdin!.write(`${seconds}\n`)
      const result = await answer<{ imagesPerSecond: number }>()
      if ('absent' in result) throw new Error(result.absent)
      return result.imagesPerSecond
    },
    stop: () => void child.kill(),
  }
}
