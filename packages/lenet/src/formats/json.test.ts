import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { type Json, readJson } from './json.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const read = (text: string) => readJson(encode(text), 'x')

function plain(value: Json): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, entry]) => [key, plain(entry.value)]))
  return Array.isArray(value) ? value.map(plain) : value
}

describe('JSON of headers', () => {
  test.each([
    '{}',
    '[]',
    ' [1, -2.5e3, true, false, null, "a\\n\\u00e9é\\"\\\\"] ',
    '{"a":{"b":[{}]},"":0}',
    '"x"',
    '12',
  ])('reads %s as JSON.parse does', (text) => {
    expect(plain(read(text))).toEqual(JSON.parse(text))
  })

  test.each([
    '',
    '{',
    '[1,]',
    '{"a"}',
    '{"a":}',
    '{a:1}',
    '01',
    '+1',
    '1.',
    'tru',
    '"a',
    '"\\x"',
    '"\n"',
    '[1] 2',
    "'a'",
  ])('refuses %j, as JSON.parse does', (text) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(() => read(text)).toThrow(FormatError)
  })

  test('a key that comes twice is refused at its second place', () => {
    expect(() => read('{"a":1,"\\u0061":2}')).toThrow("x: has the JSON key 'a' twice (byte 7)")
  })

  test('every key knows its byte, also after letters of two bytes', () => {
    const object = read('{"é":1,"b":2}')
    expect(object instanceof Map && object.get('b')?.offset).toBe(8)
  })

  test('text that is not UTF-8 is refused', () => {
    expect(() => readJson(Uint8Array.of(0x22, 0xff, 0x22), 'x')).toThrow(FormatError)
  })

  test('deep nesting and crowds of empty containers are refused', () => {
    expect(() => read('['.repeat(1e6))).toThrow('nested deeper than 16')
    expect(() => read(`[${'{},'.repeat(1e5)}{}]`)).toThrow('more JSON objects and lists')
  })
})
