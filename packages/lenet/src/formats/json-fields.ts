// The fields of an object from outside whose names are known: JSON of a model file, options from JavaScript.
import { shown } from '../errors.ts'

/** Makes the error that fits where the value came from. */
export type Refuse = (problem: string) => Error

/** An object with no other fields than these. @throws what `refuse` makes for anything else. */
export function fieldsOf(
  value: unknown,
  what: string,
  known: readonly string[],
  refuse: Refuse,
): Readonly<Record<string, unknown>> {
  const object = objectOf(value, what, refuse)
  const stranger = Object.keys(object).find((name) => !known.includes(name))
  if (stranger !== undefined)
    throw refuse(`${what}: there is no field '${stranger.slice(0, 40)}'; there is ${known.join(', ') || 'none'}`)
  return Object.fromEntries(known.flatMap((name) => (Object.hasOwn(object, name) ? [[name, object[name]]] : [])))
}

/** An object with fields of any name. @throws what `refuse` makes for anything else. */
export function objectOf(value: unknown, what: string, refuse: Refuse): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
    throw refuse(`${what} is ${shown(value)}; an object is wanted`)
  return value as Readonly<Record<string, unknown>>
}

/** One of the words that are known. @throws what `refuse` makes for anything else. */
export function oneOf<T extends string>(value: unknown, what: string, known: readonly T[], refuse: Refuse): T {
  if (known.includes(value as T)) return value as T
  throw refuse(`${what} is ${shown(value)}; one of ${known.join(', ')} is wanted`)
}

/** What a text holds as JSON. @throws what `refuse` makes where there is none. */
export function parseJson(text: string | undefined, what: string, refuse: Refuse): unknown {
  if (text === undefined) throw refuse(`${what} is missing`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refuse(`${what} is no JSON (${(error as Error).message})`)
  }
}
