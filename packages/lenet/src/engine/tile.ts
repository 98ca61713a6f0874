// How many elements a kernel computes side by side. More of them share more loads, until the registers are full.
import type { Axis } from '../equation/bound.ts'
import { addressesIn, type Kernel, type Nest, nestsOf, type Point, reachOf, type Term } from './loops.ts'
import { sizeOf } from './program.ts'
import type { Address, Lanes } from './storage.ts'

/** A kind of machine: how many sums it takes side by side, how much fits its registers, and what things cost in cycles. */
export interface TileCosts {
  readonly sums: number
  readonly registers: number
  /** The part of a register that a loaded vector takes: it may be an operand straight from memory. */
  readonly held: number
  readonly operation: number
  /** A number for all lanes, and a vector. */
  readonly broadcast: number
  readonly load: number
  /** The part of a load that remains where the turn before has read the same, one element further. */
  readonly again: number
  readonly loop: number
  /** Turns of the innermost loop that are written out. */
  readonly turns: number
  readonly store: number
  /** Joining the lanes of four neighbouring sums, and of one. */
  readonly joinFour: number
  readonly joinOne: number
}

/** As measured on wasm in V8. */
export const wasmCosts: TileCosts = {
  sums: 10,
  registers: 15,
  held: 0.7,
  operation: 0.5,
  broadcast: 0.5,
  load: 0.5,
  again: 1,
  loop: 1.5,
  turns: 5,
  store: 1,
  joinFour: 6,
  joinOne: 5,
}

/** As measured on C through GCC: thirty-two registers where vectors have sixteen lanes, sixteen elsewhere. */
export const nativeCosts = (lanes: number): TileCosts => ({
  sums: lanes === 16 ? 24 : 12,
  registers: lanes === 16 ? 30 : 15,
  held: 1,
  operation: 0.5,
  broadcast: 0.5,
  load: 1,
  again: 0.3,
  loop: 1,
  turns: 1,
  store: 1,
  joinFour: 12,
  joinOne: 10,
})

type Untiled = Omit<Kernel, 'tile' | 'lane'>
type Choice = Pick<Kernel, 'tile' | 'lane'>

/** The cheapest tile over one or two kept axes, and the axis whose neighbours share a vector. */
export function chooseTile(kernel: Untiled, costs: TileCosts, lanes: Lanes): Choice {
  const free = kernel.kept.filter(({ name, extent }) => extent > 1 && !kernel.guard?.strides.has(name))
  const across: (string | undefined)[] =
    lanes.across > 1 && free.length > 0 ? free.map(({ name }) => name) : [undefined]
  let best: Choice | undefined
  let cheapest = Number.POSITIVE_INFINITY
  for (const lane of across)
    for (const tile of tilesOver(free, lane === undefined ? 1 : lanes.across, lane, costs.sums)) {
      const choice = { tile, ...(lane !== undefined && { lane }) }
      const cost = costOf(kernel, choice, costs, lanes)
      if (best === undefined || cost < cheapest) [best, cheapest] = [choice, cost]
    }
  return best!
}

function tilesOver(axes: readonly Axis[], across: number, lane: string | undefined, most: number): Point[] {
  const vectors = ({ name, extent }: Axis): number => (name === lane ? Math.floor(extent / across) : extent)
  const list: Point[] = [new Map()]
  for (const a of axes.toReversed())
    for (let size = 1; size <= Math.min(most, vectors(a)); size++) {
      if (size > 1) list.push(new Map([[a.name, size]]))
      if (size > 1)
        for (const b of axes.slice(0, axes.indexOf(a)).toReversed())
          for (let other = 2; size * other <= most && other <= vectors(b); other++)
            list.push(
              new Map([
                [a.name, size],
                [b.name, other],
              ]),
            )
    }
  return list
}

/** Where a tile stands: the part of the walk, what its vectors hold, what things cost. */
interface Room {
  readonly nest: Nest
  readonly lane: string | undefined
  readonly lanes: Lanes
  readonly costs: TileCosts
}

/** Cycles of the whole walk, remainders included. */
function costOf(kernel: Untiled, { tile, lane }: Choice, costs: TileCosts, lanes: Lanes): number {
  return nestsOf({ kept: kernel.kept, tile, ...(lane !== undefined && { lane }) }, lanes.across).reduce(
    (sum, nest) => sum + sizeOf(nest.kept.map(({ extent }) => extent)) * tileCost(kernel, { nest, lane, lanes, costs }),
    0,
  )
}

/** Cycles of one tile. */
function tileCost(kernel: Untiled, room: Room): number {
  const { costs, lanes, nest } = room
  const points = nest.points.length
  const steps = sizeOf(kernel.summed.map(({ extent }) => extent))
  const written = sizeOf(kernel.unrolled.map(({ extent }) => extent))
  const reading = readingOf(addressesIn(kernel.value), kernel, room)
  const once = readingOf(
    kernel.stores.flatMap(({ value }) => addressesIn(value)),
    { summed: [], unrolled: [] },
    room,
  )
  if (kernel.reduction !== undefined && kernel.summed.length > 0 && points + reading.registers > costs.registers)
    return Number.POSITIVE_INFINITY
  const operations = points * written * (callsIn(kernel.value) + (kernel.reduction ? 1 : 0))
  const each = operations * costs.operation + reading.cost + costs.loop
  const storing = kernel.meets && lanes.samples > 1 ? joiningCost(kernel, room) : storingCost(kernel, room)
  return (
    each * steps +
    once.cost +
    points * kernel.stores.reduce((sum, { value }) => sum + callsIn(value), 0) * costs.operation +
    storing +
    3 * costs.loop
  )
}

function storingCost(kernel: Untiled, { nest, lane, lanes, costs }: Room): number {
  const each = kernel.stores.reduce(
    (sum, { address }) => sum + (reachOf(address, lane, lanes) === 'scattered' ? nest.active : 1),
    0,
  )
  return nest.points.length * each * costs.store
}

/** Four neighbouring results are joined together; one alone costs almost as much. */
function joiningCost(kernel: Untiled, { nest: { points }, lanes, costs: { joinFour, joinOne } }: Room): number {
  if (lanes.across > 1) return points.length * joinFour
  const stride = [...kernel.stores[0]!.address.strides].find(([, bytes]) => bytes === 4)?.[0]
  const neighbours = new Set(points.map((point) => point.get(stride ?? ''))).size
  const fours = Math.floor(neighbours / 4) * (points.length / neighbours)
  return fours * joinFour + (points.length - fours * 4) * joinOne
}

/** What a tile reads in one turn: the registers that it takes, and what it costs. */
function readingOf(
  addresses: readonly Address[],
  kernel: Pick<Untiled, 'summed' | 'unrolled'>,
  { nest, lane, lanes, costs }: Room,
) {
  const seen = new Map<string, Address>()
  for (const address of addresses)
    seen.set(`${address.space} ${address.offset} ${[...address.strides].join(';')}`, address)
  let registers = 0
  let cost = 0
  for (const address of seen.values()) {
    const reach = reachOf(address, lane, lanes)
    const each = reach === 'broadcast' ? costs.broadcast : costs.load * (reach === 'scattered' ? nest.active : 1)
    const turn = address.strides.get(kernel.summed.at(-1)?.name ?? '')
    const written = new Map(kernel.unrolled.map(({ name, extent }) => [address.strides.get(name) ?? 0, extent]))
    let held = 1
    let fresh = 1
    for (const { name } of nest.kept) {
      const stride = address.strides.get(name)
      if (!stride) continue
      const size = new Set(nest.points.map((point) => point.get(name))).size
      held *= size
      // A window that moves by its own step reads most of it again.
      const window = written.get(stride) ?? 1
      written.delete(stride)
      fresh *= stride === turn ? 1 + (size - 1) * costs.again : size + window - 1
    }
    written.delete(0)
    registers += held * (reach === 'broadcast' ? 1 : costs.held)
    cost += fresh * sizeOf([...written.values()]) * each
  }
  return { registers, cost }
}

function callsIn(term: Term): number {
  return term.kind === 'call' ? 1 + term.parts.reduce((sum, part) => sum + callsIn(part), 0) : 0
}
