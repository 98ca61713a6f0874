// lenet/zh: errors in Chinese. They are made in English, from texts with values in them; a text is known again by what stands
// around the values, which may be texts themselves.
import { archives } from './archives.ts'
import { data } from './data.ts'
import { machine } from './machine.ts'
import { models } from './models.ts'
import { onnx } from './onnx.ts'
import { training } from './training.ts'
import { weights } from './weights.ts'
import { words } from './words.ts'

/** English → Chinese. `{}` is a value; where their order differs, `{2}` is the second. */
export const texts: ReadonlyMap<string, string> = new Map(
  [archives, weights, models, onnx, data, machine, training, words].flatMap((table) => Object.entries(table)),
)

interface Pattern {
  readonly expression: RegExp
  readonly chinese: string
  /** Letters that are not values: the text that says most is the one that is meant. */
  readonly weight: number
}

let patterns: readonly Pattern[] | undefined

const makePatterns = (): readonly Pattern[] =>
  [...texts]
    .map(([english, chinese]) => ({
      expression: new RegExp(`^${english.split('{}').map(literally).join('(.*?)')}$`, 's'),
      chinese,
      weight: english.replaceAll('{}', '').length,
    }))
    .sort((a, b) => b.weight - a.weight)

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A whole message, with its hint and the byte of a file; what is not known stays as it is. */
export function errorInChinese(message: string): string {
  return message
    .split('\n')
    .map((line) => {
      const [, start = '', text = '', byte] = /^(hint: )?(.*?)(?: \(byte (\d+)\))?$/s.exec(line)!
      return `${start}${inChinese(text) ?? text}${byte === undefined ? '' : `（第 ${byte} 字节）`}`
    })
    .join('\n')
}

/** The text, or who and then the text, whichever is known better; undefined where neither is known. */
export function inChinese(text: string): string | undefined {
  let best = known(text)
  for (let colon = text.indexOf(': '); colon >= 0; colon = text.indexOf(': ', colon + 1)) {
    const rest = known(text.slice(colon + 2))
    if (rest === undefined || (best !== undefined && rest.weight < best.weight)) continue
    const who = text.slice(0, colon).split(': ').map(filledIn).join('：')
    best = { weight: rest.weight, chinese: `${who}：${rest.chinese}` }
  }
  return best?.chinese
}

function known(text: string): { readonly chinese: string; readonly weight: number } | undefined {
  patterns ??= makePatterns()
  for (const { expression, chinese, weight } of patterns) {
    const found = expression.exec(text)
    if (found === null) continue
    let next = 0
    const values = (_: string, place: string) => filledIn(found[place === '' ? ++next : Number(place)]!)
    return { weight, chinese: chinese.replace(/\{(\d?)\}/g, values) }
  }
  return undefined
}

/** A value may be a text itself. */
const filledIn = (value: string): string => known(value)?.chinese ?? value
