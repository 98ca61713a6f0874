import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { type NamedArrays, toFloat32 } from './arrays.ts'
import { readSafetensors, writeSafetensors } from './safetensors.ts'

const fixture = new Uint8Array(readFileSync(new URL('fixtures/plain.safetensors', import.meta.url)))

const arrays: NamedArrays = new Map([
  ['b', { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, -0, Number.NaN, 3e-40) }],
  ['a', { dtype: 'uint8', shape: [3], data: Uint8Array.of(1, 2, 255) }],
  ['c', { dtype: 'int64', shape: [], data: BigInt64Array.of(-7n) }],
  ['é "quoted"', { dtype: 'float16', shape: [0, 5], data: new Uint16Array(0) }],
])

/** A file with the given header, whatever it says. */
function file(header: unknown, data = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + data)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

const tensor = (start: number, end: number, shape: unknown = [(end - start) / 4], dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: [start, end],
})

describe('safetensors', () => {
  test('what was written is read back', () => {
    const metadata = { epoch: '3', '': 'ü' }
    const read = readSafetensors(writeSafetensors(arrays, metadata))
    expect(read.metadata).toEqual(metadata)
    expect([...read.arrays].sort()).toEqual([...arrays].sort())
  })

  test('a file of the official library is read, and written again to the same bytes', () => {
    const read = readSafetensors(fixture, 'plain.safetensors')
    expect([...toFloat32(read.arrays.get('conv.weight')!)]).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5])
    expect(read.arrays.get('conv.weight')!.shape).toEqual([2, 1, 2, 3])
    expect(read.arrays.get('steps')).toEqual({ dtype: 'int64', shape: [], data: BigInt64Array.of(7n) })
    expect(read.arrays.get('mask')!.data).toEqual(Uint8Array.of(1, 0, 1))
    expect([...toFloat32(read.arrays.get('half')!)]).toEqual([1.5, -2])
    expect(read.metadata).toEqual({ 'made by': 'safetensors' })
    expect(writeSafetensors(read.arrays, read.metadata)).toEqual(fixture)
  })

  test('the bytes do not depend on the order of the map', () => {
    const turned = new Map([...arrays].reverse())
    expect(writeSafetensors(turned, { b: '1', a: '2' })).toEqual(writeSafetensors(arrays, { a: '2', b: '1' }))
  })

  test('the data begins at a multiple of eight bytes', () => {
    for (let length = 1; length < 17; length++) {
      const bytes = writeSafetensors(new Map([['x'.repeat(length), arrays.get('a')!]]))
      expect(bytes.length % 8).toBe(3)
    }
  })

  test('a file cut off at any byte is a FormatError', () => {
    for (let length = 0; length < fixture.length; length++) {
      expect(() => readSafetensors(fixture.subarray(0, length), 'x')).toThrow(FormatError)
    }
  })

  test.each([
    [file({ a: tensor(0, 8) }, 4), "x: tensor 'a' ends at 8, but there are 4 bytes of data; the file is cut off"],
    [file({ a: tensor(0, 4) }, 8), 'x: has 4 bytes after its last tensor'],
    [file({ a: tensor(0, 4), b: tensor(8, 12) }, 12), "x: tensor 'b' starts at 8 and leaves a hole of 4 bytes"],
    [file({ a: tensor(0, 8), b: tensor(4, 12) }, 12), "x: tensor 'b' starts at 4 and overlaps the one before it"],
    [file({ a: tensor(0, 4, [2]) }, 4), "x: tensor 'a' has 4 bytes, from 0 to 4; F32 of [2] has 8 (byte 9)"],
    [file({ a: tensor(4, 0, [1]) }, 4), "tensor 'a' has -4 bytes"],
    [file({ a: tensor(0, 4, [-1, -1]) }, 4), "tensor 'a' has shape [-1,-1]"],
    [file({ a: tensor(0, 4, [2 ** 53, 2 ** 53]) }, 4), "tensor 'a' has shape"],
    [file({ a: tensor(0, 4, [94906267, 94906267]) }, 4), "tensor 'a' has 4 bytes"],
    [file({ a: tensor(0, 4, [1], 'F4') }, 4), `tensor 'a' has type "F4"; lenet reads BOOL, U8`],
    [file({ a: tensor(0, 4, [1], 'toString') }, 4), `tensor 'a' has type "toString"`],
    [file({ a: { dtype: 'F32', shape: [1] } }, 4), "tensor 'a' has data_offsets nothing"],
    [file({ a: 3 }, 4), "tensor 'a' is described by something that is no JSON object"],
    [file({ __metadata__: { a: 1 } }), "has __metadata__ 'a' of 1; a string is wanted"],
    [file('{"a":1,"a":2}'), "has the JSON key 'a' twice"],
    [file('[]'), 'has a header that is no JSON object (byte 8)'],
    [file('{"a'), 'has a JSON string without end'],
    [Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255), 'announces a header of 18446744073709552000 bytes'],
    [
      Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 0x7b),
      'announces a header of 9 bytes but has 1; the file is cut off (byte 9)',
    ],
  ])('damage %# is named', (bytes, message) => {
    expect(() => readSafetensors(bytes, 'x')).toThrow(FormatError)
    expect(() => readSafetensors(bytes, 'x')).toThrow(message)
  })

  test('data that does not fill its shape is not written', () => {
    const short: NamedArrays = new Map([['a', { dtype: 'float32', shape: [2], data: Float32Array.of(1) }]])
    expect(() => writeSafetensors(short)).toThrow("tensor 'a' has 1 elements, which do not fill [2]")
  })
})
