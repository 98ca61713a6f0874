// The terms of a kernel as vector code: loads once for each address, axes as numbers, calls by the scalar table.
import type { Term } from '../compile/kernel.ts'
import { type Nest, type Point, reachOf, type Vectors } from '../compile/nests.ts'
import type { Address } from '../compile/storage.ts'
import {
  type Body,
  type Code,
  call,
  f32x4,
  get,
  i32,
  i32x4,
  LANES,
  load,
  loadLane,
  op,
  store,
  storeLane,
  storeTwoLanes,
  tee,
} from './assemble.ts'
import { maskOf, type Printing, printCall } from './expression.ts'
import { offsetFrom, type Pointer, type Pointers } from './pointers.ts'

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
  readonly #vectors: Vectors
  readonly #functionIndex: (name: string) => number

  constructor(
    body: Body,
    counters: ReadonlyMap<string, number>,
    vectors: Vectors,
    functionIndex: (name: string) => number,
  ) {
    this.#body = body
    this.#counters = counters
    this.#vectors = vectors
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

  #load({ address }: Term & { kind: 'load' }, { point, nest, pointers, cache, block = 0 }: Place): Code {
    const pointer = pointers.of(address)
    const offset = offsetFrom(pointer, address, point) + (address.space === 'sample' ? block : 0)
    const key = cacheKey(pointer, offset)
    const known = cache.get(key)
    if (known !== undefined) return get(known)
    const local = this.#body.local('v128')
    cache.set(key, local)
    return [this.#vector(address, pointer, offset, nest), tee(local)]
  }

  #vector(address: Address, pointer: Pointer, offset: number, { active }: Nest): Code {
    const { lanes, lane } = this.#vectors
    const from = get(pointer.local)
    const reach = reachOf(address, lane, lanes)
    if (reach === 'neighbours') return [from, load.v128(offset)]
    if (reach === 'broadcast') return [from, load.splat(offset)]
    const stride = address.strides.get(lane!)!
    return Array.from({ length: active - 1 }, (_, at) => at + 1).reduce<Code>(
      (vector, at) => [from, vector, loadLane(at, offset + at * stride)],
      [from, load.zero(offset)],
    )
  }

  /** Writes what a local holds: a whole vector, or the elements of it that are there. */
  store(address: Address, pointer: Pointer, offset: number, local: number, { active }: Nest): Code {
    const { lanes, lane } = this.#vectors
    const [to, vector] = [get(pointer.local), get(local)]
    const one = (at: number, place: number): Code => [to, vector, storeLane(at, place)]
    if (lanes.across === 1) return [to, vector, store.v128(offset)]
    if (lane === undefined) return one(0, offset)
    if (reachOf(address, lane, lanes) === 'scattered') {
      const stride = address.strides.get(lane)!
      return Array.from({ length: active }, (_, at) => one(at, offset + at * stride))
    }
    if (active === LANES) return [to, vector, store.v128(offset)]
    return [
      active >= 2 ? [to, vector, storeTwoLanes(offset)] : [],
      active % 2 === 1 ? one(active - 1, offset + (active - 1) * 4) : [],
    ]
  }

  /** The value of axes as a number: loop counters times tile sizes, and the point. */
  #index({ index }: Term & { kind: 'index' }, { point, nest }: Place): Code {
    let constant = index.constant
    const moving: Code[] = []
    for (const [axis, coefficient] of index.terms) {
      constant += coefficient * (point.get(axis) ?? 0)
      const counter = this.#counters.get(axis)
      if (counter !== undefined)
        moving.push(op('i32.mul', get(counter), i32(coefficient * (nest.steps.get(axis) ?? 1))))
    }
    const ahead = index.terms.find(([axis]) => axis === this.#vectors.lane)?.[1] ?? 0
    const places = i32x4(...Array.from({ length: LANES }, (_, at) => constant + at * ahead))
    if (moving.length === 0) return op('f32x4.convert_i32', places)
    const sum = moving.reduce((a, b) => op('i32.add', a, b))
    return op('f32x4.convert_i32', op('i32x4.add', op('i32x4.splat', sum), places))
  }
}
