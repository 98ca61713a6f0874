// Where samples meet, as the reference adds them up: sixteen sums side by side, joined as the definition says.
import { SHARES, type Step, TILE } from './program.ts'
import { type Context, type Numbers, roundingOf, type Terms, termsOf } from './reference-terms.ts'

/** The equations into one shared tensor, one after the other. */
export class Meeting {
  readonly #equations: readonly { readonly terms: () => Terms; readonly tile: Numbers[] }[]
  readonly #target: Numbers
  readonly #shares: (Numbers | undefined)[] = []
  #tiles = 0
  readonly #round: (value: number) => number

  constructor(steps: readonly Step[], context: Context) {
    this.#equations = steps.map(({ equation }) => ({ terms: termsOf(equation, context), tile: [] }))
    this.#target = context.store.get(steps[0]!.equation.target.tensor)!
    this.#round = roundingOf(context.precision)
  }

  add(sample: number, last: boolean): void {
    for (const { terms, tile } of this.#equations) tile.push(terms().values.slice() as Numbers)
    if ((sample + 1) % TILE === 0 || last) this.#endTile()
  }

  #endTile(): void {
    const share = this.#tiles++ % SHARES
    const sums = this.#shares[share] ?? (this.#target.slice().fill(0) as Numbers)
    for (const { tile } of this.#equations) {
      for (let at = 0; at < sums.length; at++) sums[at] = this.#round(sums[at]! + this.#joined(tile, at))
      tile.length = 0
    }
    this.#shares[share] = sums
  }

  /** ((q0+q1)+q2)+q3 in each lane, then the lanes as (0+2)+(1+3); an absent sample is +0. */
  #joined(tile: readonly Numbers[], at: number): number {
    const lanes = [0, 0, 0, 0]
    for (let sample = 0; sample < TILE; sample++) {
      const value = tile[sample]?.[at] ?? 0
      lanes[sample & 3] = sample < 4 ? value : this.#round(lanes[sample & 3]! + value)
    }
    return this.#round(this.#round(lanes[0]! + lanes[2]!) + this.#round(lanes[1]! + lanes[3]!))
  }

  /** Adds the shares, in order, to the target. */
  total(): void {
    for (const share of this.#shares)
      if (share !== undefined)
        for (let at = 0; at < share.length; at++) this.#target[at] = this.#round(this.#target[at]! + share[at]!)
    this.#shares.length = 0
    this.#tiles = 0
  }
}
