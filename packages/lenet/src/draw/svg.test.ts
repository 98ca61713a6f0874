import { expect, test } from 'vitest'
import { element, escapeText, label, number, path, textWidth } from './svg.ts'

test('text and attributes are escaped, and characters that XML forbids are dropped', () => {
  expect(escapeText(`a<b & "c" > 'd'`)).toBe('a&lt;b &amp; &quot;c&quot; &gt; &#39;d&#39;')
  expect(escapeText('a\u0000\u001b[1mb\ud800')).toBe('a[1mb\ufffd')
  expect(element('g', { id: '"><script>' })).toBe('<g id="&quot;&gt;&lt;script&gt;"/>')
})

test('an element leaves out attributes that are undefined and closes itself when it is empty', () => {
  expect(element('rect', { x: 1, y: undefined })).toBe('<rect x="1"/>')
  expect(element('g', {}, '<a/>')).toBe('<g><a/></g>')
})

test('numbers keep two decimals and have no negative zero', () => {
  expect([1 / 3, -0.001, 2, 1e-7].map(number)).toEqual(['0.33', '0', '2', '0'])
})

test('a label carries its anchor only when it is not the start', () => {
  expect(label(1, 2, 'x', { anchor: 'start' })).toBe('<text x="1" y="2">x</text>')
  expect(label(1, 2, 'x', { anchor: 'end', class: 'quiet' })).toBe(
    '<text x="1" y="2" class="quiet" text-anchor="end">x</text>',
  )
})

test('a path moves to the first point and draws lines to the others', () => {
  expect(
    path([
      [0, 1],
      [2.5, 3],
    ]),
  ).toBe('M0 1L2.5 3')
})

test('Chinese characters are as wide as the font is high', () => {
  expect(textWidth('数字', 12)).toBe(24)
  expect(textWidth('il', 12)).toBeLessThan(textWidth('mm', 12))
})
