// Counter-based random numbers: the stream of a sample depends on (seed, purpose, epoch, index) and on nothing else,
// so it does not matter who draws it, when, or where training was resumed.

/** What the numbers are for; streams of different purposes never meet. */
const purposes = { initial: 1, shuffle: 2, augment: 3, noise: 4, split: 5, curvature: 6, holdOut: 7 } as const
export type RandomPurpose = keyof typeof purposes

const PARITY = 0x1bd11bda

/** Two words of 32 bits, as signed integers. */
export interface Words {
  first: number
  second: number
}

const turn = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

/** Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). */
export function threefry(key0: number, key1: number, counter0: number, counter1: number, out: Words): void {
  let a = (counter0 + key0) | 0
  let b = (counter1 + key1) | 0
  // The keys take turns.
  let [x, y, z] = [key1 | 0, PARITY ^ key0 ^ key1, key0 | 0]
  for (let group = 1; group <= 5; group++) {
    const isOdd = (group & 1) === 1
    a = (a + b) | 0
    b = turn(b, isOdd ? 13 : 17) ^ a
    a = (a + b) | 0
    b = turn(b, isOdd ? 15 : 29) ^ a
    a = (a + b) | 0
    b = turn(b, isOdd ? 26 : 16) ^ a
    a = (a + b) | 0
    b = turn(b, isOdd ? 6 : 24) ^ a
    a = (a + x) | 0
    b = (b + y + group) | 0
    const used = x
    x = y
    y = z
    z = used
  }
  out.first = a
  out.second = b
}

/** A stream of uniform numbers in [0, 1), multiples of 2⁻²⁴ (exact in float32). */
export function createRandom(seed: number, purpose: RandomPurpose, epoch = 0, index = 0): () => number {
  const words = { first: 0, second: 0 }
  threefry(seed >>> 0, purposes[purpose], epoch, index, words)
  const [key0, key1] = [words.first, words.second]
  const high = Math.floor(seed / 2 ** 32)
  let drawn = 0
  return () => {
    if ((drawn & 1) === 0) threefry(key0, key1, drawn >>> 1, high, words)
    return ((drawn++ & 1 ? words.second : words.first) >>> 8) / 2 ** 24
  }
}

/** A random order of 0 … count−1 (Fisher and Yates). */
export function shuffledOrder(count: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const kept = order[last]!
    order[last] = order[other]!
    order[other] = kept
  }
  return order
}
