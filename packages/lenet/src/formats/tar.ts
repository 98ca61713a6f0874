// Tape archives (POSIX.1-1988 'ustar', GNU long names, pax paths): headers of 512 bytes, each followed by its file, padded
// to 512. Only regular files are given; folders, links and devices are stepped over.

import { FormatError } from '../errors.ts'

export interface TarEntry {
  readonly name: string
  /** A view into the archive. */
  readonly bytes: Uint8Array
}

const BLOCK = 512
const decoder = new TextDecoder()

/** The regular files of an archive, in its order. Throws a FormatError naming `file` and the byte. */
export function readTar(archive: Uint8Array, file = 'tar bytes'): TarEntry[] {
  const entries: TarEntry[] = []
  let longName: string | undefined
  let place = 0
  for (;;) {
    if (place + BLOCK > archive.length) {
      throw new FormatError(file, 'ends without the empty block that ends a tar archive; the file is cut off', {
        offset: archive.length,
      })
    }
    const header = archive.subarray(place, place + BLOCK)
    if (header.every((byte) => byte === 0)) break
    checkSum(header, file, place)
    const size = octal(header, 124, 12, file, place)
    const bytes = body(archive, place + BLOCK, size, file)
    const type = String.fromCharCode(header[156]!)
    if (type === 'L') longName = text(bytes, 0, size)
    else if (type === 'x') longName = paxPath(bytes) ?? longName
    else if (type !== 'g') {
      if (type === '0' || type === '\0' || type === '7') entries.push({ name: longName ?? entryName(header), bytes })
      longName = undefined
    }
    place += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return entries
}

function body(archive: Uint8Array, start: number, size: number, file: string): Uint8Array {
  if (start + Math.ceil(size / BLOCK) * BLOCK > archive.length) {
    const problem = `has ${archive.length - start} bytes left for an entry of ${size}; the file is cut off`
    throw new FormatError(file, problem, { offset: archive.length })
  }
  return archive.subarray(start, start + size)
}

// The sum of the header's bytes, with its own eight counted as spaces.
function checkSum(header: Uint8Array, file: string, place: number): void {
  let sum = 0
  for (let k = 0; k < BLOCK; k++) sum += k >= 148 && k < 156 ? 32 : header[k]!
  const stored = octal(header, 148, 8, file, place)
  if (stored !== sum) {
    throw new FormatError(file, `tar header has checksum ${stored}, its bytes sum to ${sum}`, {
      offset: place,
      hint: 'the file is damaged or is no tar archive (gzip is unpacked first)',
    })
  }
}

function octal(header: Uint8Array, start: number, length: number, file: string, place: number): number {
  const digits = text(header, start, length).trim()
  if (!/^[0-7]*$/.test(digits)) {
    throw new FormatError(file, `tar header has '${digits}' where an octal number belongs`, { offset: place + start })
  }
  return digits === '' ? 0 : Number.parseInt(digits, 8)
}

function entryName(header: Uint8Array): string {
  const name = text(header, 0, 100)
  // GNU archives ('ustar  ') keep times where POSIX has the prefix.
  const prefix = text(header, 257, 6) === 'ustar' && header[262] === 0 ? text(header, 345, 155) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

// Records 'length key=value\n'; the length counts the whole record in bytes.
function paxPath(bytes: Uint8Array): string | undefined {
  let place = 0
  while (place < bytes.length) {
    const record = /^(\d+) /.exec(decoder.decode(bytes.subarray(place, place + 20)))
    const length = record === null ? 0 : Number(record[1])
    if (length === 0) return undefined
    const [key, value] = decoder.decode(bytes.subarray(place + record![0].length, place + length - 1)).split(/=(.*)/s)
    if (key === 'path') return value
    place += length
  }
  return undefined
}

/** A field up to its first zero byte. */
function text(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return decoder.decode(end < 0 ? field : field.subarray(0, end))
}
