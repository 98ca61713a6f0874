// The terms of a kernel in C: loads once for each address, axes as numbers, calls by the scalar table.
import type { Term } from '../compile/kernel.ts'
import { type Nest, offsetAt, type Point, reachOf, type Vectors } from '../compile/nests.ts'
import type { Address } from '../compile/storage.ts'
import { maskOf, type Printing, printCall, splat } from './expression.ts'
import type { Pointers } from './pointers.ts'
import { floatText, plus } from './text.ts'

/** Where a term is printed. */
export interface Place {
  readonly point: Point
  readonly nest: Nest
  readonly pointers: Pointers
  /** Names that hold what was loaded or stored, by address. */
  readonly cache: Map<string, string>
  /** Declarations go here, before the statement that is being printed. */
  readonly lines: string[]
  /** The name of the reduction's result. */
  readonly result?: string
}

export class TermPrinter {
  /** Counters of the loops that turn more than once. */
  readonly #counters: ReadonlyMap<string, string>
  readonly #vectors: Vectors
  #names = 0

  constructor(counters: ReadonlyMap<string, string>, vectors: Vectors) {
    this.#counters = counters
    this.#vectors = vectors
  }

  newName(): string {
    return `t${this.#names++}`
  }

  print(term: Term, place: Place): string {
    switch (term.kind) {
      case 'number':
        return splat(term.value)
      case 'result':
        return place.result!
      case 'index':
        return this.#index(term, place)
      case 'call':
        return printCall(term.name, term.parts, this.#printing(place))
      case 'load':
        return this.#load(term.address, place)
    }
  }

  /** All ones in the lanes where the term is true. */
  mask(term: Term, place: Place): string {
    return maskOf(term, this.#printing(place))
  }

  #printing(place: Place): Printing<Term> {
    return {
      print: (part) => this.print(part, place),
      callOf: (part) => (part.kind === 'call' ? part : undefined),
    }
  }

  #load(address: Address, { point, nest, pointers, cache, lines }: Place): string {
    const from = pointers.of(address) + plus(offsetAt(address, point))
    const known = cache.get(from)
    if (known !== undefined) return known
    const name = this.newName()
    cache.set(from, name)
    lines.push(`const V ${name} = ${this.#vector(address, from, nest)};`)
    return name
  }

  #vector(address: Address, from: string, { active }: Nest): string {
    const { lanes, lane } = this.#vectors
    const { samples, across } = lanes
    const reach = reachOf(address, lane, lanes)
    const isShared = address.space !== 'sample'
    if (reach === 'broadcast') return isShared || samples === 1 ? `splat(F(${from}))` : `repeated(${from})`
    if (reach === 'neighbours') {
      if (isShared) return samples === 1 ? `N(${from})` : `spread(${from})`
      return across === 1 ? `W(${from})` : `N(${from})`
    }
    const stride = address.strides.get(lane!)!
    // Elements that are not there repeat the last.
    const places = Array.from({ length: across }, (_, at) => from + plus(Math.min(at, active - 1) * stride))
    if (isShared || samples === 1) {
      const floats = places.map((place) => `F(${place})`)
      return samples === 1 ? `(V){${floats.join(', ')}}` : `spread_floats(${floats.join(', ')})`
    }
    return `gathered(${places.join(', ')})`
  }

  /** Writes a vector, or the elements of it that are there. */
  store(address: Address, to: string, name: string, { active }: Nest): string[] {
    const { lanes, lane } = this.#vectors
    const { samples, across } = lanes
    const bytes = address.space === 'sample' ? 4 * samples : 4
    const some = (from: number, count: number, place: string) =>
      `memcpy(${place}, (const char *)&${name}${plus(from * bytes)}, ${count * bytes});`
    if (across === 1) return [`W(${to}) = ${name};`]
    if (lane === undefined) return [some(0, 1, to)]
    if (reachOf(address, lane, lanes) === 'scattered') {
      const stride = address.strides.get(lane)!
      return Array.from({ length: active }, (_, at) => some(at, 1, to + plus(at * stride)))
    }
    return active === across ? [`N(${to}) = ${name};`] : [some(0, active, to)]
  }

  /** The value of axes as a number: loop counters times tile sizes, and the point. */
  #index({ index }: Term & { kind: 'index' }, { point, nest }: Place): string {
    let constant = index.constant
    let moving = ''
    for (const [axis, coefficient] of index.terms) {
      constant += coefficient * (point.get(axis) ?? 0)
      const counter = this.#counters.get(axis)
      if (counter !== undefined) moving += ` + ${counter} * ${coefficient * (nest.steps.get(axis) ?? 1)}`
    }
    const base = moving === '' ? splat(constant) : `splat((float)(${constant}${moving}))`
    const { lane, lanes } = this.#vectors
    const ahead = index.terms.find(([axis]) => axis === lane)?.[1] ?? 0
    if (ahead === 0) return base
    const places = Array.from({ length: lanes.across * lanes.samples }, (_, at) =>
      floatText(Math.floor(at / lanes.samples) * ahead),
    )
    return `(${base} + (V){${places.join(', ')}})`
  }
}
