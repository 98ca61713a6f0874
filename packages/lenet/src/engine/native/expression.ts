// A value as a C expression on vectors, by the same primitives as the reference.
import { constantOf, functions } from '../../equation/scalar.ts'
import type { Expression } from '../../equation/syntax.ts'
import { block, floatText, type Lines } from './text.ts'

type Form = (...parts: readonly string[]) => string

const infix =
  (sign: string): Form =>
  (a, b) =>
    `(${a} ${sign} ${b})`
const calling =
  (name: string): Form =>
  (...parts) =>
    `${name}(${parts.join(', ')})`

const forms: Readonly<Record<string, Form>> = {
  '+': infix('+'),
  '-': infix('-'),
  '*': infix('*'),
  '/': infix('/'),
  negative: (a) => `(-${a})`,
  abs: calling('absolute'),
  sqrt: calling('root'),
  max: calling('larger'),
  min: calling('smaller'),
  scale: calling('scale'),
  exponent: calling('exponent'),
  mantissa: calling('mantissa'),
}
const comparisons = new Set(['<', '=='])

/** What printing a call needs to know about its parts. */
export interface Printing<Node> {
  readonly print: (part: Node) => string
  /** Name and parts of a call; undefined for anything else. */
  readonly callOf: (part: Node) => { readonly name: string; readonly parts: readonly Node[] } | undefined
}

export const splat = (value: number): string => `splat(${floatText(value)})`

export function printCall<Node>(name: string, parts: readonly Node[], printing: Printing<Node>): string {
  if (name === '?') {
    const [condition, yes, no] = parts as readonly [Node, Node, Node]
    return `pick(${maskOf(condition, printing)}, ${printing.print(yes)}, ${printing.print(no)})`
  }
  const codes = parts.map(printing.print)
  if (comparisons.has(name)) return `keep(${infix(name)(...codes)}, ${splat(1)})`
  return (forms[name] ?? calling(functionName(name)))(...codes)
}

/** All ones in a lane where the condition is not zero. */
export function maskOf<Node>(condition: Node, printing: Printing<Node>): string {
  const inner = printing.callOf(condition)
  if (inner !== undefined && comparisons.has(inner.name)) return infix(inner.name)(...inner.parts.map(printing.print))
  return `(${printing.print(condition)} != ${splat(0)})`
}

const functionName = (name: string): string => `scalar_${name}`

/** A function of the scalar table. */
export function scalarFunction(name: string): Lines {
  const { parameters, steps } = functions[name]!
  const printing: Printing<Expression> = {
    print: (expression) => {
      if (expression.kind === 'number') return splat(expression.value)
      if (expression.kind === 'name') return expression.name
      if (expression.kind === 'load') throw new Error('a scalar function reads no tensor')
      const constant = constantOf(expression)
      return constant === undefined ? printCall(expression.name, expression.parts, printing) : splat(constant)
    },
    callOf: (expression) => (expression.kind === 'call' ? expression : undefined),
  }
  return block(
    `INLINE V ${functionName(name)}(${parameters.map((parameter) => `V ${parameter}`).join(', ')})`,
    steps.map(([step, expression]) => `const V ${step} = ${printing.print(expression)};`),
    'return r;',
  )
}
