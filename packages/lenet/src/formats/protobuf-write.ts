// Writing Protocol Buffers: a message is the list of its fields, each a run of bytes. The caller writes them in the order
// of their numbers, as the official writers do.

export type ProtoBytes = Uint8Array

function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return [...bytes, Number(rest)]
}

/** Whole numbers; a negative one takes ten bytes. */
export function integerField(number: number, value: number): ProtoBytes {
  return Uint8Array.from([...varint(number * 8), ...varint(value)])
}

export function floatField(number: number, value: number): ProtoBytes {
  return joined([Uint8Array.from(varint(number * 8 + 5)), floatBytes([value])])
}

export function bytesField(number: number, value: Uint8Array): ProtoBytes {
  return joined([Uint8Array.from([...varint(number * 8 + 2), ...varint(value.length)]), value])
}

export function textField(number: number, value: string): ProtoBytes {
  return bytesField(number, new TextEncoder().encode(value))
}

export function messageField(number: number, fields: readonly ProtoBytes[]): ProtoBytes {
  return bytesField(number, joined(fields))
}

function floatBytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer)
}

export function joined(parts: readonly ProtoBytes[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let place = 0
  for (const part of parts) {
    bytes.set(part, place)
    place += part.length
  }
  return bytes
}
