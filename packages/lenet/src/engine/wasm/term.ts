// The terms of a kernel as vector code: loads once for each address, axes as numbers, calls by the scalar table.
import type { Nest, Term } from '../loops.ts'
import { type Body, type Code, call, f32x4, get, i32, load, op, tee } from './assemble.ts'
import { maskOf, type Printing, printCall } from './expression.ts'
import { offsetAt, type Point, type Pointer, type Pointers } from './pointers.ts'

/** Where a term is printed. */
export interface Place {
  readonly point: Point
  readonly nest: Nest
  readonly pointers: Pointers
  /** Locals that hold what was loaded or stored, by address. */
  readonly cache: Map<string, number>
  /** The local of the reduction's result. */
  readonly result?: number
  /** Distance to the block that is read, where several blocks are read at once. */
  readonly block?: number
}

export const cacheKey = ({ local }: Pointer, offset: number): string => `${local} ${offset}`

export class TermPrinter {
  readonly #body: Body
  /** Counters of the loops that turn more than once. */
  readonly #counters: ReadonlyMap<string, number>
  readonly #functionIndex: (name: string) => number

  constructor(body: Body, counters: ReadonlyMap<string, number>, functionIndex: (name: string) => number) {
    this.#body = body
    this.#counters = counters
    this.#functionIndex = functionIndex
  }

  print(term: Term, place: Place): Code {
    switch (term.kind) {
      case 'number':
        return f32x4(term.value)
      case 'result':
        return get(place.result!)
      case 'index':
        return this.#index(term, place)
      case 'call':
        return printCall(term.name, term.parts, this.#printing(place))
      case 'load':
        return this.#load(term, place)
    }
  }

  /** All ones in the lanes where the term is true. */
  mask(term: Term, place: Place): Code {
    return maskOf(term, this.#printing(place))
  }

  #printing(place: Place): Printing<Term> {
    return {
      print: (part) => this.print(part, place),
      callOf: (part) => (part.kind === 'call' ? part : undefined),
      apply: (name, parts) => [...parts, call(this.#functionIndex(name))],
      local: () => this.#body.local('v128'),
    }
  }

  #load({ address }: Term & { kind: 'load' }, { point, pointers, cache, block = 0 }: Place): Code {
    const pointer = pointers.of(address)
    const offset = offsetAt(address, point) + (address.space === 'sample' ? block : 0)
    const key = cacheKey(pointer, offset)
    const known = cache.get(key)
    if (known !== undefined) return get(known)
    const local = this.#body.local('v128')
    cache.set(key, local)
    const instruction = address.space === 'sample' ? load.v128 : load.splat
    return [get(pointer.local), instruction(offset), tee(local)]
  }

  /** The value of axes as a number: loop counters times tile sizes, and the point. */
  #index({ index }: Term & { kind: 'index' }, { point, nest }: Place): Code {
    let constant = index.constant
    const moving: Code[] = []
    for (const [axis, coefficient] of index.terms) {
      constant += coefficient * (point.get(axis) ?? 0)
      const counter = this.#counters.get(axis)
      if (counter !== undefined) moving.push(op('i32.mul', get(counter), i32(coefficient * (nest.tile.get(axis) ?? 1))))
    }
    if (moving.length === 0) return f32x4(constant)
    const sum = moving.reduce((a, b) => op('i32.add', a, b), i32(constant))
    return op('f32x4.convert_i32', op('i32x4.splat', sum))
  }
}
