// Terms, values of equations and expressions of the scalar table have the same calls. Here these become operations on vectors:
// what is a choice, what is a comparison, what remains an operation or a function.
import { constantOf, functions } from '../../../equation/scalar.ts'
import type { Expression } from '../../../equation/syntax.ts'
import type { CodeFunction, Mask, Statement, Value } from './code.ts'

interface Call<Node> {
  readonly kind: 'call'
  readonly name: string
  readonly parts: readonly Node[]
}

export const numeral = (value: number): Value => ({ kind: 'number', value })
export const named = (name: string): Value => ({ kind: 'name', name })
export const sum = (a: Value, b: Value): Value => ({ kind: 'call', name: '+', parts: [a, b] })
export const compare = (sign: '<' | '==' | '!=', a: Value, b: Value): Mask => ({
  kind: 'compare',
  sign,
  parts: [a, b],
})

const isComparison = (name: string): name is '<' | '==' => name === '<' || name === '=='

/** `vectorOf` gives the vector of a part. */
export function lowerCall<Node extends { readonly kind: string }>(
  { name, parts }: Call<Node>,
  vectorOf: (part: Node) => Value,
): Value {
  if (name === '?') {
    const [condition, yes, no] = parts as readonly [Node, Node, Node]
    const [chosen, other] = [vectorOf(yes), vectorOf(no)]
    return { kind: 'choose', mask: maskOf(condition, vectorOf), yes: chosen, no: other }
  }
  const values = parts.map(vectorOf)
  if (isComparison(name)) return { kind: 'keep', mask: compare(name, values[0]!, values[1]!), value: numeral(1) }
  return { kind: 'call', name, parts: values }
}

/** Where the condition is not 0. */
export function maskOf<Node extends { readonly kind: string }>(condition: Node, vectorOf: (part: Node) => Value): Mask {
  if (condition.kind === 'call') {
    const { name, parts } = condition as unknown as Call<Node>
    if (isComparison(name)) return compare(name, vectorOf(parts[0]!), vectorOf(parts[1]!))
  }
  return compare('!=', vectorOf(condition), numeral(0))
}

/** A function of the scalar table. */
export function lowerScalar(name: string): CodeFunction {
  const { parameters, steps } = functions[name]!
  const vectorOf = (expression: Expression): Value => {
    if (expression.kind === 'number') return numeral(expression.value)
    if (expression.kind === 'name') return named(expression.name)
    if (expression.kind === 'load') throw new Error('a scalar function reads no tensor')
    const constant = constantOf(expression)
    return constant === undefined ? lowerCall(expression, vectorOf) : numeral(constant)
  }
  const body = steps.map(([step, expression]): Statement => ({ kind: 'let', name: step, value: vectorOf(expression) }))
  return { name, about: '', role: 'scalar', parameters, body, result: named(steps.at(-1)![0]) }
}
