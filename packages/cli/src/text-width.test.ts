import { expect, test } from 'vitest'
import { fill, shorten, textWidth } from './text-width.ts'

test('Chinese characters and full-width marks take two columns, escape sequences and combining marks none', () => {
  expect(['abc', '准确率', '（好）', '\u001b[31mred\u001b[39m', 'e\u0301', '─━⠿█×·…', '🎉'].map(textWidth)).toEqual([
    3, 6, 6, 3, 1, 7, 2,
  ])
})

test('filling counts columns', () => {
  expect(fill('层', 4)).toBe('层  ')
  expect(fill('7', 3, 'right')).toBe('  7')
  expect(fill('long', 2)).toBe('long')
})

test('a cut text is marked and never wider than asked, even between two wide characters', () => {
  expect(shorten('Ankle boot', 6)).toBe('Ankle…')
  expect(shorten('准确率', 4)).toBe('准…')
  expect(shorten('ok', 2)).toBe('ok')
  expect(shorten('ab', 0)).toBe('')
})
