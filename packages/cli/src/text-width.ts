// How many columns a text takes on a terminal: Chinese, Japanese and Korean characters and emoji take two, marks and
// escape sequences none (Unicode Standard Annex 11).

import { stripVTControlCharacters } from 'node:util'

const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u
const NONE = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u

const columnsOf = (character: string): number => (NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1)

export function textWidth(text: string): number {
  let columns = 0
  for (const character of stripVTControlCharacters(text)) columns += columnsOf(character)
  return columns
}

export type Align = 'left' | 'right'

/** Fills a text with spaces up to a width; longer ones stay as they are. */
export function fill(text: string, width: number, align: Align = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)))
  return align === 'left' ? text + space : space + text
}

/** Cuts a text without escape sequences to a width and marks the cut with '…'. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let kept = ''
  let columns = 0
  for (const character of text) {
    columns += columnsOf(character)
    if (columns > width - 1) break
    kept += character
  }
  return width < 1 ? '' : `${kept}…`
}
