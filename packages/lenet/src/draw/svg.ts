// SVG as text: elements are strings, so a figure is built by joining them. Numbers are rounded to a hundredth of a pixel,
// and every text and attribute is escaped here and nowhere else.

export type Attributes = Readonly<Record<string, string | number | undefined>>

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

// XML 1.0 forbids most control characters even as entities.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters to be removed
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

export const escapeText = (text: string): string =>
  text
    .toWellFormed()
    .replace(FORBIDDEN, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!)

/** At most two decimals, and never '-0'. */
export const number = (value: number): string => String(Math.round(value * 100) / 100 + 0)

/** One element. `content` is SVG already; attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, content = ''): string {
  let text = ''
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) text += ` ${key}="${typeof value === 'number' ? number(value) : escapeText(value)}"`
  }
  return content === '' ? `<${name}${text}/>` : `<${name}${text}>${content}</${name}>`
}

export interface TextOptions {
  readonly class?: string
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly size?: number
  readonly transform?: string
}

/** A line of text whose baseline begins (or is centred, or ends) at x, y. */
export const label = (x: number, y: number, text: string, options: TextOptions = {}): string =>
  element(
    'text',
    {
      x,
      y,
      class: options.class,
      'text-anchor': options.anchor === 'start' ? undefined : options.anchor,
      'font-size': options.size,
      transform: options.transform,
    },
    escapeText(text),
  )

/** The `d` of a line through the points. */
export const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${number(x)} ${number(y)}`).join('')

// No font is measured: these are the advances of a common sans serif, in em, rounded up.
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff00-\uffef]/u

/** An upper estimate of a text's width in pixels at a font size. */
export function textWidth(text: string, size: number): number {
  let em = 0
  for (const character of text) em += WIDE.test(character) ? 1 : /[iljtfrI.,:;!'|()[\] ]/.test(character) ? 0.36 : 0.62
  return em * size
}
