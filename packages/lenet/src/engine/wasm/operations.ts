// Operations on vectors as wasm: four lanes at once, by the same primitives as the reference.
import { type Code, get, i32, op, type Plain, set } from './assemble.ts'

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

export const comparisons: Readonly<Record<'<' | '==' | '!=', Plain>> = {
  '<': 'f32x4.lt',
  '==': 'f32x4.eq',
  '!=': 'f32x4.ne',
}

/** The code of a primitive; nothing for a function of the scalar table. `local` gives a vector's. */
export function operation(name: string, parts: readonly Code[], local: () => number): Code | undefined {
  const instruction = direct[name]
  return instruction === undefined ? bitwise[name]?.(parts, local) : op(instruction, ...parts)
}

const splatBits = (word: number): Code => [i32(word), op('i32x4.splat')]
/** 2ⁿ from whole numbers n. */
const power = (n: Code): Code => op('i32x4.shl', op('i32x4.add', n, splatBits(127)), i32(23))

// Float32 bit patterns, as in the reference.
const bitwise: Readonly<Record<string, (parts: readonly Code[], local: () => number) => Code>> = {
  scale: ([a, n], local) => {
    const [whole, half] = [local(), local()]
    const halve: Code = [op('i32x4.trunc', n!), set(whole), op('i32x4.shr_s', get(whole), i32(1)), set(half)]
    const rest = op('i32x4.sub', get(whole), get(half))
    return [halve, op('f32x4.mul', op('f32x4.mul', a!, power(get(half))), power(rest))]
  },
  exponent: ([a]) => {
    const biased = op('v128.and', op('i32x4.shr_s', a!, i32(23)), splatBits(255))
    return op('f32x4.convert_i32', op('i32x4.sub', biased, splatBits(127)))
  },
  mantissa: ([a]) => op('v128.or', op('v128.and', a!, splatBits(0x7fffff)), splatBits(ONE)),
}

/** The bits of 1. */
const ONE = 0x3f800000
