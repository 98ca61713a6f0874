import { expect, test } from 'vitest'
import { ShapeError } from '../errors.ts'
import { drawSheet } from './sheet.ts'

const grey = { shape: [1, 2, 2] as const, pixels: Uint8Array.of(0, 85, 170, 255) }

test('a page that needs nothing else, with every picture, its caption and its file', () => {
  const html = drawSheet({
    title: 'Mistakes of <mine>',
    subtitle: 'the worst first',
    pictures: [
      { ...grey, file: 'a/"b" & c.png', caption: 'cat → dog', isWrong: true },
      { ...grey, caption: 'dog', beside: { shape: [3, 1, 1], pixels: Uint8Array.of(1, 2, 3) } },
    ],
  })
  expect(html.match(/<figure>/g)).toHaveLength(2)
  expect(html.match(/<img src="data:image\/png;base64,/g)).toHaveLength(3)
  expect(html).toContain('Mistakes of &lt;mine&gt;')
  expect(html).toContain('title="a/&quot;b&quot; &amp; c.png"')
  expect(html).toContain('<b class="wrong">cat → dog</b>')
  expect(html).not.toMatch(/(src|href)="(?!data:)/)
})

test('other channels are refused', () => {
  const two = { shape: [2, 1, 1] as const, pixels: Uint8Array.of(1, 2), caption: '' }
  expect(() => drawSheet({ title: '', pictures: [two] })).toThrow(ShapeError)
})
