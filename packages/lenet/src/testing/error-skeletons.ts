// The texts of errors as they stand in the sources: what is filled in is {}. A source text is read as characters, for it is
// the literals that are wanted and not what they mean.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the text of an error begins: at a call, or at what a call is given by name. */
const BEGINNINGS =
  /\b(?:new (?:Usage|Format|Shape|Run)Error|\w*(?:refuse|fail|wrong|missing|noPictures|complain)\w*)\(|\b(?:const|let) (?:problem|hint|fault|reason|why|wanted|kind|what|zip64|sizes|text|message)\w* =|\b(?:hint|wanted):|_PROBLEMS: [^=]*=|Hint =|#error\(|\breturn (?=`tensor )/gi

export interface Skeleton {
  readonly text: string
  readonly file: string
}

/** Something said, and no name, command or piece of code. */
const isProse = (text: string): boolean =>
  /[a-z]{2,} (?:\[?\{\}|[a-z]{2,})|\{\} [a-z]{2,}/.test(text) &&
  text.replace(/[^a-z]/g, '').length >= 5 &&
  !/\n|=>|^(npx|npm|lenet) |^--\w+ \{\}$/.test(text)

/** A who or two in front: `lenet train`, `tensor '{}'`, `{} '{}'`, at most two words beside names. */
const WHO =
  /^(?:(?=[^:;,]{1,60}: )(?:(?:'[^']*'|\{\}|\S*\([^)]*\)) ?)*(?:[\w.-]+ ?){0,2}(?:(?:'[^']*'|\{\}) ?)*: )+(?=.)/

/** Without who is spoken of, which may stand in front of any of them. */
const withoutWho = (text: string): string => text.replace(WHO, '')

export function skeletonsIn(folder: string): Skeleton[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|testing|fixtures|zh\/|messages/.test(path))
    .flatMap((file) => {
      const source = readFileSync(join(folder, file), 'utf8').replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, '')
      const found = [...source.matchAll(BEGINNINGS)].flatMap(({ index, 0: { length } }) => {
        const end = endOf(source, index + length)
        return literalsIn(source.slice(index + length, end))
      })
      return [...new Set(found.map(withoutWho))].filter(isProse).map((text) => ({ text, file }))
    })
}

/** The end of the call's arguments, or of the statement. */
function endOf(source: string, start: number): number {
  let depth = 0
  for (let at = start; at < source.length; at++) {
    const sign = source[at]!
    if (`'"\``.includes(sign)) at = closing(source, at)
    else if ('([{'.includes(sign)) depth++
    else if (')]}'.includes(sign) && --depth < 0) return at
    else if (
      sign === '\n' &&
      depth === 0 &&
      /^\n\s*(const|let|return|throw|if|for|export|function|\}|[\w.]+\()/.test(source.slice(at, at + 40))
    )
      return at
  }
  return source.length
}

/** The quote that ends the literal at `start`. */
function closing(source: string, start: number): number {
  const quote = source[start]
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === quote) return at
    else if (quote === '`' && source.startsWith('${', at)) at = holeEnd(source, at + 2)
  }
  return source.length
}

/** The brace that ends the hole whose text begins at `start`. */
function holeEnd(source: string, start: number): number {
  let depth = 0
  for (let at = start; at < source.length; at++) {
    const sign = source[at]!
    if (`'"\``.includes(sign)) at = closing(source, at)
    else if (sign === '{') depth++
    else if (sign === '}' && depth-- === 0) return at
  }
  return source.length
}

/** Every literal, also those inside of the holes of others. */
function literalsIn(source: string): string[] {
  const found: string[] = []
  for (let at = 0; at < source.length; at++) {
    if (!`'"\``.includes(source[at]!)) continue
    const end = closing(source, at)
    let text = ''
    for (let inner = at + 1; inner < end; inner++) {
      if (source[at] === '`' && source.startsWith('${', inner)) {
        const last = holeEnd(source, inner + 2)
        found.push(...literalsIn(source.slice(inner + 2, last)))
        text += '{}'
        inner = last
      } else if (source[inner] === '\\') text += source[++inner]
      else text += source[inner]
    }
    found.push(text)
    at = end
  }
  return found
}
