import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { sha256Of } from './download.ts'
import { fetchEmnist } from './emnist-archive.ts'

const content = Uint8Array.from({ length: 5000 }, (_, place) => (place * place) & 255)

const gz = gzipSync(content)

/** A zip of members as PKWARE's note describes it, without sums, which are not read. */
function zip(members: readonly (readonly [name: string, bytes: Uint8Array, method: number])[]): Buffer {
  const parts: Buffer[] = []
  const list: Buffer[] = []
  let offset = 0
  for (const [name, bytes, method] of members) {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(method, 8)
    local.writeUInt16LE(name.length, 26)
    local.writeUInt16LE(7, 28)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt32LE(bytes.length, 20)
    entry.writeUInt32LE(method === 0 ? bytes.length : gz.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(offset, 42)
    list.push(entry, Buffer.from(name))
    const member = Buffer.concat([local, Buffer.from(name), Buffer.alloc(7), bytes])
    parts.push(member)
    offset += member.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...list, end])
}

const archive = zip([
  ['gzip/other.gz', Buffer.alloc(200_000, 1), 0],
  ['gzip/deflated.gz', deflateRawSync(gz), 8],
  ['gzip/stored.gz', gz, 0],
])

let folder: string
let server: Server
let url: string
let served: Buffer
let sent: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenet-emnist-'))
  served = archive
  sent = 0
  server = createServer((request, response) => {
    const [, start, end] = /bytes=(\d*)-(\d*)/.exec(request.headers.range ?? '') ?? []
    if (start === undefined) return response.end(served)
    const from = start === '' ? Math.max(0, served.length - Number(end)) : Number(start)
    const body = served.subarray(from, start === '' ? undefined : Number(end) + 1)
    sent += body.length
    return response
      .writeHead(206, { 'content-range': `bytes ${from}-${from + body.length - 1}/${served.length}` })
      .end(body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gzip.zip`
})
afterEach(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

const get = (name: string) =>
  fetchEmnist({ name, sha256: sha256Of(content), size: content.length }, join(folder, name), {}, url)

describe('fetchEmnist', () => {
  test.each(['deflated', 'stored'])('fetches a %s member without the rest of the archive', async (name) => {
    expect(await get(name)).toEqual(content)
    expect(sent).toBeLessThan(100_000)
  })

  test('a member that is not there is named', async () => {
    await expect(get('missing')).rejects.toThrow(`${url}: has no member 'missing.gz' among its 3`)
  })

  test('what is no zip is refused', async () => {
    served = Buffer.from('<html></html>')
    await expect(get('stored')).rejects.toThrow(`${url}: has no list of members in its last 65536 bytes`)
  })

  test('a list whose names reach beyond it is refused', async () => {
    served = Buffer.from(archive)
    const entry = served.lastIndexOf(Buffer.from('504b0102', 'hex'))
    served.writeUInt16LE(60_000, entry + 28)
    await expect(get('stored')).rejects.toThrow(/^http.*: has a directory entry beyond its ZIP directory/)
  })

  test('a member that claims more bytes than the file can have is not fetched', async () => {
    served = Buffer.from(archive)
    const entry = served.lastIndexOf(Buffer.from('504b0102', 'hex'))
    served.writeUInt32LE(400_000_000, entry + 20)
    await expect(get('stored')).rejects.toThrow(/says that 'gzip\/stored.gz' has 400000000 bytes; 5000 are right/)
  })

  test('a server that goes on when it was asked for the end is left', async () => {
    served = Buffer.alloc(300_000)
    server.removeAllListeners('request')
    server.on('request', (_, response) => response.writeHead(206).end(served))
    await expect(get('stored')).rejects.toThrow(/was asked for its last 65536 bytes, and gives more/)
  })

  test('no connection is a FormatError', async () => {
    const none = fetchEmnist({ name: 'x', sha256: '', size: 1 }, join(folder, 'x'), {}, 'http://127.0.0.1:1/gzip.zip')
    await expect(none).rejects.toThrow(FormatError)
  })
})
