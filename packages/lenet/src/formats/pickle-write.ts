// The few opcodes of pickle protocol 2 that a state_dict needs, as bytes. Nothing is remembered and recalled: a name that
// comes again is written again, which the alignment in the archive around it hides.

export type PickleBytes = readonly number[]

const ascii = (text: string): PickleBytes => [...text].map((letter) => letter.charCodeAt(0))
// The lowest byte first.
const little = (value: number, count: number): PickleBytes => [
  ...new Uint8Array(BigUint64Array.of(BigInt(value)).buffer, 0, count),
]

/** `module.name`, split at its last dot. */
export function pickleGlobal(global: string): PickleBytes {
  const dot = global.lastIndexOf('.')
  return ascii(`c${global.slice(0, dot)}\n${global.slice(dot + 1)}\n`)
}

export function pickleText(text: string): PickleBytes {
  const encoded = new TextEncoder().encode(text)
  return [...ascii('X'), ...little(encoded.length, 4), ...encoded]
}

/** A whole number from 0 to 2⁵³. */
export function pickleInteger(value: number): PickleBytes {
  if (value < 256) return [...ascii('K'), value]
  if (value < 65536) return [...ascii('M'), ...little(value, 2)]
  if (value < 2 ** 31) return [...ascii('J'), ...little(value, 4)]
  return [...ascii('\x8a'), 8, ...little(value, 8)]
}

export const pickleFalse: PickleBytes = ascii('\x89')

export function pickleTuple(items: readonly PickleBytes[]): PickleBytes {
  return [...ascii('('), ...items.flat(), ...ascii('t')]
}

export function pickleCall(callee: PickleBytes, args: readonly PickleBytes[]): PickleBytes {
  return [...callee, ...pickleTuple(args), ...ascii('R')]
}

/** A reference to something outside the pickle. */
export function picklePersistent(id: PickleBytes): PickleBytes {
  return [...id, ...ascii('Q')]
}

/** Sets the keys of a dictionary. */
export function pickleItems(dictionary: PickleBytes, pairs: readonly PickleBytes[]): PickleBytes {
  return [...dictionary, ...ascii('('), ...pairs.flat(), ...ascii('u')]
}

/** The whole pickle around one value. */
export function picklePacked(value: PickleBytes): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...ascii('\x80\x02'), ...value, ...ascii('.')])
}
