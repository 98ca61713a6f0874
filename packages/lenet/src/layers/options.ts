// What a layer can be told: each option checks and completes what was given, and knows its own description.
import { shown, UsageError } from '../errors.ts'
import { MOST_AXES } from '../formats/arrays.ts'

export interface Option<Given, Full> {
  readonly summary: string
  /** Value where none was given; may depend on the options before it. Absent: it must be given. */
  readonly otherwise?: (options: Readonly<Record<string, unknown>>) => Full
  /** The full value, or undefined for one that does not fit. */
  readonly read: (given: Given) => Full | undefined
  /** What would fit, for the error. */
  readonly wanted: string
}

/** An option that may be left out. */
export type Defaulted<Given, Full> = Option<Given, Full> & {
  readonly otherwise: (options: Readonly<Record<string, unknown>>) => Full
}
export type Pair = readonly [number, number]
export type Sides = number | Pair

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isSides = (given: unknown, fits: (side: unknown) => boolean) =>
  Array.isArray(given) ? given.length === 2 && given.every(fits) : fits(given)
const bothSides = (given: Sides): Pair => (typeof given === 'number' ? [given, given] : given)

export function count(summary: string): Option<number, number>
export function count(summary: string, otherwise: number): Defaulted<number, number>
export function count(summary: string, otherwise?: number): Option<number, number> {
  return {
    summary,
    wanted: 'a whole number from 1',
    read: (given) => (isCount(given) ? given : undefined),
    ...(otherwise !== undefined && { otherwise: () => otherwise }),
  }
}

/** Two sides, rows and columns; one number stands for both. */
export function pair(summary: string): Option<Sides, Pair>
export function pair(
  summary: string,
  otherwise: number | ((options: Readonly<Record<string, unknown>>) => Pair),
): Defaulted<Sides, Pair>
export function pair(
  summary: string,
  otherwise?: number | ((options: Readonly<Record<string, unknown>>) => Pair),
): Option<Sides, Pair> {
  const wanted = 'a whole number or a pair such as [3, 5]'
  const read = (given: Sides) => (isSides(given, isWhole) ? bothSides(given) : undefined)
  if (otherwise === undefined) return { summary, wanted, read }
  return { summary, wanted, read, otherwise: typeof otherwise === 'number' ? () => [otherwise, otherwise] : otherwise }
}

export const real = (
  summary: string,
  otherwise: number,
  fits: (value: number) => boolean = Number.isFinite,
  wanted = 'a number',
): Defaulted<number, number> => ({
  summary,
  wanted,
  read: (given) => (typeof given === 'number' && fits(given) ? given : undefined),
  otherwise: () => otherwise,
})

export const flag = (summary: string, otherwise: boolean): Defaulted<boolean, boolean> => ({
  summary,
  wanted: 'true or false',
  read: (given) => (typeof given === 'boolean' ? given : undefined),
  otherwise: () => otherwise,
})

/** Characters, or none. */
export const text = (summary: string): Defaulted<string, string> => ({
  summary,
  wanted: 'a text',
  read: (given) => (typeof given === 'string' ? given : undefined),
  otherwise: () => '',
})

export type Rows = readonly (readonly number[])[]

const isTable = (given: unknown): boolean =>
  Array.isArray(given) &&
  given.length > 0 &&
  given.every(
    (row) => Array.isArray(row) && row.length === given[0].length && row.every((cell) => cell === 0 || cell === 1),
  )

/** Rows of 0 and 1, or nothing. */
export const table = (summary: string): Defaulted<Rows, Rows | undefined> => ({
  summary,
  wanted: 'rows of equal length that hold 0 and 1',
  read: (given) => (isTable(given) ? given : undefined),
  otherwise: () => undefined,
})

/** A shape in which one −1 may stand for what is left. */
export const shapeWithRest = (summary: string): Option<readonly number[], readonly number[]> => ({
  summary,
  wanted: `at most ${MOST_AXES} extents from 1 after the batch, with at most one −1`,
  read: (given) =>
    Array.isArray(given) && given.length <= 1 + MOST_AXES && given.every((extent) => extent === -1 || isCount(extent))
      ? given
      : undefined,
})

// biome-ignore lint/suspicious/noExplicitAny: the map of a layer's options has a type of its own for each entry
export type Options = Readonly<Record<string, Option<any, any>>>

/** Names of the options that may be left out. */
export type Optional<O extends Options> = {
  [K in keyof O]: O[K] extends { readonly otherwise: unknown } ? K : never
}[keyof O]
export type GivenOf<T> = T extends Option<infer Given, unknown> ? Given : never
export type FullOf<T> = T extends Option<never, infer Full> ? Full : never
/** What a layer with these options is given. */
export type Given<O extends Options> = { readonly [K in Exclude<keyof O, Optional<O>>]: GivenOf<O[K]> } & {
  readonly [K in Optional<O>]?: GivenOf<O[K]>
}
/** The options, each checked and none left out. */
export type Full<O extends Options> = { readonly [K in keyof O]: FullOf<O[K]> }

/** Checks what was given and adds what was not. */
export function completeOptions<O extends Options>(
  who: string,
  options: O,
  given: Readonly<Record<string, unknown>>,
): Full<O> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new UsageError(`${who}: its options are ${shown(given)}; give an object`)
  for (const name of Object.keys(given))
    if (!Object.hasOwn(options, name))
      throw new UsageError(
        `${who}: there is no option '${name}'; there is ${Object.keys(options).join(', ') || 'none'}`,
      )
  const full: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(options)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    const missing = value === undefined
    if (missing && option.otherwise === undefined)
      throw new UsageError(`${who}: ${name} is missing; give ${option.wanted} (${option.summary})`)
    full[name] = missing ? option.otherwise!(full) : option.read(value)
    if (!missing && full[name] === undefined)
      throw new UsageError(`${who}: ${name} is ${shown(value)}; give ${option.wanted}`)
  }
  return full as Full<O>
}
