// How many elements a kernel computes side by side. More of them share more loads, until the registers are full.
import type { Axis } from '../equation/bound.ts'
import { addressesIn, type Kernel, type Term } from './loops.ts'
import { sizeOf } from './program.ts'
import type { Address } from './storage.ts'

/** A kind of machine: how many sums and vectors fit its registers, and what things cost in cycles. */
export interface TileCosts {
  readonly sums: number
  readonly vectors: number
  readonly operation: number
  readonly load: number
  readonly loop: number
  readonly store: number
  /** Joining the lanes of four neighbouring sums, and of one. */
  readonly joinFour: number
  readonly joinOne: number
}

/** As measured on wasm in V8. */
export const wasmCosts: TileCosts = {
  sums: 8,
  vectors: 14,
  operation: 0.5,
  load: 0.5,
  loop: 1.5,
  store: 1,
  joinFour: 6,
  joinOne: 5,
}

/** As measured on C through GCC: thirty-two registers where vectors have sixteen lanes, sixteen elsewhere. */
export const nativeCosts = (lanes: number): TileCosts => ({
  sums: lanes === 16 ? 24 : 12,
  vectors: lanes === 16 ? 30 : 15,
  operation: 0.5,
  load: 0.5,
  loop: 1,
  store: 1,
  joinFour: 12,
  joinOne: 10,
})

type Untiled = Omit<Kernel, 'tile'>
type Sizes = ReadonlyMap<string, number>

/** The cheapest tile over one or two kept axes. */
export function chooseTile(kernel: Untiled, costs: TileCosts): Sizes {
  const free = kernel.kept.filter(({ name, extent }) => extent > 1 && !kernel.guard?.strides.has(name))
  let best: Sizes = new Map()
  let cheapest = costOf(kernel, best, costs)
  for (const sizes of candidates(free, costs.sums)) {
    const cost = costOf(kernel, sizes, costs)
    if (cost < cheapest) [best, cheapest] = [sizes, cost]
  }
  return best
}

function candidates(axes: readonly Axis[], most: number): Sizes[] {
  const list: Sizes[] = []
  for (const a of axes.toReversed())
    for (let size = 2; size <= Math.min(most, a.extent); size++) {
      list.push(new Map([[a.name, size]]))
      for (const b of axes.slice(0, axes.indexOf(a)).toReversed())
        for (let other = 2; size * other <= most && other <= b.extent; other++)
          list.push(
            new Map([
              [a.name, size],
              [b.name, other],
            ]),
          )
    }
  return list
}

/** Cycles an element, remainders included. */
function costOf(kernel: Untiled, tile: Sizes, costs: TileCosts): number {
  let parts: { share: number; sizes: Sizes }[] = [{ share: 1, sizes: new Map() }]
  for (const [name, size] of tile) {
    const { extent } = kernel.kept.find((axis) => axis.name === name)!
    const whole = Math.floor(extent / size) * size
    parts = parts.flatMap(({ share, sizes }) => [
      { share: (share * whole) / extent, sizes: new Map(sizes).set(name, size) },
      { share: share * (1 - whole / extent), sizes: new Map(sizes).set(name, extent - whole) },
    ])
  }
  return parts.reduce((sum, { share, sizes }) => (share === 0 ? sum : sum + share * nestCost(kernel, sizes, costs)), 0)
}

function nestCost(kernel: Untiled, sizes: Sizes, costs: TileCosts): number {
  const points = sizeOf([...sizes.values()])
  const steps = sizeOf(kernel.summed.map(({ extent }) => extent))
  const written = sizeOf(kernel.unrolled.map(({ extent }) => extent))
  const loads = distinctLoads(addressesIn(kernel.value), sizes, kernel.unrolled)
  const storeLoads = distinctLoads(
    kernel.stores.flatMap(({ value }) => addressesIn(value)),
    sizes,
    [],
  )
  const inRegisters = (kernel.reduction ? points : 0) + loads / written
  if (kernel.reduction !== undefined && kernel.summed.length > 0 && inRegisters > costs.vectors)
    return Number.POSITIVE_INFINITY
  const operations = points * written * (callsIn(kernel.value) + (kernel.reduction ? 1 : 0))
  const each = operations * costs.operation + loads * costs.load + costs.loop
  const storing = kernel.meets
    ? meetingStores(kernel, sizes, points, costs)
    : points * kernel.stores.length * costs.store
  const once =
    storeLoads * costs.load +
    points * kernel.stores.reduce((sum, { value }) => sum + callsIn(value), 0) * costs.operation +
    storing +
    3 * costs.loop
  return (each * steps + once) / points
}

/** Four neighbouring results are joined together; one alone costs almost as much. */
function meetingStores(kernel: Untiled, sizes: Sizes, points: number, { joinFour, joinOne }: TileCosts): number {
  const neighbours = [...sizes].find(([name]) => kernel.stores[0]!.address.strides.get(name) === 4)?.[1] ?? 1
  const fours = Math.floor(neighbours / 4) * (points / neighbours)
  return fours * joinFour + (points - fours * 4) * joinOne
}

function distinctLoads(addresses: readonly Address[], sizes: Sizes, unrolled: readonly Axis[]): number {
  const seen = new Map<string, Address>()
  for (const address of addresses)
    seen.set(`${address.space} ${address.offset} ${[...address.strides].join(';')}`, address)
  let sum = 0
  for (const { strides } of seen.values()) {
    let count = 1
    for (const [name, size] of sizes) if (strides.get(name)) count *= size
    for (const { name, extent } of unrolled) if (strides.get(name)) count *= extent
    sum += count
  }
  return sum
}

function callsIn(term: Term): number {
  return term.kind === 'call' ? 1 + term.parts.reduce((sum, part) => sum + callsIn(part), 0) : 0
}
