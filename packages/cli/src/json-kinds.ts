// The fields of a JSON object that a run wrote, each with the kind of value that it holds.

export type Kind = 'text' | 'whole' | 'number' | 'fraction' | 'flag' | 'values'

/** With a `?` where the field may be missing. */
export type Kinds<T> = { readonly [Name in keyof T]-?: Kind | `${Kind}?` }

const kinds: Readonly<Record<Kind, { readonly name: string; readonly holds: (value: unknown) => boolean }>> = {
  text: { name: 'a text', holds: (value) => typeof value === 'string' },
  whole: {
    name: 'a whole number from 0',
    holds: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  },
  number: { name: 'a number', holds: Number.isFinite },
  fraction: {
    name: 'a number from 0 to 1',
    holds: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  },
  flag: { name: 'true or false', holds: (value) => typeof value === 'boolean' },
  values: {
    name: 'an object of plain values',
    holds: (value) =>
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((one) => ['number', 'boolean', 'string'].includes(typeof one)),
  },
}

/** What is wrong with an object: a field that is missing, of another kind, or unknown. */
export function problemOf<T>(object: Readonly<Record<string, unknown>>, wanted: Kinds<T>): string | undefined {
  for (const [name, kind] of Object.entries<Kind | `${Kind}?`>(wanted)) {
    if (object[name] === undefined && kind.endsWith('?')) continue
    const { name: words, holds } = kinds[kind.replace('?', '') as Kind]
    if (!holds(object[name])) return `its ${name} is ${JSON.stringify(object[name]) ?? 'missing'}; it is ${words}`
  }
  const stranger = Object.keys(object).find((name) => !Object.hasOwn(wanted, name))
  return stranger === undefined ? undefined : `has '${stranger}', which no run of this version has`
}
