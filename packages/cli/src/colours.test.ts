import { expect, test } from 'vitest'
import { colourDepth, paintFor } from './colours.ts'

const terminal = { isTTY: true, getColorDepth: () => 24 }

test('a terminal gets colours', () => {
  expect(paintFor(terminal, {})('red', 'no')).toBe('\u001b[31mno\u001b[39m')
  expect(colourDepth(terminal, {})).toBe(24)
})

test('a pipe gets none, and nobody does who set NO_COLOR', () => {
  expect(paintFor({ isTTY: false }, {})('red', 'no')).toBe('no')
  expect(paintFor({}, {})('red', 'no')).toBe('no')
  expect(paintFor(terminal, { NO_COLOR: '1' })('red', 'no')).toBe('no')
  expect(colourDepth(terminal, { NO_COLOR: '1' })).toBe(0)
})

test('an empty NO_COLOR counts as unset, and a terminal of one bit has no colours', () => {
  expect(colourDepth(terminal, { NO_COLOR: '' })).toBe(24)
  expect(colourDepth({ isTTY: true, getColorDepth: () => 1 }, {})).toBe(0)
})
