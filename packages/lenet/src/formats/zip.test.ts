import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { crc32 } from './crc32.ts'
import { inflate } from './inflate.ts'
import { readZip, writeZip } from './zip.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const files = new Map([
  ['folder/a', encode('hello')],
  ['empty', new Uint8Array(0)],
  ['ü', encode('x'.repeat(300))],
])

/** One entry, packed, with chosen facts in both headers. */
function packed(data: Uint8Array, facts: { size?: number; method?: number; crc?: number } = {}): Uint8Array {
  const stream = new Uint8Array(deflateRawSync(data))
  const bytes = writeZip(new Map([['a', stream]]))
  const view = new DataView(bytes.buffer)
  const central = bytes.length - 22 - 47
  view.setUint16(central + 10, facts.method ?? 8, true)
  view.setUint32(central + 16, facts.crc ?? crc32(data), true)
  view.setUint32(central + 24, facts.size ?? data.length, true)
  return bytes
}

describe('ZIP', () => {
  test('what was written is read back', () => {
    const read = readZip(writeZip(files))
    expect([...read].map(([name, { bytes }]) => [name, bytes])).toEqual([...files])
  })

  test('the data of every entry begins at a multiple of 64 bytes', () => {
    for (const { offset } of readZip(writeZip(files)).values()) expect(offset % 64).toBe(0)
  })

  test('deflated entries are unpacked', () => {
    const data = encode('to be or not to be, '.repeat(9))
    expect(readZip(packed(data)).get('a')!.bytes).toEqual(data)
  })

  test('an archive cut off at any byte is a FormatError', () => {
    const bytes = writeZip(files)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readZip(bytes.subarray(0, length), 'x')).toThrow(FormatError)
    }
  })

  test('a changed byte of the data is found by its checksum', () => {
    const bytes = writeZip(files)
    bytes[64] = 0
    expect(() => readZip(bytes, 'x')).toThrow(/^x: entry 'folder\/a' has checksum \d+, but its 5 bytes have \d+/)
  })

  test('an archive that unpacks to far more than its size is refused before it does', () => {
    expect(() => readZip(packed(new Uint8Array(1e6)), 'x')).toThrow(/unpacks to 1000000 bytes; at most \d+, 16 times/)
  })

  test('an entry that unpacks to more or less than it declares is refused', () => {
    const data = encode('to be or not to be, '.repeat(9))
    expect(() => readZip(packed(data, { size: 179 }))).toThrow('unpacks to more than the 179 bytes that it declares')
    expect(() => readZip(packed(data, { size: 181 }))).toThrow('unpacks to 180 bytes but declares 181')
  })

  test('other packing methods are refused by number', () => {
    expect(() => readZip(packed(encode('a'), { method: 12 }))).toThrow("entry 'a' is packed by method 12")
  })

  test('sizes that stand in a ZIP64 field are refused as such', () => {
    const bytes = packed(encode('a'), { size: 0xffffffff })
    expect(() => readZip(bytes, 'x')).toThrow('x: is a ZIP64 archive, of 4 GB or 65,535 entries and more')
    const end = writeZip(files)
    end.fill(255, end.length - 14, end.length - 10)
    expect(() => readZip(end, 'x')).toThrow('x: is a ZIP64 archive')
  })

  test('two entries of one name and entries over each other are refused', () => {
    const bytes = writeZip(new Map([...'ab'].map((name) => [name, encode('same')])))
    const [first, second] = [bytes.length - 22 - 94, bytes.length - 22 - 47]
    const twice = bytes.slice()
    twice[second + 46] = 0x61
    twice[64 + 4 + 30] = 0x61
    expect(() => readZip(twice, 'x')).toThrow("x: has two entries named 'a'")
    const over = bytes.slice()
    over.set(over.subarray(first + 42, first + 46), second + 42)
    expect(() => readZip(over, 'x')).toThrow("entry 'b' overlaps the one before it")
  })

  test('no single changed byte crashes the reader', () => {
    const bytes = packed(encode('to be or not to be'))
    for (let place = 0; place < bytes.length; place++) {
      for (const flip of [1, 0x10, 0x80, 0xff]) {
        const damaged = bytes.slice()
        damaged[place] = damaged[place]! ^ flip
        try {
          readZip(damaged)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }
    }
  })
})

describe('inflate', () => {
  const texts = [
    new Uint8Array(0),
    encode('a'),
    encode('abcabcabcabcabcabcabcabcd'),
    new Uint8Array(70000).map((_, n) => (n * n) >> 7),
    new Uint8Array(70000).map((_, n) => n & (n >> 5) & 3),
  ]

  test('every level and strategy of zlib is unpacked', () => {
    for (const level of [0, 1, 6, 9]) {
      for (const strategy of [0, 1, 2, 3, 4]) {
        for (const data of texts) {
          const stream = new Uint8Array(deflateRawSync(data, { level, strategy }))
          expect(Buffer.compare(inflate(stream, data.length), data)).toBe(0)
        }
      }
    }
  })

  test.each([
    [[7], 0, 'has a deflate block of type 3'],
    [[1, 1, 0, 1, 0], 1, 'has a stored block whose two lengths disagree'],
    [[1, 5, 0, 250, 255, 1], 5, 'ends inside a stored block of 5 bytes'],
    [[0b011, 0b10], 10, 'copies from'],
    [[5, 0xff, 0xff, 0xff], 1, 'has a deflate block with more symbols than exist'],
    [[], 0, 'ends inside packed data (byte 0)'],
  ])('the bytes %j are refused', (bytes, size, message) => {
    expect(() => inflate(Uint8Array.from([...bytes, ...(bytes.length === 2 ? [0, 0] : [])]), size)).toThrow(message)
  })
})
