import { expect, test } from 'vitest'
import { isWasm } from './wasm.ts'

test('a module begins with four bytes of its own; a header of 24,832 bytes begins with two of them', () => {
  expect(isWasm(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toBe(true)
  expect(isWasm(Uint8Array.of(0x00, 0x61, 0, 0, 0, 0, 0, 0))).toBe(false)
  expect(isWasm(new Uint8Array())).toBe(false)
})
