// Reads damaged files by the million: node test/fuzz.ts --count 1000000 --seed 1 [--format onnx]
// Prints what each reader did. Stops with exit code 1 at the first fault, and says how to see it again.

import { parseArgs } from 'node:util'
import { damagedFile, isRead, type Target, targets } from './damage.ts'
import { modelTargets } from './damage-models.ts'
import { runTargets } from './damage-runs.ts'

const SLOWEST_ALLOWED = 2000

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    format: { type: 'string' },
  },
})
const chosen = [...targets(), ...modelTargets(), ...runTargets()].filter(
  ({ format }) => values.format === undefined || format === values.format,
)
const each = Math.ceil(Number(values.count) / chosen.length)
const start = performance.now()
for (const target of chosen) await fuzz(target)
const seconds = ((performance.now() - start) / 1000).toFixed(1)
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
console.log(`${each * chosen.length} damaged files in ${seconds} s, no fault; at most ${megabytes} MB in use`)

async function fuzz(target: Target): Promise<void> {
  let read = 0
  let slowest = 0
  const begin = performance.now()
  for (let n = 0; n < each; n++) {
    const seed = Number(values.seed) * 1_000_003 + n
    const before = performance.now()
    try {
      if (await isRead(target, damagedFile(target, seed))) read++
    } catch (error) {
      fault(target, n, error)
    }
    slowest = Math.max(slowest, performance.now() - before)
    if (slowest > SLOWEST_ALLOWED) fault(target, n, new Error(`took ${slowest} ms`))
  }
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  const refused = each - read
  console.log(`${target.format}: ${refused} refused, ${read} read, ${seconds} s, slowest ${slowest.toFixed(1)} ms`)
}

function fault(target: Target, n: number, error: unknown): never {
  console.error(`${target.format}: damaged file ${n} of --seed ${values.seed} --format '${target.format}'`)
  console.error(error)
  process.exit(1)
}
