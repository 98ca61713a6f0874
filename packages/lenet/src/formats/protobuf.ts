// Protocol Buffers' wire format (https://protobuf.dev/programming-guides/encoding): a message is a run of fields, each a
// number, one of four wire types, and a value. What a field means is known only to its reader.

import { FormatError } from '../errors.ts'

/** A part of a file that is one message. `budget` is shared by all messages of a file. */
export interface ProtoMessage {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly file: string
  readonly budget: { messages: number }
}

export interface ProtoField {
  readonly number: number
  readonly wire: number
  /** Where the field begins in the file. */
  readonly offset: number
  /** Where its value lies. */
  readonly start: number
  readonly end: number
  readonly message: ProtoMessage
}

export const [VARINT, FIXED64, LENGTH, FIXED32] = [0, 1, 2, 5] as const
const LONGEST_VARINT = 10
// A message of no bytes still costs memory where it is kept. A network has a few hundred.
const MOST_MESSAGES = 200_000
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const wireNames: Readonly<Record<number, string>> = { 0: 'a varint', 1: '8 bytes', 2: 'a length', 5: '4 bytes' }

export function protoFile(bytes: Uint8Array, file: string): ProtoMessage {
  return { bytes, start: 0, end: bytes.length, file, budget: { messages: MOST_MESSAGES } }
}

/** The fields in the order of the file. Throws a FormatError for what is no message. */
export function* protoFields(message: ProtoMessage): Generator<ProtoField> {
  let offset = message.start
  while (offset < message.end) {
    const tag = readVarint(message, offset)
    const number = Number(tag.value >> 3n)
    const wire = Number(tag.value & 7n)
    if (number < 1 || number > 0x1fffffff) throw refuse(message, `has a field numbered ${number}`, offset)
    const { start, end } = valueRange(message, { wire, offset, place: tag.end })
    yield { number, wire, offset, start, end, message }
    offset = end
  }
}

function valueRange(message: ProtoMessage, at: { wire: number; offset: number; place: number }) {
  let start = at.place
  let end: number
  if (at.wire === VARINT) end = readVarint(message, start).end
  else if (at.wire === FIXED64) end = start + 8
  else if (at.wire === FIXED32) end = start + 4
  else if (at.wire === LENGTH) {
    const length = readVarint(message, start)
    start = length.end
    end = length.value < 0n ? Number.POSITIVE_INFINITY : start + Number(length.value)
  } else throw refuse(message, `has a field of wire type ${at.wire}`, at.offset)
  if (end > message.end) throw refuse(message, 'has a field that ends beyond its message', at.offset)
  return { start, end }
}

// Seven bits a byte, the lowest first; a negative number takes all ten bytes.
function readVarint({ bytes, file, end }: ProtoMessage, place: number): { value: bigint; end: number } {
  let low = 0
  let high = 0n
  for (let n = 0; n < LONGEST_VARINT; n++) {
    if (place + n >= end) throw new FormatError(file, 'ends inside a number', { offset: place })
    const byte = bytes[place + n]!
    // The first four bytes fit into a small integer; the rest are rare.
    if (n < 4) low |= (byte & 127) << (7 * n)
    else high |= BigInt(byte & 127) << BigInt(7 * n)
    if (byte < 128) return { value: BigInt.asIntN(64, high | BigInt(low)), end: place + n + 1 }
  }
  throw new FormatError(file, `has a number of more than ${LONGEST_VARINT} bytes`, { offset: place })
}

function refuse({ file }: ProtoMessage, problem: string, offset: number): FormatError {
  return new FormatError(file, problem, { offset })
}

function want(field: ProtoField, wire: number): void {
  if (field.wire === wire) return
  const found = `${wireNames[field.wire]} where ${wireNames[wire]} belongs`
  throw refuse(field.message, `has field ${field.number} with ${found}`, field.offset)
}

/** The message that a field holds. */
export function protoMessage(field: ProtoField): ProtoMessage {
  want(field, LENGTH)
  const { bytes, file, budget } = field.message
  if (budget.messages-- === 0) throw refuse(field.message, `has more than ${MOST_MESSAGES} parts`, field.offset)
  return { bytes, file, budget, start: field.start, end: field.end }
}

/** The bytes that a field holds; a view. */
export function protoBytes(field: ProtoField): Uint8Array {
  want(field, LENGTH)
  return field.message.bytes.subarray(field.start, field.end)
}

export function protoText(field: ProtoField): string {
  const bytes = protoBytes(field)
  try {
    return utf8.decode(bytes)
  } catch {
    throw refuse(field.message, `has field ${field.number} with a text that is not UTF-8`, field.offset)
  }
}

/** A whole number that JavaScript holds exactly. */
export function protoInteger(field: ProtoField): number {
  want(field, VARINT)
  return exact(field, readVarint(field.message, field.start).value)
}

function exact(field: ProtoField, value: bigint): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw refuse(field.message, `has field ${field.number} of ${value}; up to 2^53 is read`, field.offset)
}

export function protoFloat(field: ProtoField): number {
  want(field, FIXED32)
  return viewOf(field).getFloat32(field.start, true)
}

function viewOf({ message: { bytes } }: ProtoField): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Appends the numbers of a repeated field: one, or many packed into a length. */
export function protoIntegers(field: ProtoField, into: number[]): void {
  for (const value of varints(field)) into.push(exact(field, value))
}

export function protoBigints(field: ProtoField, into: bigint[]): void {
  for (const value of varints(field)) into.push(value)
}

function* varints(field: ProtoField): Generator<bigint> {
  if (field.wire !== LENGTH) want(field, VARINT)
  const within = { ...field.message, start: field.start, end: field.end }
  for (let place = field.start; place < field.end; ) {
    const { value, end } = readVarint(within, place)
    yield value
    place = end
  }
}

/** Appends the numbers of a repeated float (4 bytes) or double (8 bytes) field. */
export function protoFloats(field: ProtoField, width: 4 | 8, into: number[]): void {
  if (field.wire !== LENGTH) want(field, width === 4 ? FIXED32 : FIXED64)
  if ((field.end - field.start) % width !== 0) {
    throw refuse(field.message, `has field ${field.number} with a part of a number at its end`, field.offset)
  }
  const view = viewOf(field)
  for (let place = field.start; place < field.end; place += width) {
    into.push(width === 4 ? view.getFloat32(place, true) : view.getFloat64(place, true))
  }
}
