// Safetensors (https://github.com/huggingface/safetensors, format section): eight bytes with the header's length, a JSON
// header that gives every tensor's type, shape and place, then the raw little-endian elements without a gap. Reading it
// can execute nothing, which is why it is the project's own weight file.

import { FormatError } from '../errors.ts'
import { arrayBytes, arrayFromBytes, type Dtype, elementBytes, elementCount, type NamedArrays } from './arrays.ts'
import { type Json, type JsonObject, readJson } from './json.ts'

export interface Safetensors {
  readonly arrays: NamedArrays
  readonly metadata: Record<string, string>
}

interface Entry {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** Bytes from the end of the header. */
  readonly start: number
  readonly end: number
  /** Where the header names it. */
  readonly offset: number
}

// From the smallest to the largest: the library writes the largest types first, which keeps every tensor aligned.
const codes: Readonly<Record<string, Dtype>> = {
  BOOL: 'bool',
  U8: 'uint8',
  I8: 'int8',
  I16: 'int16',
  U16: 'uint16',
  F16: 'float16',
  BF16: 'bfloat16',
  I32: 'int32',
  U32: 'uint32',
  F32: 'float32',
  F64: 'float64',
  I64: 'int64',
  U64: 'uint64',
}

const LENGTH_BYTES = 8
const LARGEST_HEADER = 100_000_000
const METADATA = '__metadata__'

const OPEN = '{ \t\n\r'
const CLOSE = '} \t\n\r'

/** Whether the length that bytes begin with is that of a header within the file, and the header's ends those of an object. */
export function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < LENGTH_BYTES + 2) return false
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length < 2 || length > LARGEST_HEADER || length > bytes.length - LENGTH_BYTES) return false
  const isOneOf = (letters: string, place: number) => letters.includes(String.fromCharCode(bytes[place]!))
  return isOneOf(OPEN, LENGTH_BYTES) && isOneOf(CLOSE, LENGTH_BYTES + Number(length) - 1)
}

/** Reads a safetensors file. The arrays are copies in the order of the header. Throws a FormatError with file and byte. */
export function readSafetensors(bytes: Uint8Array, file = 'safetensors bytes'): Safetensors {
  const dataStart = LENGTH_BYTES + headerLength(bytes, file)
  const header = readJson(bytes, file, LENGTH_BYTES, dataStart)
  if (!isObject(header)) {
    throw new FormatError(file, 'has a header that is no JSON object', { offset: LENGTH_BYTES })
  }
  const entries = [...header].filter(([name]) => name !== METADATA).map(([name, at]) => readEntry(name, at, file))
  checkPlaces(entries, bytes.length - dataStart, { file, dataStart })
  const arrays: NamedArrays = new Map()
  for (const { name, dtype, shape, start, end } of entries) {
    arrays.set(name, arrayFromBytes(dtype, shape, bytes.subarray(dataStart + start, dataStart + end)))
  }
  return { arrays, metadata: readMetadata(header, file) }
}

function headerLength(bytes: Uint8Array, file: string): number {
  if (bytes.length < LENGTH_BYTES) {
    throw new FormatError(file, `has ${bytes.length} bytes; safetensors begins with 8 for the length of its header`, {
      offset: bytes.length,
    })
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > LARGEST_HEADER) {
    throw new FormatError(file, `announces a header of ${length} bytes; safetensors allows ${LARGEST_HEADER}`, {
      offset: 0,
      hint: 'the file is damaged or of another format',
    })
  }
  if (LENGTH_BYTES + length > bytes.length) {
    const problem = `announces a header of ${length} bytes but has ${bytes.length - LENGTH_BYTES}; the file is cut off`
    throw new FormatError(file, problem, { offset: bytes.length })
  }
  return length
}

function readEntry(name: string, { value, offset }: { value: Json; offset: number }, file: string): Entry {
  const refuse = (problem: string) => new FormatError(file, `tensor '${name}' ${problem}`, { offset })
  if (!isObject(value)) throw refuse('is described by something that is no JSON object')
  const code = value.get('dtype')?.value
  const dtype = typeof code === 'string' && Object.hasOwn(codes, code) ? codes[code] : undefined
  if (dtype === undefined) throw refuse(`has type ${show(code)}; lenet reads ${Object.keys(codes).join(', ')}`)
  const shape = value.get('shape')?.value
  if (!isSizes(shape)) throw refuse(`has shape ${show(shape)}; a list of whole numbers from 0 is wanted`)
  const range = value.get('data_offsets')?.value
  if (!isSizes(range) || range.length !== 2) throw refuse(`has data_offsets ${show(range)}; [start, end] is wanted`)
  const [start, end] = range as [number, number]
  const wanted = elementCount(shape) * elementBytes(dtype)
  if (end - start !== wanted) {
    throw refuse(`has ${end - start} bytes, from ${start} to ${end}; ${code} of ${show(shape)} has ${wanted}`)
  }
  return { name, dtype, shape, start, end, offset }
}

// The tensors must fill the data exactly: what overlaps or is not described could hide something.
function checkPlaces(entries: readonly Entry[], present: number, at: { file: string; dataStart: number }): void {
  let filled = 0
  for (const { name, start, end, offset } of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== filled) {
      const problem = start < filled ? 'overlaps the one before it' : `leaves a hole of ${start - filled} bytes`
      throw new FormatError(at.file, `tensor '${name}' starts at ${start} and ${problem}`, { offset })
    }
    if (end > present) {
      const problem = `tensor '${name}' ends at ${end}, but there are ${present} bytes of data; the file is cut off`
      throw new FormatError(at.file, problem, { offset: at.dataStart + present })
    }
    filled = end
  }
  if (filled < present) {
    const problem = `has ${present - filled} bytes after its last tensor`
    throw new FormatError(at.file, problem, { offset: at.dataStart + filled })
  }
}

function readMetadata(header: JsonObject, file: string): Record<string, string> {
  const found = header.get(METADATA)
  if (found === undefined) return {}
  if (!isObject(found.value)) {
    throw new FormatError(file, `has a ${METADATA} that is no JSON object`, { offset: found.offset })
  }
  const pairs = [...found.value].map(([key, { value, offset }]): [string, string] => {
    if (typeof value === 'string') return [key, value]
    throw new FormatError(file, `has ${METADATA} '${key}' of ${show(value)}; a string is wanted`, { offset })
  })
  return Object.fromEntries(pairs)
}

/**
 * The inverse of `readSafetensors`. Equal arrays and metadata give equal bytes, whatever the order of the map: largest
 * types first, then by name, as the library writes them. Throws a FormatError when `data` does not fill `shape`.
 */
export function writeSafetensors(
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
  file = 'safetensors bytes',
): Uint8Array<ArrayBuffer> {
  const ranks = Object.values(codes)
  const rank = (name: string) => ranks.indexOf(arrays.get(name)!.dtype)
  const names = [...arrays.keys()].sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1))
  const fields = Object.keys(metadata).length === 0 ? [] : [field(METADATA, sorted(metadata))]
  let place = 0
  for (const name of names) {
    const { dtype, shape, data } = arrays.get(name)!
    if (name === METADATA) throw new FormatError(file, `a tensor cannot be named '${METADATA}'`)
    if (data.length !== elementCount(shape)) {
      throw new FormatError(file, `tensor '${name}' has ${data.length} elements, which do not fill [${shape}]`)
    }
    const code = Object.keys(codes)[ranks.indexOf(dtype)]
    fields.push(field(name, { dtype: code, shape, data_offsets: [place, place + data.byteLength] }))
    place += data.byteLength
  }
  const header = new TextEncoder().encode(`{${fields.join(',')}}`)
  const dataStart = Math.ceil((LENGTH_BYTES + header.length) / 8) * 8
  const bytes = new Uint8Array(dataStart + place).fill(0x20, LENGTH_BYTES, dataStart)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - LENGTH_BYTES), true)
  bytes.set(header, LENGTH_BYTES)
  place = dataStart
  for (const name of names) {
    const source = arrayBytes(arrays.get(name)!)
    bytes.set(source, place)
    place += source.length
  }
  return bytes
}

function field(key: string, value: unknown): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map
}

function isSizes(value: Json | undefined): value is readonly number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && (entry as number) >= 0)
}

function show(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  return isObject(value) ? 'an object' : JSON.stringify(value).slice(0, 80)
}
