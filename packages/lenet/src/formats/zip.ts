// ZIP archives (PKWARE APPNOTE 6.3.10) as torch.save writes them: read through the central directory at the end, entries
// stored or deflated, checksums verified. Nothing is unpacked beyond a small multiple of the archive's own size.

import { FormatError } from '../errors.ts'
import { crc32 } from './crc32.ts'
import { inflate } from './inflate.ts'

export interface ZipEntry {
  /** The unpacked bytes; a view into the archive when they are stored. */
  readonly bytes: Uint8Array
  /** Where the entry's data begins in the archive. */
  readonly offset: number
}

export interface Listed {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly header: number
  /** Where the central directory lists it. */
  readonly offset: number
}

/** An archive, or the end of one. */
export interface Archive {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly file: string
}

const LOCAL = { signature: 0x04034b50, size: 30 }
const CENTRAL = { signature: 0x02014b50, size: 46 }
const END = { signature: 0x06054b50, size: 22 }
const [STORED, DEFLATED] = [0, 8]
const [ENCRYPTED, UTF8] = [1, 0x800]
const LONGEST_COMMENT = 0xffff
const LARGEST_ARCHIVE = 0xfffffffe
// Weights hardly shrink when packed; what grows more than this is made to fill the memory.
const LARGEST_GROWTH = 16
const zip64 = 'is a ZIP64 archive, of 4 GB or 65,535 entries and more; smaller ones are read'
const decoder = new TextDecoder()

/** Whether bytes end in the end record of an archive, behind as many bytes as the record's own directory takes. */
export function isZip(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd({ bytes, view })
  return end !== undefined && view.getUint16(end + 4, true) === 0 && view.getUint32(end + 12, true) <= end
}

/** The files of an archive by name. Throws a FormatError naming `file` and the byte. */
export function readZip(bytes: Uint8Array, file = 'zip bytes'): Map<string, ZipEntry> {
  const archive = { bytes, file, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
  const listed = readDirectory(archive)
  const allowed = LARGEST_GROWTH * bytes.length
  const unpacked = listed.reduce((total, { size }) => total + size, 0)
  if (unpacked > allowed) {
    const problem = `unpacks to ${unpacked} bytes; at most ${allowed}, ${LARGEST_GROWTH} times the archive, are read`
    throw new FormatError(file, problem, { offset: listed[0]!.offset })
  }
  const entries = new Map<string, ZipEntry>()
  for (const entry of listed) {
    if (entries.has(entry.name)) {
      throw new FormatError(file, `has two entries named '${entry.name}'`, { offset: entry.offset })
    }
    entries.set(entry.name, readEntry(archive, entry))
  }
  return entries
}

function readDirectory(archive: Archive): Listed[] {
  const { view, file } = archive
  const end = findEnd(archive)
  if (end === undefined) {
    throw new FormatError(file, 'has no end record of a ZIP archive; the file is cut off', {
      offset: archive.bytes.length,
      hint: 'download or copy it again',
    })
  }
  const count = view.getUint16(end + 10, true)
  const size = view.getUint32(end + 12, true)
  const start = view.getUint32(end + 16, true)
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count) {
    throw new FormatError(file, 'is one volume of a ZIP archive in several', { offset: end + 4 })
  }
  if (count === 0xffff || start === 0xffffffff || size === 0xffffffff) {
    throw new FormatError(file, zip64, { offset: end })
  }
  if (start + size > end) {
    throw new FormatError(file, `has its directory at ${start}, ${size} bytes long, but the file is ${end} to there`, {
      offset: end + 12,
    })
  }
  const listed: Listed[] = []
  for (let place = start; listed.length < count; ) {
    const entry = readListed(archive, place, start + size)
    listed.push(entry.listed)
    place = entry.next
  }
  checkOverlap(listed, start, file)
  return listed
}

/** Where the end record stands, if there is one: it is followed only by a comment, whose length it gives. */
export function findEnd({ bytes, view }: Pick<Archive, 'bytes' | 'view'>): number | undefined {
  const first = Math.max(0, bytes.length - END.size - LONGEST_COMMENT)
  for (let place = bytes.length - END.size; place >= first; place--) {
    if (view.getUint32(place, true) !== END.signature) continue
    if (place + END.size + view.getUint16(place + 20, true) === bytes.length) return place
  }
  return undefined
}

/** The directory's entry at `place`, and where the next begins. */
export function readListed(
  { bytes, view, file }: Archive,
  place: number,
  end: number,
): { listed: Listed; next: number } {
  if (place + CENTRAL.size > end || view.getUint32(place, true) !== CENTRAL.signature) {
    throw new FormatError(file, 'has no directory entry where its ZIP directory continues', { offset: place })
  }
  const nameStart = place + CENTRAL.size
  const nameLength = view.getUint16(place + 28, true)
  const next = nameStart + nameLength + view.getUint16(place + 30, true) + view.getUint16(place + 32, true)
  if (next > end) throw new FormatError(file, 'has a directory entry beyond its ZIP directory', { offset: place })
  const listed = {
    name: decoder.decode(bytes.subarray(nameStart, nameStart + nameLength)),
    flags: view.getUint16(place + 8, true),
    method: view.getUint16(place + 10, true),
    crc: view.getUint32(place + 16, true),
    packed: view.getUint32(place + 20, true),
    size: view.getUint32(place + 24, true),
    header: view.getUint32(place + 42, true),
    offset: place,
  }
  if (Math.max(listed.packed, listed.size, listed.header) === 0xffffffff) {
    throw new FormatError(file, zip64, { offset: place + 20 })
  }
  return { listed, next }
}

// Overlapping entries are how a small archive unpacks to a huge one.
function checkOverlap(listed: readonly Listed[], directory: number, file: string): void {
  let free = 0
  for (const { name, header, packed, offset } of [...listed].sort((a, b) => a.header - b.header)) {
    if (header < free) throw new FormatError(file, `entry '${name}' overlaps the one before it`, { offset })
    free = header + LOCAL.size + packed
    if (free > directory) {
      const problem = `entry '${name}' has ${packed} bytes at ${header}, beyond the archive's data of ${directory} bytes`
      throw new FormatError(file, problem, { offset })
    }
  }
}

function readEntry({ bytes, view, file }: Archive, entry: Listed): ZipEntry {
  const { name, header, packed, size } = entry
  const refuse = (problem: string, offset: number) => new FormatError(file, `entry '${name}' ${problem}`, { offset })
  if ((entry.flags & ENCRYPTED) !== 0) throw refuse('is encrypted', entry.offset + 8)
  if (view.getUint32(header, true) !== LOCAL.signature) throw refuse('has no header where the directory says', header)
  const nameLength = view.getUint16(header + 26, true)
  const offset = header + LOCAL.size + nameLength + view.getUint16(header + 28, true)
  if (offset + packed > entry.offset) throw refuse(`has ${packed} bytes, more than the archive`, header)
  if (decoder.decode(bytes.subarray(header + LOCAL.size, header + LOCAL.size + nameLength)) !== name) {
    throw refuse('has another name in its own header', header)
  }
  const data = unpack(bytes.subarray(offset, offset + packed), { entry, file, offset })
  const crc = crc32(data)
  if (data.length !== size || crc !== entry.crc) {
    throw refuse(`has checksum ${entry.crc}, but its ${data.length} bytes have ${crc}: the file is damaged`, offset)
  }
  return { bytes: data, offset }
}

function unpack(
  data: Uint8Array,
  { entry, file, offset }: { entry: Listed; file: string; offset: number },
): Uint8Array {
  if (entry.method === STORED) return data
  if (entry.method === DEFLATED) return inflate(data, entry.size, file, offset)
  const problem = `entry '${entry.name}' is packed by method ${entry.method}; 0 (stored) and 8 (deflated) are read`
  throw new FormatError(file, problem, { offset: entry.offset + 10 })
}

/** Stores the files one after the other, the data of each at a multiple of `alignment`. */
export function writeZip(files: ReadonlyMap<string, Uint8Array>, alignment = 64): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder()
  let place = 0
  const placed = [...files].map(([name, data]) => {
    const encoded = encoder.encode(name)
    const header = place
    const unpadded = header + LOCAL.size + encoded.length + PADDING_HEADER
    const start = Math.ceil(unpadded / alignment) * alignment
    place = start + data.length
    return { name: encoded, data, header, start, padding: start - unpadded, crc: crc32(data) }
  })
  const directory = place
  for (const { name } of placed) place += CENTRAL.size + name.length
  if (place > LARGEST_ARCHIVE) throw new FormatError('zip', `has ${place} bytes; an archive holds ${LARGEST_ARCHIVE}`)
  const bytes = new Uint8Array(place + END.size)
  const view = new DataView(bytes.buffer)
  let central = directory
  for (const entry of placed) {
    writeLocal(bytes, view, entry)
    central = writeCentral(bytes, view, entry, central)
  }
  view.setUint32(central, END.signature, true)
  view.setUint16(central + 8, placed.length, true)
  view.setUint16(central + 10, placed.length, true)
  view.setUint32(central + 12, central - directory, true)
  view.setUint32(central + 16, directory, true)
  return bytes
}

interface Placed {
  readonly name: Uint8Array
  readonly data: Uint8Array
  readonly header: number
  readonly start: number
  readonly padding: number
  readonly crc: number
}

// An extra field is a tag of two letters and a length; 'FB' filled with 'Z' is how torch pads.
const PADDING_HEADER = 4
const PADDING_TAG = 0x4246
const VERSION = 20

function writeLocal(bytes: Uint8Array, view: DataView, entry: Placed): void {
  view.setUint32(entry.header, LOCAL.signature, true)
  view.setUint16(entry.header + 4, VERSION, true)
  writeFacts(view, entry, entry.header + 6)
  view.setUint16(entry.header + 28, PADDING_HEADER + entry.padding, true)
  bytes.set(entry.name, entry.header + LOCAL.size)
  const extra = entry.start - entry.padding - PADDING_HEADER
  view.setUint16(extra, PADDING_TAG, true)
  view.setUint16(extra + 2, entry.padding, true)
  bytes.fill(0x5a, extra + PADDING_HEADER, entry.start)
  bytes.set(entry.data, entry.start)
}

function writeCentral(bytes: Uint8Array, view: DataView, entry: Placed, place: number): number {
  view.setUint32(place, CENTRAL.signature, true)
  view.setUint16(place + 4, VERSION, true)
  view.setUint16(place + 6, VERSION, true)
  writeFacts(view, entry, place + 8)
  view.setUint32(place + 42, entry.header, true)
  bytes.set(entry.name, place + CENTRAL.size)
  return place + CENTRAL.size + entry.name.length
}

// The twenty-two bytes that both headers share. The method is 0, stored; the time is 1 January 1980, so that equal files
// give equal archives.
function writeFacts(view: DataView, { crc, data, name }: Placed, place: number): void {
  view.setUint16(place, UTF8, true)
  view.setUint16(place + 6, 0x0021, true)
  view.setUint32(place + 8, crc, true)
  view.setUint32(place + 12, data.length, true)
  view.setUint32(place + 16, data.length, true)
  view.setUint16(place + 20, name.length, true)
}
