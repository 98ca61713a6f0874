// EMNIST is published as one zip of 560 MB. Only the members that are wanted are fetched: the list of members stands at the
// zip's end (PKWARE APPNOTE 4.3), and a member's bytes follow its local header.

import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import { FormatError } from '../errors.ts'
import { type Archive, findEnd, type Listed, readListed } from '../formats/zip.ts'
import type { DataSetOptions } from './data-places.ts'
import { downloadVerified } from './download.ts'
import { gunzip } from './gunzip.ts'
import { type IdxFile, packedSize } from './idx-set.ts'

const URL_OF_ARCHIVE = 'https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip'
const inflate = promisify(inflateRaw)

/** Where the list is looked for. */
const TAIL = 65536
/** What a member has beside its name and its bytes: a header, and another extra field than the list says. */
const HEADER = 30 + 1024

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
  if (member.packed > packedSize(packedSize(file.size)))
    throw new FormatError(
      url,
      `says that '${member.name}' has ${member.packed} bytes; ${file.size} are right, unpacked`,
    )
  const end = member.header + HEADER + member.name.length + member.packed
  const decode = async (bytes: Uint8Array) => gunzip(await unpackMember(bytes, member, url), url)
  return await downloadVerified(
    url,
    `${path}.part`,
    { sha256: file.sha256, most: end - member.header, decode },
    {
      range: [member.header, end],
      onProgress: (done, total) => options.onProgress?.(done, total, file.name),
      ...(options.signal && { signal: options.signal }),
    },
  )
}

async function listMembers(url: string, { signal }: DataSetOptions): Promise<Listed[]> {
  const response = await fetch(url, { headers: { range: `bytes=-${TAIL}` }, ...(signal && { signal }) }).catch(
    (error) => {
      throw new FormatError(url, `cannot be downloaded: ${error.cause?.message ?? error.message}`)
    },
  )
  if (response.status !== 206) {
    await response.body?.cancel()
    throw new FormatError(url, `cannot be downloaded in parts: the server answers ${response.status}`)
  }
  const bytes = await readAtMost(response, TAIL, url)
  const total = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1])
  return readList({ bytes, view: new DataView(bytes.buffer), file: url }, total)
}

async function readAtMost(response: Response, most: number, url: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(most)
  let length = 0
  for await (const chunk of response.body!) {
    if (length + chunk.length > most) throw new FormatError(url, `was asked for its last ${most} bytes, and gives more`)
    bytes.set(chunk, length)
    length += chunk.length
  }
  return bytes.slice(0, length)
}

/** `tail` is the end of an archive of `total` bytes. */
function readList(tail: Archive, total: number): Listed[] {
  const end = findEnd(tail)
  if (end === undefined) throw new FormatError(tail.file, `has no list of members in its last ${TAIL} bytes`)
  const start = tail.view.getUint32(end + 16, true) - (total - tail.bytes.length)
  if (!(start >= 0)) throw new FormatError(tail.file, `has a list of members beyond its last ${TAIL} bytes`)
  const members: Listed[] = []
  for (let place = start; place < end; ) {
    const { listed, next } = readListed(tail, place, end)
    members.push(listed)
    place = next
  }
  return members
}

async function unpackMember(bytes: Uint8Array, member: Listed, url: string): Promise<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 30 || view.getUint32(0, true) !== 0x04034b50) {
    throw new FormatError(url, `has no zip member at its byte ${member.header}`)
  }
  const start = 30 + view.getUint16(26, true) + view.getUint16(28, true)
  const body = bytes.subarray(start, start + member.packed)
  return view.getUint16(8, true) === 0 ? body : await inflate(body, { maxOutputLength: Math.max(1, member.size) })
}
