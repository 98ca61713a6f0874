// A fingerprint of bytes, in hexadecimal: four lanes of 32 bits, mixed as MurmurHash3 does (Austin Appleby, public domain).
// It tells damage and other data apart in a small part of the time that one epoch takes; it is no proof
// against forgery.

const SEEDS = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f] as const
const LANES = SEEDS.length

const turn = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

function mix(lane: number, word: number): number {
  const mixed = lane ^ Math.imul(turn(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593)
  return (Math.imul(turn(mixed, 13), 5) + 0xe6546b64) | 0
}

function finish(lane: number): number {
  let word = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return (word ^ (word >>> 16)) >>> 0
}

/** 32 hexadecimal digits. Words are read as little-endian; the last bytes are followed by zeros, and the length counts. */
export function digestOf({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  const view = new DataView(buffer, byteOffset, byteLength)
  let [a, b, c, d] = SEEDS as readonly number[] as [number, number, number, number]
  let at = 0
  for (const end = byteLength - 15; at < end; at += 16) {
    a = mix(a, view.getInt32(at, true))
    b = mix(b, view.getInt32(at + 4, true))
    c = mix(c, view.getInt32(at + 8, true))
    d = mix(d, view.getInt32(at + 12, true))
  }
  for (; at < byteLength; at++) d = mix(d, view.getUint8(at))
  const lanes = [a, b, c, d].map((lane) => lane ^ byteLength)
  // Twice round, so that every lane depends on every other.
  for (let round = 0; round < 2 * LANES; round++)
    lanes[round % LANES] = mix(lanes[round % LANES]!, lanes[(round + 1) % LANES]!)
  return lanes.map((lane) => finish(lane).toString(16).padStart(8, '0')).join('')
}

export const digestOfText = (text: string): string => digestOf(new TextEncoder().encode(text))
