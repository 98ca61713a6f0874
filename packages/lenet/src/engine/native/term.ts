// The terms of a kernel in C: loads once for each address, axes as numbers, calls by the scalar table.
import type { Nest, Term } from '../loops.ts'
import type { Address } from '../storage.ts'
import { maskOf, type Printing, printCall, splat } from './expression.ts'
import type { Point, Pointers } from './pointers.ts'
import { offsetAt } from './pointers.ts'
import { plus } from './text.ts'

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
  #names = 0

  constructor(counters: ReadonlyMap<string, string>) {
    this.#counters = counters
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

  #load(address: Address, { point, pointers, cache, lines }: Place): string {
    const from = pointers.of(address) + plus(offsetAt(address, point))
    const known = cache.get(from)
    if (known !== undefined) return known
    const name = this.newName()
    cache.set(from, name)
    lines.push(`const V ${name} = ${address.space === 'sample' ? `W(${from})` : `splat(F(${from}))`};`)
    return name
  }

  /** The value of axes as a number: loop counters times tile sizes, and the point. */
  #index({ index }: Term & { kind: 'index' }, { point, nest }: Place): string {
    let constant = index.constant
    let moving = ''
    for (const [axis, coefficient] of index.terms) {
      constant += coefficient * (point.get(axis) ?? 0)
      const counter = this.#counters.get(axis)
      if (counter !== undefined) moving += ` + ${counter} * ${coefficient * (nest.tile.get(axis) ?? 1)}`
    }
    return moving === '' ? splat(constant) : `splat((float)(${constant}${moving}))`
  }
}
