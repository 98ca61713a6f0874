// Addresses as pointers: one for all that move alike, and a constant offset for each. Some machines like pointers that go on
// from turn to turn, others like them made from the loops' counters; this file and `walks` know which.
import type { Axis } from '../../../equation/bound.ts'
import { motionOf, type Nest, offsetAt, type Point } from '../nests.ts'
import type { Address } from '../storage.ts'
import type { Names, Spot, Statement, Target } from './code.ts'

export interface Pointer {
  readonly name: string
  readonly address: Address
  /** Along the axes that loops walk. */
  readonly strides: ReadonlyMap<string, number>
  /**
   * Bytes that a moving pointer starts ahead, as far as loops move it back: neither it nor an offset may be negative.
   *
   *     w[2-u], u < 3:  pointer 8, 4, 0 with the offset of w[0]
   */
  readonly ahead: number
}

/** What pointers need to know about the loops around them. */
export interface Walk {
  readonly target: Target
  readonly names: Names
  readonly nest: Nest
  /** Counters of the loops that turn more than once, by axis. */
  readonly counters: ReadonlyMap<string, string>
  /** Axes that are walked from an element's first address on, and those around them. */
  readonly axes: readonly Axis[]
  readonly outer: readonly Axis[]
  /** How far loops move along each axis. */
  readonly travel: Point
  /** What addresses within a block count from. */
  readonly block: string
}

export class Pointers {
  readonly #walk: Walk
  readonly #stem: string
  readonly #byKey = new Map<string, Pointer>()
  readonly #byAddress = new Map<Address, Pointer>()

  constructor(walk: Walk, stem: string) {
    this.#walk = walk
    this.#stem = stem
  }

  /** Others, for the same loops. */
  apart(stem: string): Pointers {
    return new Pointers(this.#walk, stem)
  }

  get all(): readonly Pointer[] {
    return [...this.#byKey.values()]
  }

  of(address: Address): Pointer {
    const found = this.#byAddress.get(address) ?? this.#find(address)
    this.#byAddress.set(address, found)
    return found
  }

  spot(address: Address, point: Point): Spot {
    const { name, ahead } = this.of(address)
    return { pointer: name, offset: offsetAt(address, point) - ahead }
  }

  #find(address: Address): Pointer {
    const { axes, travel, target, names } = this.#walk
    const key = motionOf(address)
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const strides = new Map([...address.strides].filter(([axis]) => axes.some(({ name }) => name === axis)))
    let ahead = 0
    if (target.pointers === 'moving')
      for (const [axis, stride] of address.strides) if (stride < 0) ahead -= stride * (travel.get(axis) ?? 0)
    const pointer = { name: names.fresh(this.#stem), strides, address, ahead }
    this.#byKey.set(key, pointer)
    return pointer
  }

  /** Gives every computed pointer where its loops stand: inside all of them, a compiler knows what to keep. */
  compute(): Statement[] {
    const { nest, counters, target } = this.#walk
    if (target.pointers === 'moving') return []
    return this.all.map((pointer) => {
      const moving = [...pointer.address.strides].flatMap(([axis, stride]): [string, number][] => {
        const counter = counters.get(axis)
        const step = stride * (nest.steps.get(axis) ?? 1)
        return counter === undefined || step === 0 ? [] : [[counter, step]]
      })
      return this.#point(pointer, pointer.name, moving)
    })
  }

  /** Gives a moving pointer, under this name, where the outer axes stand. */
  start(pointer: Pointer, name: string): Statement {
    const { outer, counters } = this.#walk
    const moving = outer.flatMap(({ name }): [string, number][] => {
      const stride = pointer.address.strides.get(name)
      const counter = counters.get(name)
      return stride && counter !== undefined ? [[counter, stride]] : []
    })
    return this.#point(pointer, name, moving)
  }

  #point(
    { address: { space }, ahead }: Pointer,
    name: string,
    moving: readonly (readonly [string, number])[],
  ): Statement {
    const origin = space === 'sample' ? this.#walk.block : space === 'share' ? 'share' : 'memory'
    return { kind: 'point', name, origin, offset: ahead, moving }
  }
}

/** How far a pointer has moved once a loop over the axis is done. */
export const moved = ({ strides }: Pick<Pointer, 'strides'>, axis: Axis | undefined, steps?: Point): number =>
  axis === undefined ? 0 : axis.extent * (strides.get(axis.name) ?? 0) * (steps?.get(axis.name) ?? 1)

export const moveBy = (name: string, bytes: number): Statement[] => (bytes === 0 ? [] : [{ kind: 'move', name, bytes }])

/** One turn of an axis: its own step, less what the loop inside has moved already. */
export function advance(
  pointer: Pointer,
  axis: Axis,
  inner: Axis | undefined,
  steps?: Point,
  name = pointer.name,
): Statement[] {
  const step = (pointer.strides.get(axis.name) ?? 0) * (steps?.get(axis.name) ?? 1)
  return moveBy(name, step - moved(pointer, inner, steps))
}
