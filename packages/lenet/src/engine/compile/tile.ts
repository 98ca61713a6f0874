// How many elements a kernel computes side by side. More of them share more loads, until the registers are full.
import type { Axis } from '../../equation/bound.ts'
import { sizeOf } from '../program.ts'
import { addressesIn, isGuarded, type Kernel, type Term } from './kernel.ts'
import { type Point, reachOf } from './nests.ts'
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
  /** Bytes that stay close to a core: a tile that is larger gives its memory back as soon as it can. */
  readonly nearBytes: number
}

/** As measured: LeNet's 1.4 MiB are slower early than late, 5 MiB as fast, and 29 MiB a tenth faster. */
const NEAR = 1 << 22

/** As measured on wasm in V8. What is fused takes no operand from memory. */
export const wasmCosts = (fast: boolean): TileCosts => ({
  sums: 10,
  registers: 15,
  held: fast ? 1 : 0.7,
  operation: 0.5,
  broadcast: 0.5,
  load: 0.5,
  again: 1,
  loop: 1.5,
  turns: 5,
  store: 1,
  joinFour: 6,
  joinOne: 5,
  nearBytes: NEAR,
})

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
  nearBytes: NEAR,
})

type Untiled = Omit<Kernel, 'tile' | 'lane'>
type Choice = Pick<Kernel, 'tile' | 'lane'>

/** What the costs of a kernel's tiles are computed from. */
interface Task {
  readonly kernel: Untiled
  readonly costs: TileCosts
  readonly lanes: Lanes
  /** What is read for each term, and once for each element. */
  readonly read: readonly Read[]
  readonly once: readonly Read[]
  readonly steps: number
  readonly written: number
  readonly operations: number
  readonly storeOperations: number
}

interface Read {
  readonly address: Address
  /** How far the innermost loop moves it, where it is in one. */
  readonly turn: number | undefined
  /** Axes that are written out: how far they move it, and how often. */
  readonly windows: readonly (readonly [stride: number, extent: number])[]
}

/** The part of a walk in which all tiles are alike: vectors along the tiled axes, elements in a vector, tiles. */
interface Part {
  readonly sizes: ReadonlyMap<string, number>
  readonly active: number
  readonly tiles: number
}

/** The cheapest tile over one or two kept axes, and the axis whose neighbours share a vector. */
export function chooseTile(kernel: Untiled, costs: TileCosts, lanes: Lanes): Choice {
  const task = taskOf(kernel, costs, lanes)
  const free = kernel.kept.filter(({ name, extent }) => extent > 1 && !isGuarded(kernel, name))
  const across: (string | undefined)[] =
    lanes.across > 1 && free.length > 0 ? free.map(({ name }) => name) : [undefined]
  let best: Choice | undefined
  let cheapest = Number.POSITIVE_INFINITY
  for (const lane of across)
    for (const tile of tilesOver(free, lane === undefined ? 1 : lanes.across, lane, costs.sums)) {
      const choice = { tile, ...(lane !== undefined && { lane }) }
      let cost = 0
      for (const part of partsOf(task, choice)) {
        cost += part.tiles * tileCost(task, part, lane)
        if (cost >= cheapest) break
      }
      if (best === undefined || cost < cheapest) [best, cheapest] = [choice, cost]
    }
  return best!
}

function taskOf(kernel: Untiled, costs: TileCosts, lanes: Lanes): Task {
  return {
    kernel,
    costs,
    lanes,
    read: distinct(addressesIn(kernel.value)).map((address) => ({
      address,
      turn: address.strides.get(kernel.summed.at(-1)?.name ?? ''),
      windows: kernel.unrolled.map(({ name, extent }) => [address.strides.get(name) ?? 0, extent] as const),
    })),
    once: distinct(kernel.stores.flatMap(({ value }) => addressesIn(value))).map((address) => ({
      address,
      turn: undefined,
      windows: [],
    })),
    steps: sizeOf(kernel.summed.map(({ extent }) => extent)),
    written: sizeOf(kernel.unrolled.map(({ extent }) => extent)),
    operations: callsIn(kernel.value) + (kernel.reduction ? 1 : 0),
    storeOperations: kernel.stores.reduce((sum, { value }) => sum + callsIn(value), 0),
  }
}

const distinct = (addresses: readonly Address[]): Address[] => [
  ...new Map(
    addresses.map((address) => [`${address.space} ${address.offset} ${[...address.strides].join(';')}`, address]),
  ).values(),
]

function tilesOver(axes: readonly Axis[], across: number, lane: string | undefined, most: number): Point[] {
  const vectors = ({ name, extent }: Axis): number => (name === lane ? Math.floor(extent / across) : extent)
  const list: Point[] = [new Map()]
  for (const a of axes.toReversed())
    for (let size = 2; size <= Math.min(most, vectors(a)); size++) {
      list.push(new Map([[a.name, size]]))
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

/** As `nestsOf` divides the walk. */
function partsOf({ kernel, lanes }: Task, { tile, lane }: Choice): Part[] {
  let parts: Part[] = [{ sizes: new Map(), active: 1, tiles: 1 }]
  for (const { name, extent } of kernel.kept) {
    const width = name === lane ? lanes.across : 1
    const size = tile.get(name) ?? 1
    const vectors = Math.floor(extent / width)
    if (size === 1 && width === 1) {
      parts = parts.map((part) => ({ ...part, tiles: part.tiles * extent }))
      continue
    }
    const pieces = [
      { size, active: width, tiles: Math.floor(vectors / size) },
      { size: vectors % size, active: width, tiles: 1 },
      { size: 1, active: extent - vectors * width, tiles: 1 },
    ].filter((piece) => piece.size > 0 && piece.active > 0 && piece.tiles > 0)
    parts = parts.flatMap((part) =>
      pieces.map((piece) => ({
        sizes: new Map(part.sizes).set(name, piece.size),
        active: part.active * piece.active,
        tiles: part.tiles * piece.tiles,
      })),
    )
  }
  return parts
}

/** Cycles of one tile. */
function tileCost(task: Task, part: Part, lane: string | undefined): number {
  const { kernel, costs, lanes, steps, written, operations, storeOperations } = task
  const points = sizeOf([...part.sizes.values()])
  const reading = readingOf(task.read, task, part, lane)
  const once = readingOf(task.once, task, part, lane)
  if (kernel.reduction !== undefined && kernel.summed.length > 0 && points + reading.registers > costs.registers)
    return Number.POSITIVE_INFINITY
  const each = points * written * operations * costs.operation + reading.cost + costs.loop
  const storing =
    kernel.meets && lanes.samples > 1 ? joiningCost(task, part, points) : storingCost(task, part, lane) * points
  return each * steps + once.cost + points * storeOperations * costs.operation + storing + 3 * costs.loop
}

/** What a tile reads in one turn, or once: the registers that it takes, and what it costs. */
function readingOf(reads: readonly Read[], { costs, lanes }: Task, { sizes, active }: Part, lane: string | undefined) {
  let registers = 0
  let cost = 0
  for (const { address, turn, windows: all } of reads) {
    const { strides } = address
    const windows = new Map(all)
    const reach = reachOf(address, lane, lanes)
    const each = reach === 'broadcast' ? costs.broadcast : costs.load * (reach === 'scattered' ? active : 1)
    let held = 1
    let fresh = 1
    for (const [name, size] of sizes) {
      const stride = strides.get(name)
      if (!stride) continue
      held *= size
      // A window that moves by its own step reads most of it again.
      const window = windows.get(stride) ?? 1
      windows.delete(stride)
      fresh *= stride === turn ? 1 + (size - 1) * costs.again : size + window - 1
    }
    windows.delete(0)
    registers += held * (reach === 'broadcast' ? 1 : costs.held)
    cost += fresh * sizeOf([...windows.values()]) * each
  }
  return { registers, cost }
}

function storingCost({ kernel, costs, lanes }: Task, { active }: Part, lane: string | undefined): number {
  const stores = kernel.stores.map(({ address }) => (reachOf(address, lane, lanes) === 'scattered' ? active : 1))
  return stores.reduce((sum, count) => sum + count, 0) * costs.store
}

/** Four neighbouring results are joined together; one alone costs almost as much. */
function joiningCost({ kernel, lanes, costs }: Task, { sizes }: Part, points: number): number {
  if (lanes.across > 1) return points * costs.joinFour
  const neighbours = [...sizes].find(([name]) => kernel.stores[0]!.address.strides.get(name) === 4)?.[1] ?? 1
  const fours = Math.floor(neighbours / 4) * (points / neighbours)
  return fours * costs.joinFour + (points - fours * 4) * costs.joinOne
}

function callsIn(term: Term): number {
  return term.kind === 'call' ? 1 + term.parts.reduce((sum, part) => sum + callsIn(part), 0) : 0
}
