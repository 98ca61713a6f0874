// Training speed against PyTorch, taking turns on the same machine, and the record of it.
//   npm run bench [-- --write]
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ROUNDS = 7
const SECONDS = 0.8
const WARM = 1.5
const HERE = import.meta.dirname

interface Peer {
  measure(seconds: number): Promise<number>
  stop(): void
}

function start(command: string, args: readonly string[]): Peer {
  const child: ChildProcess = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return {
    measure: async (seconds) => {
      child.stdin!.write(`${seconds}\n`)
      const { value } = await lines.next()
      if (value === undefined) throw new Error(`${command} ${args.join(' ')} ended without an answer`)
      return (JSON.parse(value) as { imagesPerSecond: number }).imagesPerSecond
    },
    stop: () => void child.kill(),
  }
}

const python = process.env.LENET_PYTHON ?? '/usr/bin/python3'
const torchVersion = (): string | undefined => {
  try {
    return execFileSync(python, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return undefined
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const range = (values: readonly number[]): string =>
  `${whole(median(values))} (${whole(Math.min(...values))}–${whole(Math.max(...values))})`

/** Median images/s of both, and the median of the ratios of neighbouring turns. */
async function compare(threads: number, batch: number): Promise<string> {
  const ours = start(process.execPath, [join(HERE, 'lenet.ts'), String(threads), String(batch)])
  const theirs = start(python, [join(HERE, 'torch-lenet.py'), '--threads', String(threads), '--batch', String(batch)])
  await ours.measure(WARM)
  await theirs.measure(WARM)
  const pairs: [number, number][] = []
  for (let round = 0; round < ROUNDS; round++) pairs.push([await ours.measure(SECONDS), await theirs.measure(SECONDS)])
  ours.stop()
  theirs.stop()
  const ratio = median(pairs.map(([a, b]) => a / b))
  const row = `| ${batch} | ${threads} | ${range(pairs.map(([a]) => a))} | ${range(pairs.map(([, b]) => b))} | ${ratio.toFixed(2)} |`
  console.log(row)
  return row
}

const torch = torchVersion()
if (torch === undefined) {
  console.error(
    `bench: ${python} has no torch; on Debian: apt-get install python3-torch libopenblas0-pthread, or set LENET_PYTHON`,
  )
  process.exit(1)
}
const head = ['| batch | threads | lenet wasm, images/s | PyTorch, images/s | ratio |', '|---|---|---|---|---|']
console.log(head.join('\n'))
const rows: string[] = []
for (const batch of [4, 64, 256]) for (const threads of [1, 2]) rows.push(await compare(threads, batch))
if (process.argv.includes('--write')) {
  const path = join(HERE, '../docs/records.md')
  const [start_, end] = ['<!-- bench -->', '<!-- /bench -->']
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: HERE, encoding: 'utf8' }).trim()
  const note = `${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${cpus().length} × ${cpus()[0]!.model.trim()}, Node ${process.versions.node}, PyTorch ${torch}. Medians of ${ROUNDS} turns of ${SECONDS} s (least–most); the ratio is the median of the turns' ratios.`
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    `${text.slice(0, text.indexOf(start_) + start_.length)}\n${note}\n\n${[...head, ...rows].join('\n')}\n${text.slice(text.indexOf(end))}`,
  )
}
