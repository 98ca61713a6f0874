// JSON for file headers (RFC 8259), read from bytes: it knows where everything stood, refuses a key that comes twice, and
// stops at a small depth. JSON.parse can do none of the three.

import { FormatError } from '../errors.ts'

/** Objects are maps whose values come with the byte offset of their key. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = ReadonlyMap<string, { readonly value: Json; readonly offset: number }>

interface Cursor {
  readonly bytes: Uint8Array
  readonly end: number
  readonly file: string
  place: number
  /** Objects and lists that may still come. */
  containers: number
}

const DEEPEST = 16
// A byte of text must not cost hundreds of bytes of memory: '[{},{},…' would. A safetensors entry has 3 in about 60 bytes.
const BYTES_PER_CONTAINER = 12
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads the one JSON value in bytes `start` to `end`. Throws a FormatError naming `file` and the byte. */
export function readJson(bytes: Uint8Array, file: string, start = 0, end = bytes.length): Json {
  const containers = 16 + Math.floor((end - start) / BYTES_PER_CONTAINER)
  const cursor = { bytes, file, end, place: start, containers }
  const value = readValue(cursor, 0)
  if (next(cursor) !== undefined) throw unexpected(cursor, 'the end of the JSON text')
  return value
}

function readValue(cursor: Cursor, depth: number): Json {
  if (depth > DEEPEST) throw problem(cursor, `has JSON nested deeper than ${DEEPEST}`)
  const byte = next(cursor)
  if ((byte === OPEN_OBJECT || byte === OPEN_LIST) && cursor.containers-- === 0) {
    throw problem(cursor, 'has more JSON objects and lists than a header of its length needs')
  }
  if (byte === OPEN_OBJECT) return readObject(cursor, depth)
  if (byte === OPEN_LIST) return readList(cursor, depth)
  if (byte === QUOTE) return readString(cursor)
  return readWord(cursor)
}

function readObject(cursor: Cursor, depth: number): JsonObject {
  const object = new Map<string, { value: Json; offset: number }>()
  cursor.place++
  if (skip(cursor, CLOSE_OBJECT)) return object
  do {
    if (next(cursor) !== QUOTE) throw unexpected(cursor, 'a key in quotes')
    const offset = cursor.place
    const key = readString(cursor)
    if (object.has(key)) throw problem({ ...cursor, place: offset }, `has the JSON key '${key}' twice`)
    if (!skip(cursor, COLON)) throw unexpected(cursor, "':'")
    object.set(key, { value: readValue(cursor, depth + 1), offset })
  } while (skip(cursor, COMMA))
  if (!skip(cursor, CLOSE_OBJECT)) throw unexpected(cursor, "',' or '}'")
  return object
}

function readList(cursor: Cursor, depth: number): Json[] {
  const list: Json[] = []
  cursor.place++
  if (skip(cursor, CLOSE_LIST)) return list
  do list.push(readValue(cursor, depth + 1))
  while (skip(cursor, COMMA))
  if (!skip(cursor, CLOSE_LIST)) throw unexpected(cursor, "',' or ']'")
  return list
}

function readString(cursor: Cursor): string {
  const start = cursor.place
  let place = start + 1
  while (place < cursor.end && cursor.bytes[place] !== QUOTE) place += cursor.bytes[place] === BACKSLASH ? 2 : 1
  if (place >= cursor.end) throw problem(cursor, 'has a JSON string without end')
  cursor.place = place + 1
  try {
    return JSON.parse(utf8.decode(cursor.bytes.subarray(start, place + 1)))
  } catch {
    throw problem({ ...cursor, place: start }, 'has a JSON string that is not valid')
  }
}

// A number, true, false or null: the bytes up to the next separator. None is longer than 32.
function readWord(cursor: Cursor): Json {
  const start = cursor.place
  let word = ''
  while (cursor.place < cursor.end && word.length < 32) {
    const letter = String.fromCharCode(cursor.bytes[cursor.place]!)
    if (!/[-+.\w]/.test(letter)) break
    word += letter
    cursor.place++
  }
  if (/^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?)$/.test(word)) return JSON.parse(word)
  cursor.place = start
  throw unexpected(cursor, 'a JSON value')
}

/** The next byte that is not white space, without reading it. */
function next(cursor: Cursor): number | undefined {
  while (cursor.place < cursor.end && ' \t\n\r'.includes(String.fromCharCode(cursor.bytes[cursor.place]!))) {
    cursor.place++
  }
  return cursor.place < cursor.end ? cursor.bytes[cursor.place] : undefined
}

function skip(cursor: Cursor, byte: number): boolean {
  const found = next(cursor) === byte
  if (found) cursor.place++
  return found
}

function unexpected(cursor: Cursor, wanted: string): FormatError {
  const byte = cursor.place < cursor.end ? cursor.bytes[cursor.place]! : undefined
  const printable = byte !== undefined && byte > 32 && byte < 127
  const found = byte === undefined ? 'the end' : printable ? `'${String.fromCharCode(byte)}'` : `byte ${byte}`
  return problem(cursor, `has ${found} where ${wanted} belongs in its JSON`)
}

function problem(cursor: Cursor, text: string): FormatError {
  return new FormatError(cursor.file, text, { offset: cursor.place })
}
