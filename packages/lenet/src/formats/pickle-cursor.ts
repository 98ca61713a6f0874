// Reading the arguments of pickle opcodes: counted bytes and texts, integers in bytes or in digits.

import { FormatError } from '../errors.ts'

export interface PickleCursor {
  readonly bytes: Uint8Array
  readonly view: DataView
  place: number
  readonly refuse: (problem: string) => FormatError
}

const LONGEST_INTEGER = 32
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Steps over `count` bytes; gives where they begin. */
export function advance(at: PickleCursor, count: number): number {
  const start = at.place
  if (count < 0) throw at.refuse(`has a pickled length of ${count}`)
  if (start + count > at.bytes.length) throw at.refuse('ends inside its pickle')
  at.place = start + count
  return start
}

export function readByte(at: PickleCursor): number {
  return at.bytes[advance(at, 1)]!
}

export function readLength(at: PickleCursor): number {
  return at.view.getUint32(advance(at, 4), true)
}

export function readLongLength(at: PickleCursor): number {
  return Number(at.view.getBigUint64(advance(at, 8), true))
}

export function readBytes(at: PickleCursor, length: number): Uint8Array {
  const start = advance(at, length)
  return at.bytes.subarray(start, start + length)
}

export function readText(at: PickleCursor, length: number): string {
  try {
    return utf8.decode(readBytes(at, length))
  } catch (error) {
    if (error instanceof FormatError) throw error
    throw at.refuse('has a pickled text that is not UTF-8')
  }
}

export function readLine(at: PickleCursor): string {
  const end = at.bytes.indexOf(10, at.place)
  if (end < 0 || end - at.place > 255) throw at.refuse('has a line in its pickle that does not end')
  const line = readText(at, end - at.place)
  at.place++
  return line
}

/** A place in the memo, in digits. */
export function readIndex(at: PickleCursor): number {
  const line = readLine(at)
  if (!/^\d{1,15}$/.test(line)) throw at.refuse(`has '${line}' where a number of its pickle's memo belongs`)
  return Number(line)
}

/** As Python's repr writes a float. */
export function readFloat(at: PickleCursor): number {
  const line = readLine(at)
  if (line === 'nan') return Number.NaN
  if (/^-?inf$/.test(line)) return line === 'inf' ? Infinity : -Infinity
  if (!/^-?\d+(\.\d*)?(e[-+]?\d+)?$/.test(line)) throw at.refuse(`has '${line}' where a pickled number belongs`)
  return Number(line)
}

/** An integer in digits. '00' and '01' are how old pickles wrote false and true. */
export function readDecimal(at: PickleCursor): number | bigint | boolean {
  const line = readLine(at)
  if (line === '00' || line === '01') return line === '01'
  const digits = line.replace(/L$/, '')
  if (!/^-?\d{1,77}$/.test(digits)) throw at.refuse(`has '${line}' where a pickled integer belongs`)
  return exact(BigInt(digits))
}

// Two's complement, the lowest byte first; no byte at all is 0.
export function readLong(at: PickleCursor, length: number): number | bigint {
  if (length > LONGEST_INTEGER) throw at.refuse(`has a pickled integer of ${length} bytes`)
  let value = 0n
  for (const byte of readBytes(at, length).toReversed()) value = (value << 8n) | BigInt(byte)
  return exact(BigInt.asIntN(8 * length, value))
}

function exact(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
