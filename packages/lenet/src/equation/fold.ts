// Constants fold in float64 and are rounded once, where an engine reads them. Sums and products of axes stay affine.
import { type Affine, affine, call, number, type Value } from './bound.ts'
import { functions, primitives } from './scalar.ts'

/** A call, simplified where every part is a constant, or where axes add up to an index. */
export function foldCall(name: string, parts: readonly Value[]): Value {
  const numbers = parts.map((part) => (part.kind === 'number' ? part.value : undefined))
  if (numbers.every((part) => part !== undefined)) {
    const [a = 0, b = 0, c = 0] = numbers
    const exact = primitives[name]?.exact ?? functions[name]!.exact
    return number(exact(a, b, c))
  }
  const [a, b] = parts
  return foldIndex(name, a!, b) ?? call(name, ...parts)
}

function foldIndex(name: string, a: Value, b: Value | undefined): Value | undefined {
  const left = asAffine(a)
  if (name === 'negative' && left !== undefined) return { kind: 'index', index: add(affine(0), left, -1) }
  const right = b && asAffine(b)
  if (left === undefined || right === undefined) return undefined
  if (name === '+' || name === '-') return { kind: 'index', index: add(left, right, name === '+' ? 1 : -1) }
  if (name !== '*') return undefined
  if (right.terms.length === 0) return { kind: 'index', index: add(affine(0), left, right.constant) }
  if (left.terms.length === 0) return { kind: 'index', index: add(affine(0), right, left.constant) }
  return undefined
}

/** An index has whole steps and no −0; a fraction of an axis is a product like any other. */
function asAffine(value: Value): Affine | undefined {
  if (value.kind === 'number') return Number.isSafeInteger(value.value) ? affine(value.value + 0) : undefined
  return value.kind === 'index' ? value.index : undefined
}

function add(a: Affine, b: Affine, factor: number): Affine {
  const terms = new Map(a.terms)
  for (const [axis, coefficient] of b.terms) terms.set(axis, (terms.get(axis) ?? 0) + factor * coefficient)
  return affine(
    a.constant + factor * b.constant,
    [...terms].filter(([, coefficient]) => coefficient !== 0),
  )
}

const is = (value: Value, constant: number): boolean => value.kind === 'number' && Object.is(value.value, constant)

/**
 * Products, sums and choices as derivation writes them, without the parts that do nothing. A factor that chooses between
 * constants chooses between products instead: 0 is then 0, whatever the other factor is.
 */
export function times(a: Value, b: Value): Value {
  if (is(a, 0) || is(b, 0)) return number(0)
  if (is(a, 1)) return b
  if (is(b, 1)) return a
  if (is(b, -1)) return call('negative', a)
  if (b.kind === 'call' && b.name === '?') return call('?', b.parts[0]!, times(a, b.parts[1]!), times(a, b.parts[2]!))
  return foldCall('*', [a, b])
}

export function plus(a: Value, b: Value): Value {
  if (is(a, 0)) return b
  if (is(b, 0)) return a
  return foldCall('+', [a, b])
}
