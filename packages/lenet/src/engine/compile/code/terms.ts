// The terms of a kernel as vectors: loads once for each address, axes as numbers, calls as operations.
import type { Term } from '../kernel.ts'
import { type Nest, type Point, reachOf } from '../nests.ts'
import type { Address } from '../storage.ts'
import type { Mask, Names, Spot, Spread, Statement, Target, Value } from './code.ts'
import { lowerCall, maskOf, named, numeral } from './expressions.ts'
import type { Pointers } from './pointers.ts'

/** Where a term is read. */
export interface Reading {
  readonly point: Point
  readonly nest: Nest
  readonly pointers: Pointers
  /** Names of what was loaded or stored, by address. */
  readonly known: Map<string, string>
  /** Loads go here, before the statement that reads them. */
  readonly lines: Statement[]
  /** The reduction's result. */
  readonly result?: string
  /** Distance to the block that is read, where several blocks are read at once. */
  readonly block?: number
}

export const keyOf = ({ pointer, offset }: Spot): string => `${pointer} ${offset}`

export class Terms {
  readonly #names: Names
  readonly #counters: ReadonlyMap<string, string>
  readonly #target: Target
  readonly #lane: string | undefined

  constructor(names: Names, counters: ReadonlyMap<string, string>, target: Target, lane: string | undefined) {
    this.#names = names
    this.#counters = counters
    this.#target = target
    this.#lane = lane
  }

  vectorOf(term: Term, reading: Reading): Value {
    switch (term.kind) {
      case 'number':
        return numeral(term.value)
      case 'result':
        return named(reading.result!)
      case 'index':
        return this.#index(term, reading)
      case 'call':
        return lowerCall(term, (part) => this.vectorOf(part, reading))
      case 'load':
        return this.#load(term.address, reading)
    }
  }

  maskOf(term: Term, reading: Reading): Mask {
    return maskOf(term, (part) => this.vectorOf(part, reading))
  }

  /** How the elements of a vector lie at an address. */
  spreadOf(address: Address, { active }: Nest): Spread {
    return {
      reach: reachOf(address, this.#lane, this.#target.lanes),
      isShared: address.space !== 'sample',
      count: active,
      stride: address.strides.get(this.#lane ?? '') ?? 0,
    }
  }

  #load(address: Address, { point, nest, pointers, known, lines, block = 0 }: Reading): Value {
    const { pointer, offset } = pointers.spot(address, point)
    const from = { pointer, offset: offset + (address.space === 'sample' ? block : 0) }
    const name = known.get(keyOf(from)) ?? this.#names.fresh('t')
    if (!known.has(keyOf(from)))
      lines.push({ kind: 'let', name, value: { kind: 'load', from, spread: this.spreadOf(address, nest) } })
    known.set(keyOf(from), name)
    return named(name)
  }

  /** The value of axes as a number: loop counters times tile sizes, and the point. */
  #index({ index }: Term & { kind: 'index' }, { point, nest }: Reading): Value {
    let constant = index.constant
    const moving: [string, number][] = []
    for (const [axis, coefficient] of index.terms) {
      constant += coefficient * (point.get(axis) ?? 0)
      const counter = this.#counters.get(axis)
      if (counter !== undefined) moving.push([counter, coefficient * (nest.steps.get(axis) ?? 1)])
    }
    const ahead = index.terms.find(([axis]) => axis === this.#lane)?.[1] ?? 0
    return { kind: 'index', constant, moving, ahead }
  }
}
