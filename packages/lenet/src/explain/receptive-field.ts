// The window of the model's input that a unit sees, read off the equations: index by index, along every path that leads from
// the input to the unit.
import { aloneAxis, type BoundAccess, type BoundEquation, loadsIn } from '../equation/bound.ts'
import { reach } from '../equation/reach.ts'
import type { Variable } from '../equation/variable.ts'

/** Along rows or columns, unit n sees the pixels from n × jump + first to n × jump + last. */
interface Side {
  readonly first: number
  readonly last: number
  readonly jump: number
}

export type Field = readonly [rows: Side, columns: Side]

/** Nothing for what depends on the input and has no window of its own for each unit: a class, a mean of the whole map. */
export type Fields = Map<Variable, Field | undefined>

const pixel: Side = { first: 0, last: 0, jump: 1 }
export const ownPixel: Field = [pixel, pixel]

export const sizeOfField = (field: Field): readonly [number, number] => [
  field[0].last - field[0].first + 1,
  field[1].last - field[1].first + 1,
]

/** Adds what the targets of an entry's equations see to `fields`, which hold what its inputs see. */
export function followEquations(equations: readonly BoundEquation[], fields: Fields): void {
  for (const equation of equations) {
    const { target, value } = equation
    const seen = loadsIn(value)
      .filter(({ tensor }) => fields.has(tensor))
      .map((access) => windowOf(access, equation, fields.get(access.tensor)))
    // Another equation may have written part of the target.
    if (fields.has(target.tensor)) seen.push(fields.get(target.tensor))
    if (seen.length > 0) fields.set(target.tensor, seen.reduce(union))
  }
}

/** What a unit of the target sees through one access. */
function windowOf({ indices }: BoundAccess, { target, axes }: BoundEquation, before: Field | undefined) {
  if (before === undefined || indices.length !== 3 || target.indices.length !== 3) return undefined
  const side = (at: 0 | 1): Side | undefined => {
    const along = aloneAxis(target.indices[at + 1]!)
    if (along === undefined) return undefined
    const { first, last, jump } = before[at]
    const { constant, terms } = indices[at + 1]!
    const [low, high] = reach({ constant, terms: terms.filter(([axis]) => axis !== along) }, axes)
    const stride = terms.find(([axis]) => axis === along)?.[1] ?? 0
    return { first: first + jump * low, last: last + jump * high, jump: jump * stride }
  }
  const [rows, columns] = [side(0), side(1)]
  return rows && columns && ([rows, columns] as const)
}

/** Where neighbours of two paths are unequally far apart, no one window serves every unit. */
function union(a: Field | undefined, b: Field | undefined): Field | undefined {
  if (a === undefined || b === undefined) return undefined
  const side = (at: 0 | 1): Side | undefined =>
    a[at].jump === b[at].jump
      ? { first: Math.min(a[at].first, b[at].first), last: Math.max(a[at].last, b[at].last), jump: a[at].jump }
      : undefined
  const [rows, columns] = [side(0), side(1)]
  return rows && columns && ([rows, columns] as const)
}
