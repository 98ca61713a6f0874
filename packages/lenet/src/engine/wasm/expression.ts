// A value as vector code: four lanes at once, by the same primitives as the reference.
import { constantOf, functions } from '../../equation/scalar.ts'
import type { Expression } from '../../equation/syntax.ts'
import { type Code, call, f32x4, get, i32, newBody, op, type Plain, set, type WasmFunction } from './assemble.ts'

const direct: Readonly<Record<string, Plain>> = {
  '+': 'f32x4.add',
  '-': 'f32x4.sub',
  '*': 'f32x4.mul',
  '/': 'f32x4.div',
  negative: 'f32x4.neg',
  abs: 'f32x4.abs',
  sqrt: 'f32x4.sqrt',
  max: 'f32x4.pmax',
  min: 'f32x4.pmin',
}
const comparisons: Readonly<Record<string, Plain>> = { '<': 'f32x4.lt', '==': 'f32x4.eq' }

/** What printing a call needs to know about its parts. */
export interface Printing<Node> {
  /** The part as four lanes. */
  readonly print: (part: Node) => Code
  /** Name and parts of a call; undefined for anything else. */
  readonly callOf: (part: Node) => { readonly name: string; readonly parts: readonly Node[] } | undefined
  /** Calls a function of the scalar table. */
  readonly apply: (name: string, parts: readonly Code[]) => Code
  readonly local: () => number
}

export function printCall<Node>(name: string, parts: readonly Node[], printing: Printing<Node>): Code {
  if (name === '?') {
    const [condition, yes, no] = parts as readonly [Node, Node, Node]
    return op('v128.bitselect', printing.print(yes), printing.print(no), maskOf(condition, printing))
  }
  const compare = comparisons[name]
  const codes = parts.map(printing.print)
  if (compare !== undefined) return op('v128.and', op(compare, ...codes), f32x4(1))
  const instruction = direct[name]
  if (instruction !== undefined) return op(instruction, ...codes)
  const special = bitwise[name]
  return special ? special(codes, printing.local) : printing.apply(name, codes)
}

/** All ones in a lane where the condition is not zero. */
export function maskOf<Node>(condition: Node, printing: Printing<Node>): Code {
  const inner = printing.callOf(condition)
  const compare = inner && comparisons[inner.name]
  if (inner && compare) return op(compare, ...inner.parts.map(printing.print))
  return op('f32x4.ne', printing.print(condition), f32x4(0))
}

const splatBits = (word: number): Code => [i32(word), op('i32x4.splat')]
/** 2ⁿ from whole numbers n. */
const power = (n: Code): Code => op('i32x4.shl', op('i32x4.add', n, splatBits(127)), i32(23))

// Float32 bit patterns, as in the reference.
const bitwise: Readonly<Record<string, (parts: readonly Code[], local: () => number) => Code>> = {
  scale: ([a, n], local) => {
    const [whole, half] = [local(), local()]
    const halve: Code = [op('i32x4.trunc', n!), set(whole), op('i32x4.shr_s', get(whole), i32(1)), set(half)]
    return [
      halve,
      op('f32x4.mul', op('f32x4.mul', a!, power(get(half))), power(op('i32x4.sub', get(whole), get(half)))),
    ]
  },
  exponent: ([a]) =>
    op(
      'f32x4.convert_i32',
      op('i32x4.sub', op('v128.and', op('i32x4.shr_s', a!, i32(23)), splatBits(255)), splatBits(127)),
    ),
  mantissa: ([a]) => op('v128.or', op('v128.and', a!, splatBits(0x7fffff)), splatBits(0x3f800000)),
}

/** A function of the scalar table as a wasm function on four lanes. `indexOf` finds the others that it calls. */
export function scalarFunction(name: string, indexOf: (name: string) => number): WasmFunction {
  const { parameters, steps } = functions[name]!
  const body = newBody(
    parameters.map(() => 'v128' as const),
    'v128',
  )
  const locals = new Map(parameters.map((parameter, index) => [parameter, index]))
  const printing: Printing<Expression> = {
    print: (expression) => {
      if (expression.kind === 'number') return f32x4(expression.value)
      if (expression.kind === 'name') return get(locals.get(expression.name)!)
      if (expression.kind === 'load') throw new Error('a scalar function reads no tensor')
      const constant = constantOf(expression)
      return constant === undefined ? printCall(expression.name, expression.parts, printing) : f32x4(constant)
    },
    callOf: (expression) => (expression.kind === 'call' ? expression : undefined),
    apply: (inner, parts) => [...parts, call(indexOf(inner))],
    local: () => body.local('v128'),
  }
  const code = steps.map(([step, expression], at) => {
    if (at === steps.length - 1) return printing.print(expression)
    const local = body.local('v128')
    locals.set(step, local)
    return [printing.print(expression), set(local)]
  })
  return { body, code }
}
