// lenet/zh: errors in Chinese. They are made in English, from texts with values in them; a text is known again by what stands
// around the values, which may be texts themselves.
import { archives } from './archives.ts'
import { data } from './data.ts'
import { equations } from './equations.ts'
import { machine } from './machine.ts'
import { models } from './models.ts'
import { onnx } from './onnx.ts'
import { subjects } from './subjects.ts'
import { training } from './training.ts'
import { weights } from './weights.ts'
import { words } from './words.ts'

/** English → Chinese. `{}` is a value; where their order differs, `{2}` is the second. */
export const texts: ReadonlyMap<string, string> = new Map(
  [archives, weights, equations, models, onnx, data, machine, training, words].flatMap((table) =>
    Object.entries(table),
  ),
)

interface Pattern {
  readonly expression: RegExp
  readonly chinese: string
  /** Of each value: one in quotes is a name, and stays as it is. */
  readonly isName: readonly boolean[]
  /** Letters that are not values: the text that says most is the one that is meant. */
  readonly weight: number
}

/** Made when they are wanted: few runs end with an error. */
let patterns: { readonly texts: readonly Pattern[]; readonly subjects: readonly Pattern[] } | undefined

const patternsOf = (table: Iterable<readonly [string, string]>): readonly Pattern[] =>
  [...table]
    .map(([english, chinese]) => {
      const parts = english.split('{}')
      return {
        expression: new RegExp(`^${parts.map(literally).join('(.*?)')}$`, 's'),
        chinese,
        isName: parts.slice(0, -1).map((part) => part.endsWith("'")),
        weight: english.replaceAll('{}', '').length,
      }
    })
    .sort((a, b) => b.weight - a.weight)

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A whole message, with its hint, its equation and the byte of a file; what is not known stays as it is. */
export function errorInChinese(message: string): string {
  return message
    .split('\n')
    .map((line) => {
      const [, start = '', text = '', equation, byte] = /^(hint: )?(.*?)(?: \(in '(.*)'\))?(?: \(byte (\d+)\))?$/s.exec(
        line,
      )!
      const place = equation === undefined ? '' : `（在“${equation}”中）`
      return `${start}${inChinese(text) ?? text}${place}${byte === undefined ? '' : `（第 ${byte} 字节）`}`
    })
    .join('\n')
}

/** The text, or who and then the text, whichever is known better; undefined where neither is known. */
export function inChinese(text: string): string | undefined {
  let best = known(text)
  for (let colon = text.indexOf(': '); colon >= 0; colon = text.indexOf(': ', colon + 1)) {
    const rest = known(text.slice(colon + 2))
    if (rest === undefined || (best !== undefined && rest.weight < best.weight)) continue
    const who = text.slice(0, colon).split(': ').map(subjectIn).join('：')
    best = { weight: rest.weight, chinese: `${who}：${rest.chinese}` }
  }
  return best?.chinese
}

interface Known {
  readonly chinese: string
  readonly weight: number
}

const known = (text: string): Known | undefined => match(text, 'texts')

/** A value may be a text itself. */
const valueIn = (value: string): string => known(value)?.chinese ?? value

const subjectIn = (who: string): string => match(who, 'subjects')?.chinese ?? who

function match(text: string, table: 'texts' | 'subjects'): Known | undefined {
  patterns ??= { texts: patternsOf(texts), subjects: patternsOf(Object.entries(subjects)) }
  for (const { expression, chinese, isName, weight } of patterns[table]) {
    const found = expression.exec(text)
    if (found === null) continue
    let next = 0
    const filled = (digit: string): string => {
      const place = digit === '' ? ++next : Number(digit)
      return isName[place - 1] ? found[place]! : valueIn(found[place]!)
    }
    const pieces = chinese.split(/\{(\d?)\}/).map((piece, at) => (at % 2 === 0 ? piece : filled(piece)))
    return { weight, chinese: pieces.filter((piece) => piece !== '').reduce(joined) }
  }
  return undefined
}

/** Chinese stands apart from Latin letters and digits, and not from Chinese, whichever a value is. */
function joined(left: string, right: string): string {
  const seam = `${left.trimEnd().slice(-1)}${right.trimStart().slice(0, 1)}`
  if (/^\p{sc=Han}{2}$/u.test(seam)) return left.trimEnd() + right.trimStart()
  return /^(\p{sc=Han}\w|\w\p{sc=Han})$/u.test(`${left.slice(-1)}${right.slice(0, 1)}`)
    ? `${left} ${right}`
    : left + right
}
