// Text → tree, by recursive descent. Every error names the column and shows the equation.
import { UsageError } from '../errors.ts'
import { type Access, type Equation, type Expression, operators, type Range, reductionSigns } from './syntax.ts'

interface Token {
  readonly text: string
  readonly kind: 'number' | 'name' | 'sign' | 'end'
  readonly column: number
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(\.\.\.|max=|first=|\+=|==|[=+\-*/<?:,()[\]])|([A-Za-z_][A-Za-z_0-9]*))/y

function tokens(text: string): Token[] {
  const list: Token[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) {
      const column = start + text.slice(start).search(/\S/) + 1
      throw new UsageError(`equation '${text}': column ${column}: unexpected '${text[column - 1]}'`)
    }
    const [, number, sign, name] = match
    const found = (number ?? sign ?? name)!
    const kind = number !== undefined ? 'number' : sign !== undefined ? 'sign' : 'name'
    list.push({ text: found, kind, column: TOKEN.lastIndex - found.length + 1 })
  }
  list.push({ text: 'the end', kind: 'end', column: end + 1 })
  return list
}

/**
 * Parses one equation, such as `y[o,i,j] += weight[o,c,u,v] * x[c,i+u,j+v]`.
 * @throws UsageError with the column of what does not belong.
 */
export function parseEquation(text: string): Equation {
  const parser = new Parser(text)
  const target = parser.access()
  const sign = parser.take('sign', "'=', '+=', 'max=' or 'first='")
  const reduction = reductionSigns[sign.text]
  if (reduction === undefined) throw parser.unexpected(sign, "'=', '+=', 'max=' or 'first='")
  const value = parser.expression(0)
  const ranges = parser.ranges()
  parser.end()
  return { text: text.trim(), target, reduction, value, ranges }
}

/** Parses an expression alone: the bodies and derivatives of scalar functions. */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text)
  const value = parser.expression(0)
  parser.end()
  return value
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #place = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokens(text)
  }

  get #next(): Token {
    return this.#tokens[this.#place]!
  }

  unexpected(token: Token, wanted: string): UsageError {
    return new UsageError(
      `equation '${this.#text}': column ${token.column}: expected ${wanted}, found ${token.kind === 'end' ? token.text : `'${token.text}'`}`,
    )
  }

  take(kind: Token['kind'], wanted: string): Token {
    const token = this.#next
    if (token.kind !== kind) throw this.unexpected(token, wanted)
    this.#place++
    return token
  }

  #skip(sign: string): boolean {
    const found = this.#next.kind === 'sign' && this.#next.text === sign
    if (found) this.#place++
    return found
  }

  #need(sign: string): void {
    if (!this.#skip(sign)) throw this.unexpected(this.#next, `'${sign}'`)
  }

  end(): void {
    this.take('end', 'an operator or the end')
  }

  access(): Access {
    const name = this.take('name', 'a tensor such as y[i,j]')
    this.#need('[')
    return this.#indices(name)
  }

  #indices(name: Token): Access {
    const indices: (Expression | '...')[] = []
    while (!this.#skip(']')) {
      if (indices.length > 0) this.#need(',')
      indices.push(this.#skip('...') ? '...' : this.expression(2))
    }
    return { tensor: name.text, indices, column: name.column }
  }

  /** Operators that bind at least as tightly as `level`. */
  expression(level: number): Expression {
    let left = this.#operand()
    for (;;) {
      const { text, kind, column } = this.#next
      const strength = kind === 'sign' ? operators[text] : undefined
      if (strength === undefined || strength < level) return left
      this.#place++
      if (text === '?') {
        const yes = this.expression(0)
        this.#need(':')
        left = { kind: 'call', name: '?', parts: [left, yes, this.expression(0)], column }
      } else left = { kind: 'call', name: text, parts: [left, this.expression(strength + 1)], column }
    }
  }

  #operand(): Expression {
    const token = this.#next
    if (this.#skip('-')) return { kind: 'call', name: 'negative', parts: [this.expression(3)], column: token.column }
    if (this.#skip('(')) {
      const inside = this.expression(0)
      this.#need(')')
      return inside
    }
    if (token.kind === 'number') {
      this.#place++
      return { kind: 'number', value: Number(token.text) }
    }
    const name = this.take('name', 'a value')
    if (this.#skip('[')) return { kind: 'load', access: this.#indices(name) }
    const touching = this.#next.column === name.column + name.text.length
    if (!(touching && this.#skip('('))) return { kind: 'name', name: name.text, column: name.column }
    const parts = [this.expression(0)]
    while (this.#skip(',')) parts.push(this.expression(0))
    this.#need(')')
    return { kind: 'call', name: name.text, parts, column: name.column }
  }

  /** `(u, v < kernel, c < 3)` after the value, or nothing. */
  ranges(): Range[] {
    const list: Range[] = []
    if (!this.#skip('(')) return list
    do {
      const axes = [this.take('name', 'an axis').text]
      while (this.#skip(',')) axes.push(this.take('name', 'an axis').text)
      this.#need('<')
      list.push({ axes, bound: this.expression(2) })
    } while (this.#skip(','))
    this.#need(')')
    return list
  }
}
