// EMNIST is published as one zip of 560 MB. Only the members that are wanted are fetched: the list of members stands at the
// zip's end (PKWARE APPNOTE 4.3), and a member's bytes follow its local header.

import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import { FormatError } from '../errors.ts'
import type { DataSetOptions } from './data-places.ts'
import { downloadVerified } from './download.ts'
import { gunzip } from './gunzip.ts'
import type { IdxFile } from './idx-set.ts'

const URL_OF_ARCHIVE = 'https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip'
const inflate = promisify(inflateRaw)

interface Member {
  readonly name: string
  readonly offset: number
  readonly size: number
}

/** Fetches '<name>.gz' out of the archive and unpacks it. */
export async function fetchEmnist(
  file: IdxFile,
  path: string,
  options: DataSetOptions,
  url = URL_OF_ARCHIVE,
): Promise<Uint8Array> {
  const members = await listMembers(url, options)
  const member = members.find(({ name }) => name.endsWith(`${file.name}.gz`))
  if (member === undefined) throw new FormatError(url, `has no member '${file.name}.gz' among its ${members.length}`)
  // The local header is as long as its name and extra field, which may differ from those in the list.
  const end = member.offset + 30 + member.name.length + member.size + 1024
  const decode = async (bytes: Uint8Array) => gunzip(await unpackMember(bytes, member, url), url)
  return await downloadVerified(
    url,
    `${path}.part`,
    { sha256: file.sha256, decode },
    {
      range: [member.offset, end],
      onProgress: (done, total) => options.onProgress?.(done, total, file.name),
      ...(options.signal && { signal: options.signal }),
    },
  )
}

// A zip without comment ends with 22 bytes: signature, counts, and where the list of members is.
async function listMembers(url: string, { signal }: DataSetOptions): Promise<Member[]> {
  const response = await fetch(url, { headers: { range: 'bytes=-65536' }, ...(signal && { signal }) }).catch(
    (error) => {
      throw new FormatError(url, `cannot be downloaded: ${error.cause?.message ?? error.message}`)
    },
  )
  if (response.status !== 206) {
    await response.body?.cancel()
    throw new FormatError(url, `cannot be downloaded in parts: the server answers ${response.status}`)
  }
  const tail = new DataView(await response.arrayBuffer())
  const total = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1])
  const end = tail.byteLength - 22
  const start = end < 0 ? -1 : tail.getUint32(end + 16, true) - (total - tail.byteLength)
  if (end < 0 || tail.getUint32(end, true) !== 0x06054b50 || !(start >= 0)) {
    throw new FormatError(url, 'does not end like a zip archive')
  }
  return readList(tail, start, end)
}

function readList(tail: DataView, start: number, end: number): Member[] {
  const members: Member[] = []
  for (let place = start; place + 46 <= end && tail.getUint32(place, true) === 0x02014b50; ) {
    const nameLength = tail.getUint16(place + 28, true)
    const name = new TextDecoder().decode(new Uint8Array(tail.buffer, place + 46, nameLength))
    members.push({ name, offset: tail.getUint32(place + 42, true), size: tail.getUint32(place + 20, true) })
    place += 46 + nameLength + tail.getUint16(place + 30, true) + tail.getUint16(place + 32, true)
  }
  return members
}

async function unpackMember(bytes: Uint8Array, member: Member, url: string): Promise<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 30 || view.getUint32(0, true) !== 0x04034b50) {
    throw new FormatError(url, `has no zip member at its byte ${member.offset}`)
  }
  const start = 30 + view.getUint16(26, true) + view.getUint16(28, true)
  const body = bytes.subarray(start, start + member.size)
  return view.getUint16(8, true) === 0 ? body : await inflate(body)
}
