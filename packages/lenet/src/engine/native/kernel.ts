// Prints one kernel of the loop program as a C function. Sums live in vectors, addresses are written out where they are
// needed; what the registers hold from turn to turn is left to the compiler.
import type { Axis } from '../../equation/bound.ts'
import type { Kernel } from '../compile/kernel.ts'
import { combinations, type Nest, nestsOf, offsetAt, type Point, placeAmongTerms } from '../compile/nests.ts'
import type { Lanes } from '../compile/storage.ts'
import { printBySample } from './by-sample.ts'
import { splat } from './expression.ts'
import { joinTotals } from './meeting.ts'
import { counterOf, Pointers } from './pointers.ts'
import { type Place, TermPrinter } from './term.ts'
import { block, type Lines, plus, remark } from './text.ts'

export interface KernelSetting {
  readonly lanes: Lanes
  readonly blockBytes: number
}

/** A per-sample kernel takes a block of samples; one where samples meet the first block of a tile, and its share. */
export function printKernel(kernel: Kernel, name: string, setting: KernelSetting): Lines {
  const parameters = kernel.meets
    ? 'char *tile, char *restrict memory, char *restrict share, long present, int isFirst'
    : 'char *block, char *restrict memory'
  return [
    remark(`${kernel.layer}: ${kernel.text}`),
    block(`static void ${name}(${parameters})`, new KernelPrinter(kernel, setting).print()),
  ]
}

/** What is printed for one nest. */
interface NestRoom {
  readonly nest: Nest
  /** Pointers of what is read and stored once for each element. */
  readonly once: Pointers
  /** Pointers of what is summed. */
  readonly summed: Pointers
}

class KernelPrinter {
  readonly #kernel: Kernel
  readonly #setting: KernelSetting
  readonly #counters = new Map<string, string>()
  readonly #terms: TermPrinter

  constructor(kernel: Kernel, setting: KernelSetting) {
    this.#kernel = kernel
    this.#setting = setting
    this.#terms = new TermPrinter(this.#counters, { lanes: setting.lanes, lane: kernel.lane })
  }

  print(): Lines {
    const { zero, meets } = this.#kernel
    const bySample = meets ? printBySample(this.#kernel, this.#setting.lanes) : undefined
    return [
      zero ? `memset(block${plus(zero.start)}, 0, ${zero.bytes});` : [],
      bySample === undefined ? [] : block('if (present == TILE)', bySample, 'return;'),
      this.#nests(),
    ]
  }

  #nests(): Lines {
    const { outer } = this.#kernel
    this.#count(outer)
    const inside = nestsOf(this.#kernel, this.#setting.lanes.across).map((nest) => this.#nest(nest))
    return outer.reduceRight<Lines>((lines, axis) => this.#loop(axis, lines), inside)
  }

  /** Gives axes counters before the code that reads them is printed. */
  #count(axes: readonly Axis[]): void {
    for (const { name, extent } of axes)
      if (extent === 1) this.#counters.delete(name)
      else this.#counters.set(name, counterOf(name))
  }

  #loop({ name, extent }: Axis, ...inner: readonly Lines[]): Lines {
    const counter = this.#counters.get(name)
    return counter === undefined
      ? inner
      : block(`for (long ${counter} = 0; ${counter} < ${extent}; ${counter}++)`, inner)
  }

  #nest(nest: Nest): Lines {
    this.#count([...nest.kept, ...this.#kernel.summed])
    const room: NestRoom = {
      nest,
      once: new Pointers(this.#counters, nest, 'p'),
      summed: new Pointers(this.#counters, nest, 'q'),
    }
    return block(
      '',
      nest.kept.reduceRight<Lines>((lines, axis) => this.#loop(axis, lines), this.#element(room)),
    )
  }

  /** Everything for one tile of elements: sum, then store. */
  #element(room: NestRoom): Lines {
    const { reduction, value, meets } = this.#kernel
    const { nest, once } = room
    const { points } = nest
    const lines: string[] = []
    const cache = new Map<string, string>()
    const place = (point: Point): Place => ({ point, nest, pointers: once, cache, lines })
    const results = points.map((_, n) => `a${n}`)
    if (meets) return this.#meeting(room, results)
    points.forEach((point, n) => {
      const start = reduction === undefined ? this.#terms.print(value, place(point)) : this.#initial(place(point))
      lines.push(`V ${results[n]} = ${start};`)
    })
    const summing = reduction === undefined ? [] : this.#summing(room, results)
    const before = lines.splice(0)
    this.#stores(nest, results, place)
    return [once.declare(), before, summing, lines]
  }

  /** Sums over the blocks of a tile, joined. */
  #meeting(room: NestRoom, results: readonly string[]): Lines {
    const { lanes, blockBytes } = this.#setting
    const { nest, once } = room
    const { points, active } = nest
    const address = this.#kernel.stores[0]!.address
    const neighbour = address.strides.get(this.#kernel.lane ?? '') ?? 0
    const pointer = once.of(address)
    const summing = [results.map((result) => `V ${result} = ${splat(0)};`), this.#summing(room, results)]
    return [
      once.declare(),
      joinTotals({
        lanes,
        blockBytes,
        results,
        summing,
        pointer,
        offsets: points.map((point) => offsetAt(address, point)),
        active,
        neighbour,
      }),
    ]
  }

  #initial(place: Place): string {
    const { outer, reduction, stores } = this.#kernel
    if (outer.length > 0) return this.#terms.print({ kind: 'load', address: stores[0]!.address }, place)
    return splat(reduction === 'max' ? Number.NEGATIVE_INFINITY : reduction === 'first' ? -1 : 0)
  }

  /** The loops over summed axes. A guard stands where all its axes are known, and skips what is inside. */
  #summing(room: NestRoom, sums: readonly string[]): Lines {
    const { summed, guards } = this.#kernel
    const turn = this.#turn(room, sums)
    const guarded = (depth: number, lines: Lines): Lines =>
      guards
        .filter((guard) => summed.findLastIndex(({ name }) => guard.strides.has(name)) + 1 === depth)
        .reduce<Lines>((inner, guard) => {
          const pointers = new Pointers(this.#counters, room.nest, 'g')
          const from = pointers.of(guard) + plus(offsetAt(guard, room.nest.points[0]!))
          return block('', pointers.declare(), block(`if (F(${from}) != 0)`, inner))
        }, lines)
    let lines = guarded(summed.length, turn)
    for (let depth = summed.length - 1; depth >= 0; depth--) lines = guarded(depth, this.#loop(summed[depth]!, lines))
    return lines
  }

  /** One turn of the innermost loop: the written-out terms of every point, in order. */
  #turn({ nest, summed }: NestRoom, sums: readonly string[]): Lines {
    const cache = new Map<string, string>()
    const lines: string[] = []
    for (const written of combinations(this.#kernel.unrolled))
      nest.points.forEach((point, n) => {
        this.#term(sums[n]!, { point: new Map([...point, ...written]), nest, pointers: summed, cache, lines })
      })
    return [summed.declare(), lines]
  }

  /** One term into its sum. */
  #term(sum: string, place: Place): void {
    const { reduction, value } = this.#kernel
    const { lines } = place
    if (reduction === 'sum') {
      const term = this.#terms.print(value, place)
      lines.push(`${sum} = ${sum} + ${term};`)
    } else if (reduction === 'max') {
      const name = this.#terms.newName()
      const term = this.#terms.print(value, place)
      // A NaN wins, and then stays: nothing is greater, nor is it less than anything.
      lines.push(
        `const V ${name} = ${term};`,
        `${sum} = pick((${sum} < ${name}) | (${name} != ${name}), ${name}, ${sum});`,
      )
    } else {
      const isThere = this.#terms.mask(value, place)
      const order = this.#terms.print(placeAmongTerms(this.#kernel), place)
      lines.push(`${sum} = pick((${sum} < ${splat(0)}) & ${isThere}, ${order}, ${sum});`)
    }
  }

  #stores(nest: Nest, results: readonly string[], placeOf: (point: Point) => Place): void {
    nest.points.forEach((point, n) => {
      for (const { address, value, kept } of this.#kernel.stores) {
        const place = { ...placeOf(point), result: results[n]! }
        const printed = this.#terms.print(value, place)
        const name = this.#terms.newName()
        const from = place.pointers.of(address) + plus(offsetAt(address, point))
        place.cache.set(from, name)
        place.lines.push(`const V ${name} = ${printed};`)
        if (kept) place.lines.push(...this.#terms.store(address, from, name, nest))
      }
    })
  }
}
