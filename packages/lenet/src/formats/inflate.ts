// Inflate (RFC 1951): blocks of literals and of copies from what was already written, both in Huffman codes. The length of
// the result is known beforehand (ZIP declares it), so it is allocated once and nothing can grow beyond it.

import { FormatError } from '../errors.ts'

/** A canonical Huffman code: how many codes each length has, and the symbols in the order of their codes. */
interface Code {
  readonly counts: Uint16Array
  readonly symbols: Uint16Array
}

interface State {
  readonly source: Uint8Array
  readonly target: Uint8Array
  read: number
  written: number
  /** Bits taken from the source and not yet used, the next one lowest. */
  bits: number
  bitCount: number
  readonly refuse: (problem: string) => FormatError
}

// RFC 1951, 3.2.5: the smallest length or distance of each symbol, and the bits that are added to it.
const lengthBits = Array.from({ length: 29 }, (_, symbol) => (symbol === 28 ? 0 : Math.max(0, (symbol >> 2) - 1)))
const lengths = lengthBits.map((bits, symbol) =>
  symbol === 28 ? 258 : symbol < 4 ? symbol + 3 : 3 + ((4 + (symbol & 3)) << bits),
)
const distanceBits = Array.from({ length: 30 }, (_, symbol) => Math.max(0, (symbol >> 1) - 1))
const distances = distanceBits.map((bits, symbol) => (symbol < 2 ? symbol + 1 : 1 + ((2 + (symbol & 1)) << bits)))
// RFC 1951, 3.2.7: the order in which the lengths of the code for code lengths are sent.
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

const fixedLiterals = createCode(
  Uint8Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
)!
const fixedDistances = createCode(new Uint8Array(32).fill(5))!

/** Unpacks exactly `size` bytes. `offset` is where `source` begins in `file`. Throws a FormatError naming the byte. */
export function inflate(source: Uint8Array, size: number, file = 'deflate bytes', offset = 0): Uint8Array<ArrayBuffer> {
  const target = new Uint8Array(size)
  const refuse = (problem: string) => new FormatError(file, problem, { offset: offset + state.read })
  const state: State = { source, target, read: 0, written: 0, bits: 0, bitCount: 0, refuse }
  let last = false
  while (!last) {
    last = take(state, 1) === 1
    const type = take(state, 2)
    if (type === 0) copyStored(state)
    else if (type === 1) unpack(state, fixedLiterals, fixedDistances)
    else if (type === 2) unpack(state, ...readCodes(state))
    else throw refuse('has a deflate block of type 3; types 0, 1 and 2 are defined')
  }
  if (state.written !== size) throw refuse(`unpacks to ${state.written} bytes but declares ${size}`)
  return target
}

/** The next `count` bits (at most 16) as a number, the first one lowest. */
function take(state: State, count: number): number {
  while (state.bitCount < count) {
    if (state.read === state.source.length) throw state.refuse('ends inside packed data')
    state.bits |= state.source[state.read++]! << state.bitCount
    state.bitCount += 8
  }
  const value = state.bits & ((1 << count) - 1)
  state.bits >>>= count
  state.bitCount -= count
  return value
}

function copyStored(state: State): void {
  state.bits = 0
  state.bitCount = 0
  const length = take(state, 16)
  if ((length ^ 0xffff) !== take(state, 16)) throw state.refuse('has a stored block whose two lengths disagree')
  if (state.read + length > state.source.length) throw state.refuse(`ends inside a stored block of ${length} bytes`)
  room(state, length)
  state.target.set(state.source.subarray(state.read, state.read + length), state.written)
  state.read += length
  state.written += length
}

function unpack(state: State, literals: Code, distanceCode: Code): void {
  const { target } = state
  for (;;) {
    const symbol = decode(state, literals)
    if (symbol === 256) return
    if (symbol < 256) {
      room(state, 1)
      target[state.written++] = symbol
      continue
    }
    if (symbol > 285) throw state.refuse(`has length symbol ${symbol}; the largest is 285`)
    const length = lengths[symbol - 257]! + take(state, lengthBits[symbol - 257]!)
    const near = decode(state, distanceCode)
    if (near > 29) throw state.refuse(`has distance symbol ${near}; the largest is 29`)
    const distance = distances[near]! + take(state, distanceBits[near]!)
    if (distance > state.written) {
      throw state.refuse(`copies from ${distance} bytes back, but only ${state.written} are unpacked`)
    }
    room(state, length)
    // Byte by byte: a copy may overlap what it writes.
    for (let end = state.written + length; state.written < end; state.written++) {
      target[state.written] = target[state.written - distance]!
    }
  }
}

function room(state: State, count: number): void {
  if (state.written + count > state.target.length) {
    throw state.refuse(`unpacks to more than the ${state.target.length} bytes that it declares`)
  }
}

function decode(state: State, { counts, symbols }: Code): number {
  let code = 0
  let first = 0
  let index = 0
  for (let length = 1; length < 16; length++) {
    code |= take(state, 1)
    const count = counts[length]!
    if (code - count < first) return symbols[index + code - first]!
    index += count
    first = (first + count) << 1
    code <<= 1
  }
  throw state.refuse('has a Huffman code that its table does not list')
}

/** From the code lengths of the symbols; undefined when they leave codes unused or use some twice. */
function createCode(codeLengths: Uint8Array): Code | undefined {
  const counts = new Uint16Array(16)
  for (const length of codeLengths) counts[length]!++
  const used = codeLengths.length - counts[0]!
  counts[0] = 0
  let left = 1
  const starts = new Uint16Array(17)
  for (let length = 1; length < 16; length++) {
    left = 2 * left - counts[length]!
    if (left < 0) return undefined
    starts[length + 1] = starts[length]! + counts[length]!
  }
  // Incomplete is only the code of one symbol (or none): a block without copies sends it as its distance code.
  if (left > 0 && used > 1) return undefined
  const symbols = new Uint16Array(used)
  for (const [symbol, length] of codeLengths.entries()) if (length > 0) symbols[starts[length]!++] = symbol
  return { counts, symbols }
}

// RFC 1951, 3.2.7: the two codes of a dynamic block, their lengths run-length coded in a third code.
function readCodes(state: State): [literals: Code, distances: Code] {
  const literalCount = take(state, 5) + 257
  const distanceCount = take(state, 5) + 1
  const sent = take(state, 4) + 4
  if (literalCount > 286 || distanceCount > 30) throw state.refuse('has a deflate block with more symbols than exist')
  const orderLengths = new Uint8Array(19)
  for (let n = 0; n < sent; n++) orderLengths[lengthOrder[n]!] = take(state, 3)
  const lengthCode = createCode(orderLengths)
  if (lengthCode === undefined) throw state.refuse('has a Huffman table that is not a code')
  const all = readCodeLengths(state, lengthCode, literalCount + distanceCount)
  const literals = createCode(all.subarray(0, literalCount))
  const distanceCode = createCode(all.subarray(literalCount))
  if (literals === undefined || distanceCode === undefined || all[256] === 0) {
    throw state.refuse('has a Huffman table that is not a code')
  }
  return [literals, distanceCode]
}

function readCodeLengths(state: State, lengthCode: Code, count: number): Uint8Array {
  const all = new Uint8Array(count)
  let place = 0
  while (place < count) {
    const symbol = decode(state, lengthCode)
    if (symbol < 16) {
      all[place++] = symbol
      continue
    }
    if (symbol === 16 && place === 0) throw state.refuse('repeats a code length before there is one')
    const value = symbol === 16 ? all[place - 1]! : 0
    const times = symbol === 16 ? 3 + take(state, 2) : symbol === 17 ? 3 + take(state, 3) : 11 + take(state, 7)
    if (place + times > count) throw state.refuse('repeats a code length beyond the last symbol')
    all.fill(value, place, place + times)
    place += times
  }
  return all
}
