// A gradient with nothing to sum but the samples of a tile, such as that of a linear layer's weight, where a vector is a whole
// tile. Joining the lanes of every element costs more than the products: here neighbouring elements lie in the lanes and the
// samples come one after the other, and are added in the order in which the lanes would have been.
import type { Axis } from '../../../equation/bound.ts'
import { TILE } from '../../program.ts'
import { addressesIn, indexAxes, type Kernel, type Term } from '../kernel.ts'
import type { Address } from '../storage.ts'
import type { Names, Spot, Statement, Target, Value } from './code.ts'
import { lowerCall, named, numeral, sum } from './expressions.ts'

type Present = Extract<Statement, { kind: 'present' }>

/** The statements for a whole tile, or nothing where the kernel is of another kind. */
export function lowerBySample(kernel: Kernel, { lanes }: Target, names: Names): Omit<Present, 'no'> | undefined {
  const { summed, unrolled, outer, guards, value, stores, kept } = kernel
  if (lanes.samples !== TILE || guards.length > 0 || indexAxes(value).length > 0) return undefined
  if (summed.length + unrolled.length + outer.length > 0) return undefined
  const lane = kept.find(({ name }) => stores[0]!.address.strides.get(name) === 4)
  if (lane === undefined) return undefined
  const turned = addressesIn(value).filter(({ strides }) => strides.get(lane.name))
  const [vector] = turned
  // What is turned once must serve for every other axis.
  if (vector === undefined || turned.length > 1 || vector.strides.get(lane.name) !== 4 * lanes.samples) return undefined
  if ([...vector.strides].some(([name, stride]) => stride !== 0 && name !== lane.name)) return undefined
  const walk = new TurnedWalk(kernel, names, lane, vector)
  const whole = Math.floor(lane.extent / TILE)
  const rest = lane.extent % TILE
  const yes = [
    ...(whole > 0 ? [walk.loop(lane.name, whole, (counter) => walk.elements(TILE, counter, 0))] : []),
    ...(rest > 0 ? walk.elements(rest, undefined, whole * TILE) : []),
  ]
  return { kind: 'present', samples: TILE, yes }
}

class TurnedWalk {
  readonly #kernel: Kernel
  readonly #names: Names
  readonly #lane: Axis
  readonly #vector: Address
  readonly #counters = new Map<string, readonly [counter: string, step: number]>()

  constructor(kernel: Kernel, names: Names, lane: Axis, vector: Address) {
    this.#kernel = kernel
    this.#names = names
    this.#lane = lane
    this.#vector = vector
  }

  loop(axis: string, extent: number, body: (counter: string) => Statement[]): Statement {
    const counter = this.#names.fresh(`${axis.replace(/\W/g, '_')}_`)
    return { kind: 'loop', counter, extent, body: body(counter) }
  }

  /** So many elements from `first` on, or from the counter's sixteen on. */
  elements(count: number, counter: string | undefined, first: number): Statement[] {
    this.#counters.clear()
    if (counter !== undefined) this.#counters.set(this.#lane.name, [counter, TILE])
    const rows = this.#names.fresh('rows')
    const from = this.#point(this.#vector, 'tile', first)
    const others = this.#kernel.kept.filter(({ name }) => name !== this.#lane.name)
    const walk = (depth: number): Statement[] => {
      const axis = others[depth]
      if (axis === undefined) return this.#sums(rows, count, first)
      return [
        this.loop(axis.name, axis.extent, (inner) => {
          this.#counters.set(axis.name, [inner, 1])
          return walk(depth + 1)
        }),
      ]
    }
    return [from.point, { kind: 'turn', rows, from: from.spot, stride: 4 * TILE, element: 'float32' }, ...walk(0)]
  }

  /** One vector of elements: the samples' terms as lanes, then (0+2)+(1+3). */
  #sums(rows: string, count: number, first: number): Statement[] {
    const target = this.#point(this.#kernel.stores[0]!.address, 'share', first)
    const others = new Map(
      addressesIn(this.#kernel.value)
        .filter((address) => address !== this.#vector)
        .map((address) => [address, this.#point(address, address.space === 'sample' ? 'tile' : 'memory', first)]),
    )
    const termOf = (sample: number): Value => {
      const vectorOf = (term: Term): Value => {
        if (term.kind === 'number') return numeral(term.value)
        if (term.kind === 'call') return lowerCall(term, vectorOf)
        const { address } = term as Term & { kind: 'load' }
        if (address === this.#vector) return { kind: 'turned', rows, at: sample }
        const { pointer, offset } = others.get(address)!.spot
        const from = { pointer, offset: offset + (address.space === 'sample' ? 4 * sample : 0) }
        return { kind: 'load', from, spread: { reach: 'broadcast', isShared: true, count, stride: 0 } }
      }
      return vectorOf(this.#kernel.value)
    }
    const lanes = [0, 1, 2, 3].map((lane) => {
      const quarters = [0, 4, 8, 12].map((quarter) => termOf(quarter + lane))
      return { name: this.#names.fresh('l'), value: quarters.reduce(sum) }
    })
    const [l0, l1, l2, l3] = lanes.map(({ name }) => named(name)) as [Value, Value, Value, Value]
    const name = this.#names.fresh('t')
    return [
      target.point,
      ...[...others.values()].map(({ point }) => point),
      ...lanes.map((lane): Statement => ({ kind: 'let', ...lane })),
      { kind: 'let', name, value: sum(sum(l0, l2), sum(l1, l3)) },
      { kind: 'onto', to: target.spot, spread: { reach: 'neighbours', isShared: true, count, stride: 4 }, name },
    ]
  }

  /** A pointer to where the loops stand, `first` elements on. */
  #point({ offset, strides }: Address, origin: string, first: number): { point: Statement; spot: Spot } {
    const name = this.#names.fresh('p')
    const moving = [...strides].flatMap(([axis, stride]): [string, number][] => {
      const [counter, step] = this.#counters.get(axis) ?? ['', 0]
      return stride * step === 0 ? [] : [[counter, stride * step]]
    })
    const ahead = first * (strides.get(this.#lane.name) ?? 0)
    return {
      point: { kind: 'point', name, origin, offset: 0, moving },
      spot: { pointer: name, offset: offset + ahead },
    }
  }
}
