import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import {
  type ProtoField,
  protoBigints,
  protoBytes,
  protoFields,
  protoFile,
  protoFloat,
  protoFloats,
  protoInteger,
  protoIntegers,
  protoMessage,
  protoText,
} from './protobuf.ts'
import { bytesField, floatField, integerField, joined, messageField, textField } from './protobuf-write.ts'

const fields = (...bytes: Uint8Array[]): ProtoField[] => [...protoFields(protoFile(joined(bytes), 'x'))]

describe('Protocol Buffers', () => {
  test("the examples of the format's documentation are read and written", () => {
    const [number, text, inner] = fields(
      Uint8Array.of(0x08, 0x96, 0x01, 0x12, 7, ...new TextEncoder().encode('testing'), 0x1a, 3, 8, 0x96, 1),
    )
    expect(protoInteger(number!)).toBe(150)
    expect(protoText(text!)).toBe('testing')
    expect([...protoFields(protoMessage(inner!))].map(protoInteger)).toEqual([150])
    expect([...integerField(1, 150)]).toEqual([0x08, 0x96, 0x01])
    expect([...integerField(1, -2)]).toEqual([0x08, 0xfe, ...new Array(8).fill(0xff), 0x01])
  })

  test.each([0, 1, 127, 128, 2 ** 28 - 1, 2 ** 28, 2 ** 31, 2 ** 35, Number.MAX_SAFE_INTEGER, -1, -(2 ** 40)])(
    'the number %i is written and read back',
    (value) => {
      expect(fields(integerField(1000, value)).map((field) => [field.number, protoInteger(field)])).toEqual([
        [1000, value],
      ])
    },
  )

  test('other values are written and read back', () => {
    const [text, float, bytes, message] = fields(
      textField(1, 'é'),
      floatField(2, 0.5),
      bytesField(3, Uint8Array.of(1, 2)),
      messageField(4, [integerField(1, 7)]),
    )
    expect([protoText(text!), protoFloat(float!), ...protoBytes(bytes!)]).toEqual(['é', 0.5, 1, 2])
    expect([...protoFields(protoMessage(message!))].map(protoInteger)).toEqual([7])
  })

  test('repeated numbers are read packed and one by one', () => {
    const integers: number[] = []
    const bigints: bigint[] = []
    for (const field of fields(integerField(1, 3), bytesField(1, Uint8Array.of(4, 0xac, 2)))) {
      protoIntegers(field, integers)
      protoBigints(field, bigints)
    }
    expect([integers, bigints]).toEqual([
      [3, 4, 300],
      [3n, 4n, 300n],
    ])
    const floats: number[] = []
    for (const field of fields(floatField(1, 2), bytesField(1, new Uint8Array(Float32Array.of(3, 4).buffer)))) {
      protoFloats(field, 4, floats)
    }
    expect(floats).toEqual([2, 3, 4])
  })

  test('a part of a number at the end of many is refused', () => {
    const [floats] = fields(bytesField(1, new Uint8Array(6)))
    expect(() => protoFloats(floats!, 4, [])).toThrow(
      new FormatError('x', 'has field 1 with a part of a number at its end', { offset: 0 }),
    )
    const [integers] = fields(bytesField(1, Uint8Array.of(128)))
    expect(() => protoIntegers(integers!, [])).toThrow('x: ends inside a number (byte 2)')
  })

  test('errors give the byte in the file, also deep inside', () => {
    const [outer] = fields(messageField(1, [messageField(2, [Uint8Array.of(8)])]))
    const [inner] = protoFields(protoMessage(outer!))
    expect(() => [...protoFields(protoMessage(inner!))]).toThrow('x: ends inside a number (byte 5)')
  })
})
