// Addresses in C: one pointer for all that move alike, made where its loops stand, and a constant offset for each.
import { motionOf, type Nest } from '../compile/nests.ts'
import type { Address } from '../compile/storage.ts'

/** The parameters of kernels: a block of samples, all memory, a share of the gradients. */
const origins = { sample: 'block', fixed: 'memory', share: 'share' } as const

/** The counter of an axis. */
export const counterOf = (axis: string): string => `at_${axis.replace(/\W/g, '_')}`

/** The pointers of one nest. */
export class Pointers {
  readonly #counters: ReadonlyMap<string, string>
  readonly #nest: Nest
  readonly #prefix: string
  readonly #byKey = new Map<string, { readonly name: string; readonly address: Address }>()
  readonly #byAddress = new Map<Address, string>()

  constructor(counters: ReadonlyMap<string, string>, nest: Nest, prefix: string) {
    this.#counters = counters
    this.#nest = nest
    this.#prefix = prefix
  }

  of(address: Address): string {
    const found = this.#byAddress.get(address) ?? this.#find(address)
    this.#byAddress.set(address, found)
    return found
  }

  #find(address: Address): string {
    const key = motionOf(address)
    const known = this.#byKey.get(key)
    if (known !== undefined) return known.name
    const name = `${this.#prefix}${this.#byKey.size}`
    this.#byKey.set(key, { name, address })
    return name
  }

  /** Declares every pointer; inside all loops, for the compiler knows better than we what to keep from turn to turn. */
  declare(): string[] {
    return [...this.#byKey.values()].map(({ name, address: { space, strides } }) => {
      const moves = [...strides].flatMap(([axis, stride]) => {
        const counter = this.#counters.get(axis)
        const step = stride * (this.#nest.steps.get(axis) ?? 1)
        return counter === undefined || step === 0 ? [] : [` + ${counter} * ${step}`]
      })
      return `char *const ${name} = ${origins[space]}${moves.join('')};`
    })
  }
}
