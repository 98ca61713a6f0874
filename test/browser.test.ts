// The library in a real browser: the same weights as in Node, with and without shared memory, and a clear error where a page
// forbids making code.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goldenHashes } from '../packages/lenet/src/testing/golden.ts'

const chromium = [
  process.env.LENET_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))
if (chromium === undefined) console.log('skipped: the library in a browser (no Chromium found; set LENET_CHROMIUM)')

const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
const headers: Readonly<Record<string, Record<string, string>>> = {
  '/shared': ISOLATED,
  '/single': {},
  '/forbidden': { 'Content-Security-Policy': "script-src 'self'" },
}
const PAGE = '<!doctype html><meta charset="utf-8"><title>lenet</title><script type="module" src="/page.js"></script>'
const SCRIPT = `
import { goldenHashes } from '/golden.js'
const tell = (result) => fetch('/result' + location.pathname, { method: 'POST', body: JSON.stringify(result) })
goldenHashes(2).then((hashes) => tell({ hashes, isolated: crossOriginIsolated }), (error) => tell({ error: error.name + ': ' + error.message }))
`

interface Result {
  readonly hashes?: Record<string, string>
  readonly isolated?: boolean
  readonly error?: string
}

describe.skipIf(chromium === undefined)('in Chromium', () => {
  const waiting = new Map<string, (result: Result) => void>()
  const profile = mkdtempSync(join(tmpdir(), 'lenet-chromium-'))
  let server: Server
  let bundle = ''

  beforeAll(async () => {
    const built = await rolldown({
      input: resolve(import.meta.dirname, '../packages/lenet/dist/testing/golden.js'),
      platform: 'browser',
    })
    const { output } = await built.generate({ format: 'esm', codeSplitting: false })
    bundle = output[0].code
    server = createServer((request, response) => {
      const path = request.url ?? '/'
      const answer = (type: string, body: string, extra: Record<string, string> = {}) =>
        response.writeHead(200, { 'Content-Type': type, ...extra }).end(body)
      if (path === '/golden.js') answer('text/javascript', bundle, ISOLATED)
      else if (path === '/page.js') answer('text/javascript', SCRIPT, ISOLATED)
      else if (path.startsWith('/result')) {
        let text = ''
        request.on('data', (chunk) => {
          text += chunk
        })
        request.on('end', () => {
          answer('text/plain', '')
          waiting.get(path.slice('/result'.length))?.(JSON.parse(text))
        })
      } else answer('text/html', PAGE, headers[path])
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  })
  afterAll(() => {
    server?.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })

  /** Opens a page and waits for what it tells. */
  async function visit(path: string): Promise<Result> {
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ]
    const { port } = server.address() as AddressInfo
    let browser: ChildProcess | undefined
    try {
      return await new Promise<Result>((done, fail) => {
        waiting.set(path, done)
        browser = spawn(
          chromium!,
          [...flags, `--user-data-dir=${join(profile, path.slice(1))}`, `http://127.0.0.1:${port}${path}`],
          { stdio: 'ignore' },
        )
        browser.on('error', fail)
        setTimeout(() => fail(new Error(`${path} told nothing for 50 s`)), 50_000)
      })
    } finally {
      browser?.kill('SIGKILL')
    }
  }

  test('two threads over shared memory train to the same weights as Node', async () => {
    const { hashes, isolated, error } = await visit('/shared')
    expect(error).toBeUndefined()
    expect(isolated).toBe(true)
    expect(hashes).toEqual(await goldenHashes(1))
  })

  test('a page that is not isolated trains on one thread, to the same weights', async () => {
    const { hashes, isolated } = await visit('/single')
    expect(isolated).toBe(false)
    expect(hashes).toEqual(await goldenHashes(1))
  })

  test('a page that forbids making code is told what to allow', async () => {
    const { error } = await visit('/forbidden')
    expect(error).toContain('UsageError: engine wasm: this platform forbids making WebAssembly code')
    expect(error).toContain("'wasm-unsafe-eval'")
  })
})
