import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { downloadVerified, sha256Of } from './download.ts'

const content = Uint8Array.from({ length: 100_000 }, (_, place) => (place * 31) & 255)
const expected = { sha256: sha256Of(content), most: content.length, decode: async (bytes: Uint8Array) => bytes }

let folder: string
let server: Server | undefined
let requests: (string | undefined)[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenet-download-'))
  requests = []
})
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
  await rm(folder, { recursive: true })
})

async function serve(answer: (response: ServerResponse, start: number, request: IncomingMessage) => void) {
  server = createServer((request, response) => {
    requests.push(request.headers.range)
    answer(response, Number(/bytes=(\d+)/.exec(request.headers.range ?? '')?.[1] ?? 0), request)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server!.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`
}

const sendRest = (response: ServerResponse, start: number) => {
  if (start >= content.length) return response.writeHead(416).end()
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start })
  return response.end(content.subarray(start))
}

describe('downloadVerified', () => {
  test('gives the bytes, reports progress and leaves no partial file', async () => {
    const url = await serve(sendRest)
    const seen: [number, number | undefined][] = []
    const onProgress = (done: number, total: number | undefined) => seen.push([done, total])
    expect(await downloadVerified(url, join(folder, 'part'), expected, { onProgress })).toEqual(content)
    expect(seen.at(-1)).toEqual([100_000, 100_000])
    expect(await readdir(folder)).toEqual([])
  })

  test('continues a partial file', async () => {
    await writeFile(join(folder, 'part'), content.subarray(0, 60_000))
    const url = await serve(sendRest)
    expect(await downloadVerified(url, join(folder, 'part'), expected)).toEqual(content)
    expect(requests).toEqual(['bytes=60000-'])
  })

  test('a connection that breaks is taken up where it broke', async () => {
    const url = await serve((response, start) => {
      if (start > 0) return sendRest(response, start)
      response.writeHead(200, { 'content-length': content.length })
      return response.write(content.subarray(0, 30_000), () => setTimeout(() => response.destroy(), 50))
    })
    expect(await downloadVerified(url, join(folder, 'part'), expected)).toEqual(content)
    expect(requests).toEqual([undefined, 'bytes=30000-'])
  })

  test('a server that ignores the range sends everything again', async () => {
    await writeFile(join(folder, 'part'), content.subarray(0, 60_000))
    const url = await serve((response) => sendRest(response, 0))
    expect(await downloadVerified(url, join(folder, 'part'), expected)).toEqual(content)
  })

  test('a complete or a damaged partial file is no obstacle', async () => {
    const url = await serve(sendRest)
    await writeFile(join(folder, 'part'), content)
    expect(await downloadVerified(url, join(folder, 'part'), expected)).toEqual(content)
    await writeFile(join(folder, 'part'), new Uint8Array(100))
    expect(await downloadVerified(url, join(folder, 'part'), expected)).toEqual(content)
    expect(await readdir(folder)).toEqual([])
  })

  test('a part of a file is fetched by its range', async () => {
    const url = await serve((response, start) => {
      response.writeHead(206).end(content.subarray(start, 300))
    })
    const part = { ...expected, sha256: sha256Of(content.subarray(200, 300)) }
    const bytes = await downloadVerified(url, join(folder, 'part'), part, { range: [200, 300] })
    expect(bytes).toEqual(content.subarray(200, 300))
    expect(requests).toEqual(['bytes=200-299'])
  })

  test('other contents are refused with both sums', async () => {
    const url = await serve((response) => response.end('<html>please log in</html>'))
    const get = downloadVerified(url, join(folder, 'part'), expected)
    await expect(get).rejects.toThrow(FormatError)
    await expect(get).rejects.toThrow(`SHA-256 ${expected.sha256} is right\nhint: a proxy`)
    expect(existsSync(join(folder, 'part'))).toBe(false)
  })

  test('what the server answers is said, and it is asked once', async () => {
    const url = await serve((response) => response.writeHead(404).end())
    const get = downloadVerified(url, join(folder, 'part'), expected)
    await expect(get).rejects.toThrow(`${url}: cannot be downloaded: the server answers 404 Not Found`)
    expect(requests).toHaveLength(1)
  })

  test.each([
    ['announces', (response: ServerResponse) => response.writeHead(200, { 'content-length': 1e12 }).write(content)],
    ['gives', (response: ServerResponse) => setInterval(() => response.write(content), 1).unref()],
  ])('a server that %s more than the file has is left before the disk is full', async (what, answer) => {
    const url = await serve(answer)
    const get = downloadVerified(url, join(folder, 'part'), expected)
    await expect(get).rejects.toThrow(
      new RegExp(`^${url}: cannot be downloaded: the server ${what} \\d+ bytes.*; at most 100000 are right`),
    )
    expect(await readdir(folder)).toEqual([])
    expect(requests).toHaveLength(1)
  })

  test('a partial file that is longer than the whole is not gone on with', async () => {
    await writeFile(join(folder, 'part'), new Uint8Array(content.length + 1))
    const url = await serve(sendRest)
    expect(await downloadVerified(url, join(folder, 'part'), expected)).toEqual(content)
    expect(requests).toEqual([undefined])
  })

  test('no connection is a FormatError that names the address', async () => {
    const get = downloadVerified('http://127.0.0.1:1/file', join(folder, 'part'), expected)
    await expect(get).rejects.toThrow(FormatError)
    await expect(get).rejects.toThrow(/^http:\/\/127.0.0.1:1\/file: cannot be downloaded: /)
  })

  test('stopping from outside keeps what was fetched for the next time', async () => {
    const url = await serve((response) => {
      response.writeHead(200, { 'content-length': content.length })
      response.write(content.subarray(0, 30_000))
    })
    const controller = new AbortController()
    const stop = () => controller.abort(new Error('stopped'))
    const get = downloadVerified(url, join(folder, 'part'), expected, { onProgress: stop, signal: controller.signal })
    await expect(get).rejects.toThrow('stopped')
    expect(await readdir(folder)).toEqual(['part'])
  })
})
