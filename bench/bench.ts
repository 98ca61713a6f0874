// How fast lenet is on this machine, beside others that do the same work.
//   npm run bench [-- PART …] [--write]
// Parts: training, inference, scaling, starting; all unless some are named. --write keeps what was found in docs/records.md.
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { measurePeaks } from './peaks.ts'
import { comparePeers } from './peers.ts'
import { circumstances, writeRecord } from './records.ts'
import { measureScaling } from './scaling.ts'
import { measureStarting } from './starting.ts'
import { SECONDS, TURNS } from './turns.ts'

/** What a part found, table by table, and the versions of whom it met. */
type Part = (say: (text: string) => void, versions: Map<string, string>) => Promise<void>

const against = (mode: 'training' | 'inference', batches: readonly number[]): Part => {
  return async (say, versions) => {
    const peaks = measurePeaks()
    say(peaks.text)
    for (const batch of batches) say(await comparePeers(mode, batch, { peaks, versions }))
    say(await comparePeers(mode, 64, { channels: 1, peaks, versions }))
  }
}

const parts: Readonly<Record<string, Part>> = {
  training: against('training', [4, 64, 256]),
  inference: against('inference', [1, 64, 256]),
  scaling: measureScaling,
  starting: measureStarting,
}

const names = process.argv.slice(2).filter((argument) => argument !== '--write')
const unknown = names.find((name) => !Object.hasOwn(parts, name))
if (unknown !== undefined) {
  console.error(`bench: there is no part '${unknown}'; there is ${Object.keys(parts).join(', ')}`)
  process.exit(2)
}
installPeers()
for (const name of names.length > 0 ? names : Object.keys(parts)) {
  const versions = new Map<string, string>()
  const texts: string[] = []
  await parts[name]!((text) => {
    texts.push(text)
    console.log(`${text}\n`)
  }, versions)
  const how = `Medians of ${TURNS} turns of ${SECONDS} s (least–most); a ratio is the median of the turns' ratios.`
  if (process.argv.includes('--write')) writeRecord(name, [`${circumstances(versions)}. ${how}`, ...texts].join('\n\n'))
}

/** The others are not installed with lenet. Their install scripts fetch what the bench does not need. */
function installPeers(): void {
  const [lock, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map((file) =>
    join(import.meta.dirname, file),
  ) as [string, string]
  if (existsSync(installed) && statSync(installed).mtimeMs > statSync(lock).mtimeMs) return
  console.error('bench: installing the others into bench/node_modules …')
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  } catch {
    console.error('bench: they could not be installed; whoever is missing is left out')
  }
}
