// The studio in a real Chromium: the command's own server, a browser, and pages that tell of their errors.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

export const ROOT = resolve(import.meta.dirname, '../..')
const DIST = join(ROOT, 'packages/studio/dist')
export const CLI = join(ROOT, 'packages/cli/bin/lenet.js')

export const executable = [
  process.env.LENET_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: executable!, headless: true, args: FLAGS })

export interface Served {
  readonly address: string
  close(): void
}

/** `lenet studio` as a user starts it. */
export async function serveStudio(...args: readonly string[]): Promise<Served> {
  const child: ChildProcess = spawn(process.execPath, [CLI, 'studio', '--port', '0', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout! }))
    return { address: (JSON.parse(line) as { address: string }).address, close: () => void child.kill() }
  throw new Error('lenet studio said nothing')
}

const kinds: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** The built folder on a host that knows nothing of isolation. */
export async function servePlain(): Promise<Served> {
  const server: Server = createServer((request, response) => {
    const path = join(DIST, new URL(request.url!, 'http://host').pathname.replace(/\/$/, '/index.html'))
    if (!existsSync(path)) return void response.writeHead(404).end()
    response
      .writeHead(200, { 'Content-Type': kinds[extname(path)] ?? 'application/octet-stream' })
      .end(readFileSync(path))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}/`, close: () => void server.close() }
}

export interface Opened {
  readonly page: Page
  /** What went wrong in the page. */
  readonly errors: string[]
}

export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', ...options })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(`${error.message}\n${error.stack}`))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.setDefaultTimeout(20_000)
  await page.goto(address)
  await page.waitForSelector('.verdict strong, .setup, .note, .model, .mistakes, .own, .blank')
  return { page, errors }
}

/** Milliseconds from the navigation until the first verdict is on the page. */
export async function firstVerdict(page: Page): Promise<number> {
  const mark = await page.waitForFunction(() => performance.getEntriesByName('first verdict')[0]?.startTime)
  return (await mark.jsonValue())!
}

/** Another view, by its link. */
export const go = (page: Page, view: string): Promise<void> => page.click(`nav a[href="#${view}"]`)

/** Draws one stroke through points from 0 to 1; `during` is called while the pen is down. */
export async function draw(
  page: Page,
  points: readonly (readonly [number, number])[],
  during?: () => Promise<void>,
): Promise<void> {
  const { x, y, width, height } = (await page.locator('.paper').boundingBox())!
  const place = ([a, b]: readonly [number, number]) => [x + a * width, y + b * height] as const
  await page.mouse.move(...place(points[0]!))
  await page.mouse.down()
  for (const point of points.slice(1)) await page.mouse.move(...place(point), { steps: 6 })
  await during?.()
  await page.mouse.up()
}

export interface DroppedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Drags files over an element and lets them go there; `during` is called while they are held. */
export async function drop(
  page: Page,
  selector: string,
  files: readonly DroppedFile[],
  during?: () => Promise<void>,
): Promise<void> {
  const transfer = await page.evaluateHandle(
    (all) => {
      const data = new DataTransfer()
      for (const { name, text } of all)
        data.items.add(new File([Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))], name))
      return data
    },
    files.map(({ name, bytes }) => ({ name, text: Buffer.from(bytes).toString('base64') })),
  )
  await page.dispatchEvent(selector, 'dragover', { dataTransfer: transfer })
  await during?.()
  await page.dispatchEvent(selector, 'drop', { dataTransfer: transfer })
}

/** A fingerprint of what all canvases that fit show: a step may move one of them by less than a shade. */
export const picture = (page: Page, selector: string): Promise<string> =>
  page
    .locator(selector)
    .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()).join(' '))

/** Waits until a picture is another one. */
export async function changed(page: Page, selector: string, before: string): Promise<void> {
  for (let wait = 0; wait < 100; wait++) {
    if ((await picture(page, selector)) !== before) return
    await page.waitForTimeout(30)
  }
  throw new Error(`${selector} shows the same as before`)
}
