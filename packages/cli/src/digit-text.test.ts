import { expect, test } from 'vitest'
import { digitText } from './digit-text.ts'

const checks = { shape: [1, 3, 2], pixels: Uint8Array.of(255, 0, 255, 255, 0, 255) } as const

test('without colours two pixels are one of four blocks', () => {
  expect(digitText({ ...checks, depth: 0 })).toBe('█▄\n ▀')
})

test('with all colours each half block has the colours of its pixels', () => {
  const colour = { shape: [3, 2, 1], pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) } as const
  expect(digitText({ ...colour, depth: 24 })).toBe('\u001b[38;2;1;3;5;48;2;2;4;6m▀\u001b[0m')
})

test('with 256 colours the greys come from the ramp', () => {
  const grey = { shape: [1, 2, 1], pixels: Uint8Array.of(0, 255) } as const
  expect(digitText({ ...grey, depth: 8 })).toBe('\u001b[38;5;232;48;5;255m▀\u001b[0m')
})

test('floats are stretched from their smallest to their largest', () => {
  expect(digitText({ shape: [1, 2, 2], pixels: Float32Array.of(-0.4, 2.8, 2.8, -0.4), depth: 0 })).toBe('▄▀')
  expect(digitText({ shape: [1, 2, 1], pixels: Float32Array.of(5, 5), depth: 0 })).toBe('')
})
