// Addresses as code: a moving pointer for all that move alike, and a constant offset for each.
import type { Axis } from '../../equation/bound.ts'
import { motionOf, offsetAt, type Point } from '../compile/nests.ts'
import type { Address } from '../compile/storage.ts'
import { type Body, type Code, get, i32, op, set } from './assemble.ts'

export interface Pointer {
  readonly local: number
  readonly strides: ReadonlyMap<string, number>
  readonly address: Address
  /**
   * Bytes that the pointer starts ahead, as far as loops move it back: neither it nor an offset may be negative.
   *
   *     w[2-u], u < 3:  pointer 8, 4, 0 with the offset of w[0]
   */
  readonly ahead: number
}

/** The constant part of an address from its pointer on. */
export const offsetFrom = ({ ahead }: Pointer, address: Address, point: Point): number =>
  offsetAt(address, point) - ahead

/** Pointer locals, shared by addresses that move alike. */
export class Pointers {
  readonly #body: Body
  readonly #axes: readonly Axis[]
  readonly #travel: Point
  readonly #byKey = new Map<string, Pointer>()
  readonly #byAddress = new Map<Address, Pointer>()

  /** `axes` are those that loops walk; `travel` says how far loops move along each axis, the outermost included. */
  constructor(body: Body, axes: readonly Axis[], travel: Point) {
    this.#body = body
    this.#axes = axes
    this.#travel = travel
  }

  get all(): readonly Pointer[] {
    return [...this.#byKey.values()]
  }

  of(address: Address): Pointer {
    const found = this.#byAddress.get(address) ?? this.#find(address)
    this.#byAddress.set(address, found)
    return found
  }

  #find(address: Address): Pointer {
    const key = motionOf(address)
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const strides = new Map([...address.strides].filter(([axis]) => this.#axes.some(({ name }) => name === axis)))
    let ahead = 0
    for (const [axis, stride] of address.strides) if (stride < 0) ahead -= stride * (this.#travel.get(axis) ?? 0)
    const pointer = { local: this.#body.local('i32'), strides, address, ahead }
    this.#byKey.set(key, pointer)
    return pointer
  }
}

/** How far a pointer has moved once a loop over the axis is done. */
export const moved = ({ strides }: Pick<Pointer, 'strides'>, axis: Axis | undefined, steps?: Point): number =>
  axis === undefined ? 0 : axis.extent * (strides.get(axis.name) ?? 0) * (steps?.get(axis.name) ?? 1)

export const moveBy = (local: number, bytes: number): Code =>
  bytes === 0 ? [] : [op('i32.add', get(local), i32(bytes)), set(local)]

/** One turn of an axis: its own step, less what the loop inside has moved already. */
export function advance(
  pointer: Pointer,
  axis: Axis,
  inner: Axis | undefined,
  steps?: Point,
  local = pointer.local,
): Code {
  const step = (pointer.strides.get(axis.name) ?? 0) * (steps?.get(axis.name) ?? 1)
  return moveBy(local, step - moved(pointer, inner, steps))
}
