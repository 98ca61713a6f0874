// The scalar functions as the reference computes them: in float32 every operation is rounded, in float64 all are exact.
import { functions, primitives } from '../equation/scalar.ts'
import type { Expression } from '../equation/syntax.ts'

export type Precision = 'float32' | 'float64'

/** Reads a value where the axes stand. */
export type Reader = () => number

/** A function of the table as code on numbers. */
export function scalarOf(name: string, precision: Precision): (a: number, b: number, c: number) => number {
  if (precision === 'float64') return primitives[name]?.exact ?? functions[name]!.exact
  const special = rounded[name]
  if (special !== undefined) return special
  const primitive = primitives[name]
  if (primitive !== undefined) return (a, b, c) => Math.fround(primitive.exact(a, b, c))
  const { parameters, steps } = functions[name]!
  const values = new Map<string, number>()
  const compiled = steps.map(([step, expression]) => [step, compileScalar(expression, values)] as const)
  return (a, b) => {
    values.set(parameters[0]!, a)
    if (parameters.length > 1) values.set(parameters[1]!, b)
    for (const [step, read] of compiled) values.set(step, read())
    return values.get('r')!
  }
}

function compileScalar(expression: Expression, values: ReadonlyMap<string, number>): Reader {
  if (expression.kind === 'number') {
    const constant = Math.fround(expression.value)
    return () => constant
  }
  if (expression.kind === 'name') return () => values.get(expression.name)!
  if (expression.kind === 'load') throw new Error('a scalar function reads no tensor')
  const operate = scalarOf(expression.name, 'float32')
  const [a, b = () => 0, c = () => 0] = expression.parts.map((part) => compileScalar(part, values))
  return () => operate(a!(), b(), c())
}

// Primitives whose float32 form is about bits. `scale` multiplies twice, so that subnormal results are reached.
const bits = new DataView(new ArrayBuffer(4))
const pattern = (value: number): number => {
  bits.setFloat32(0, value)
  return bits.getInt32(0)
}
const float = (word: number): number => {
  bits.setInt32(0, word)
  return bits.getFloat32(0)
}
const rounded: Readonly<Record<string, (a: number, n: number) => number>> = {
  scale: (a, n) => {
    const whole = n | 0
    const half = whole >> 1
    return Math.fround(Math.fround(a * float((half + 127) << 23)) * float((whole - half + 127) << 23))
  },
  exponent: (a) => ((pattern(a) >> 23) & 255) - 127,
  mantissa: (a) => float((pattern(a) & 0x7fffff) | 0x3f800000),
}
