// The studio against the command: training speed in the page and in Node with the same engine and threads, frames a second
// while it trains, the first verdict of a cold start.
//   npm run build && node bench/studio.ts
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { CLI, firstVerdict, go, launch, openPage, serveStudio } from '../test/studio/browser.ts'

const ROUNDS = 5
const IMAGES = 20_000
const EPOCHS = 3

interface InPage {
  readonly rate: number
  readonly frames: number
  readonly threads: number
}

/** One run in a fresh page; the rate is that of its last moment, over its last epoch. */
async function inPage(browser: Browser, address: string, view: string): Promise<InPage> {
  const { page } = await openPage(browser, `${address}#train`)
  await page.getByLabel('Training images').fill(`${IMAGES}`)
  await page.getByLabel('Epochs').fill(`${EPOCHS}`)
  await page.getByLabel('Epochs').press('Tab')
  const threads = Number(await page.getAttribute('[data-threads]', 'data-threads'))
  await page.click('.dock .primary')
  await go(page, view)
  await page.waitForSelector(`text=epoch 1.`)
  const frames = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const began = performance.now()
        let count = 0
        const next = () => {
          count++
          const seconds = (performance.now() - began) / 1000
          if (seconds < 1) requestAnimationFrame(next)
          else resolve(count / seconds)
        }
        requestAnimationFrame(next)
      }),
  )
  await go(page, 'train')
  await page.waitForSelector('[data-hash]', { timeout: 120_000 })
  const facts = (await page.textContent('.facts'))!
  await page.context().close()
  return { rate: Number(/([\d,]+) images/.exec(facts)![1]!.replaceAll(',', '')), frames, threads }
}

function inNode(folder: string, round: number, threads: number): number {
  const flags = ['--limit', IMAGES, '--epochs', EPOCHS, '--engine', 'wasm', '--threads', threads, '--json']
  const out = execFileSync(
    process.execPath,
    [CLI, 'train', 'mnist', ...flags.map(String), '--out', join(folder, `run${round}`)],
    { encoding: 'utf8' },
  )
  const epochs = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; imagesPerSecond: number })
  return epochs.findLast(({ event }) => event === 'epoch')!.imagesPerSecond
}

async function coldStart(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(address, { waitUntil: 'commit' })
  const time = await firstVerdict(page)
  await context.close()
  return time
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
const folder = mkdtempSync(join(tmpdir(), 'lenet-bench-'))
const served = await serveStudio()
const browser = await launch()
const rounds: { page: InPage; node: number; cold: number }[] = []
for (let round = 0; round < ROUNDS; round++) {
  const page = await inPage(browser, served.address, round % 2 === 0 ? 'train' : 'draw')
  const node = inNode(folder, round, page.threads)
  rounds.push({ page, node, cold: await coldStart(browser, served.address) })
  console.log(JSON.stringify(rounds.at(-1)))
}
await browser.close()
served.close()
rmSync(folder, { recursive: true })
const ratio = median(rounds.map(({ page, node }) => page.rate / node))
console.log(`threads            ${rounds[0]!.page.threads}`)
console.log(`images/s in page   ${median(rounds.map(({ page }) => page.rate)).toFixed(0)}`)
console.log(`images/s in Node   ${median(rounds.map(({ node }) => node)).toFixed(0)}`)
console.log(`page / Node        ${ratio.toFixed(2)} (median of ${ROUNDS} pairs)`)
console.log(`frames a second    ${median(rounds.map(({ page }) => page.frames)).toFixed(0)}`)
console.log(`first verdict      ${median(rounds.map(({ cold }) => cold)).toFixed(0)} ms`)
