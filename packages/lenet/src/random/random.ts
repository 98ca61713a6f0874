// Counter-based random numbers: the stream of a sample depends on (seed, purpose, epoch, index) and on nothing else,
// so it does not matter who draws it, when, or where training was resumed.

/** What the numbers are for; streams of different purposes never meet. */
export const purposes = { initial: 1, shuffle: 2, augment: 3, noise: 4, split: 5, curvature: 6 } as const
export type Purpose = keyof typeof purposes

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24]
const PARITY = 0x1bd11bda

/** Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). Writes two words to `out`. */
export function threefry(key0: number, key1: number, counter0: number, counter1: number, out: Uint32Array): void {
  const keys = [key0, key1, PARITY ^ key0 ^ key1]
  let a = (counter0 + key0) | 0
  let b = (counter1 + key1) | 0
  for (let round = 0; round < 20; round++) {
    const turn = ROTATIONS[round & 7]!
    a = (a + b) | 0
    b = ((b << turn) | (b >>> (32 - turn))) ^ a
    if ((round & 3) === 3) {
      const block = (round >> 2) + 1
      a = (a + keys[block % 3]!) | 0
      b = (b + keys[(block + 1) % 3]! + block) | 0
    }
  }
  out[0] = a
  out[1] = b
}

/** A stream of uniform numbers in [0, 1), multiples of 2⁻²⁴ (exact in float32). */
export function createRandom(seed: number, purpose: Purpose, epoch = 0, index = 0): () => number {
  const key = new Uint32Array(2)
  threefry(seed >>> 0, purposes[purpose], epoch, index, key)
  const words = new Uint32Array(2)
  let drawn = 0
  return () => {
    if ((drawn & 1) === 0) threefry(key[0]!, key[1]!, drawn >>> 1, Math.floor(seed / 2 ** 32), words)
    return (words[drawn++ & 1]! >>> 8) / 2 ** 24
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
