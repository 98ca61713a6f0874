// Operations on vectors in C, by the same primitives as the reference; most are functions of the prelude.
import { floatText } from './text.ts'

const infix = new Set(['+', '-', '*', '/'])
const named: Readonly<Record<string, string>> = {
  abs: 'absolute',
  sqrt: 'root',
  max: 'larger',
  min: 'smaller',
  scale: 'scale',
  exponent: 'exponent',
  mantissa: 'mantissa',
  upper: 'upper',
}

export const functionName = (name: string): string => `scalar_${name}`

export const splat = (value: number): string => `splat(${floatText(value)})`

export function operation(name: string, parts: readonly string[]): string {
  if (infix.has(name)) return `(${parts.join(` ${name} `)})`
  if (name === 'negative') return `(-${parts[0]})`
  return `${named[name] ?? functionName(name)}(${parts.join(', ')})`
}
