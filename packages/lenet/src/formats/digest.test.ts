import { expect, test } from 'vitest'
import { digestOf, digestOfText } from './digest.ts'

const bytes = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 37 + 11) & 255)

test('equal bytes have one digest, wherever they lie in memory and as whatever numbers', () => {
  const whole = bytes(64)
  const moved = new Uint8Array(80)
  moved.set(whole, 3)
  expect(digestOf(moved.subarray(3, 67))).toBe(digestOf(whole))
  expect(digestOf(new Float32Array(whole.buffer))).toBe(digestOf(whole))
})

test('one changed bit, one byte more, and two exchanged bytes are seen at every place', () => {
  for (let length = 1; length < 70; length++) {
    const whole = bytes(length)
    const seen = new Set([digestOf(whole), digestOf(new Uint8Array([...whole, 0]))])
    for (let at = 0; at < length; at++) {
      const changed = whole.slice()
      changed[at]! ^= 1 << (at % 8)
      seen.add(digestOf(changed))
    }
    expect(seen.size).toBe(length + 2)
  }
})

test('its value stays what it is: checkpoints hold it', () => {
  expect(digestOfText('lenet')).toBe(digestOfText('lenet'))
  expect([digestOfText(''), digestOf(bytes(50))]).toMatchInlineSnapshot(`
    [
      "777c08711e607b35767e12e62bb208ea",
      "39ba9092260cf9642420e475cfd4e84e",
    ]
  `)
})
