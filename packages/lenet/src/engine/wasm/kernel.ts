// Prints one kernel of the loop program as a wasm function. Sums live in locals, pointers move, nothing is decided here.
import type { Axis } from '../../equation/bound.ts'
import type { Kernel } from '../compile/kernel.ts'
import { combinations, type Nest, nestsOf, type Point, placeAmongTerms } from '../compile/nests.ts'
import type { Lanes } from '../compile/storage.ts'
import { TILE } from '../program.ts'
import {
  type Body,
  type Code,
  f32x4,
  fillMemory,
  flatten,
  get,
  i32,
  LANES,
  load,
  newBody,
  op,
  repeat,
  set,
  tee,
  type WasmFunction,
  when,
} from './assemble.ts'
import { before, joinLanes, meeting, printQuarters, printWholeQuarters, setMask } from './meeting.ts'
import { advance, moveBy, moved, offsetFrom, type Pointer, Pointers } from './pointers.ts'
import { cacheKey, type Place, TermPrinter } from './term.ts'

/** The first parameter of every kernel: its block of samples, or the first of the tile. */
const BLOCK = 0

/** A per-sample kernel takes (block); one where samples meet takes the parameters of `meeting` too. */
export function printKernel(kernel: Kernel, setting: KernelSetting): WasmFunction {
  const body = newBody(kernel.meets ? ['i32', 'i32', 'i32', 'i32'] : ['i32'])
  return { body, code: flatten(new KernelPrinter(kernel, setting, body).print()) }
}

export interface KernelSetting {
  readonly lanes: Lanes
  readonly blockBytes: number
  readonly functionIndex: (name: string) => number
  /** Whether a term that is a product is added with one rounding. */
  readonly fast: boolean
}

/** What is printed for one nest. */
interface NestRoom {
  readonly nest: Nest
  /** Pointers of what is read and stored once for each element. */
  readonly once: Pointers
  /** Pointers of what is summed. Where sums have loops of their own, these start anew at each element. */
  readonly summed: Pointers
}

class KernelPrinter {
  readonly #kernel: Kernel
  readonly #setting: KernelSetting
  readonly #body: Body
  readonly #counters = new Map<string, number>()
  readonly #terms: TermPrinter
  /** See `before`. */
  readonly #mask: number

  constructor(kernel: Kernel, setting: KernelSetting, body: Body) {
    this.#kernel = kernel
    this.#setting = setting
    this.#body = body
    this.#mask = kernel.meets ? body.local('v128') : -1
    this.#terms = new TermPrinter(
      body,
      this.#counters,
      { lanes: setting.lanes, lane: kernel.lane },
      setting.functionIndex,
    )
  }

  print(): Code {
    const { zero, outer, meets } = this.#kernel
    const clear: Code = zero ? [op('i32.add', get(BLOCK), i32(zero.start)), i32(0), i32(zero.bytes), fillMemory] : []
    this.#count(outer)
    const inside = nestsOf(this.#kernel, this.#setting.lanes.across).map((nest) => this.#nest(nest))
    return [
      meets ? setMask(this.#mask) : [],
      clear,
      outer.reduceRight<Code>((code, axis) => this.#loop(axis, code, []), inside),
    ]
  }

  /** Gives axes counters before the code that reads them is printed. */
  #count(axes: readonly Axis[]): void {
    for (const { name, extent } of axes)
      if (extent === 1) this.#counters.delete(name)
      else this.#counters.set(name, this.#body.local('i32'))
  }

  /** Counts an axis up from 0; `moves` run at the end of each turn. */
  #loop({ name, extent }: Axis, inner: Code, moves: Code): Code {
    const counter = this.#counters.get(name)
    if (counter === undefined) return [inner, moves]
    const next = op('i32.lt_u', [op('i32.add', get(counter), i32(1)), tee(counter)], i32(extent))
    return [i32(0), set(counter), repeat(inner, moves, next)]
  }

  #nest(nest: Nest): Code {
    const { kept, summed, meets } = this.#kernel
    this.#count([...nest.kept, ...summed])
    const axes = [...kept, ...summed]
    const travel = this.#travel(nest)
    const room: NestRoom = {
      nest,
      once: new Pointers(this.#body, axes, travel),
      summed: new Pointers(this.#body, axes, travel),
    }
    const element = this.#element(room)
    const restarts = summed.length > 0 || meets
    const walking = [...room.once.all, ...room.summed.all].map((pointer) => {
      const base = restarts && room.summed.all.includes(pointer) ? this.#body.local('i32') : pointer.local
      return { pointer, base }
    })
    const begin = walking.map(({ pointer, base }) => [this.#start(pointer), set(base)])
    const restart = walking
      .filter(({ pointer, base }) => base !== pointer.local)
      .map(({ pointer, base }) => [get(base), set(pointer.local)])
    const loops = nest.kept.reduceRight<{ code: Code; inner?: Axis }>(
      ({ code, inner }, axis) => {
        const moves = walking.map(({ pointer, base }) => advance(pointer, axis, inner, nest.steps, base))
        return { code: this.#loop(axis, code, moves), inner: axis }
      },
      { code: [restart, element] },
    )
    return [begin, loops.code]
  }

  /** How far loops move along each axis. */
  #travel({ kept, steps }: Nest): Point {
    const { outer, summed } = this.#kernel
    return new Map([
      ...[...outer, ...summed].map(({ name, extent }) => [name, extent - 1] as const),
      ...kept.map(({ name, extent }) => [name, (extent - 1) * (steps.get(name) ?? 1)] as const),
    ])
  }

  /** Where a pointer begins: its space, moved to where the outer axes stand. */
  #start({ address: { space, strides }, ahead }: Pointer): Code {
    const place: Code = space === 'sample' ? get(BLOCK) : space === 'share' ? get(meeting.share) : i32(ahead)
    const origin = space === 'fixed' || ahead === 0 ? place : op('i32.add', place, i32(ahead))
    return this.#kernel.outer.reduce<Code>((sum, { name }) => {
      const stride = strides.get(name)
      const counter = this.#counters.get(name)
      return stride && counter !== undefined ? op('i32.add', sum, op('i32.mul', get(counter), i32(stride))) : sum
    }, origin)
  }

  /** Everything for one tile of elements: sum, then store. */
  #element(room: NestRoom): Code {
    const { reduction, value, meets, stores } = this.#kernel
    const { nest, once } = room
    const { points } = nest
    const cache = new Map<string, number>()
    const place = (point: Point): Place => ({ point, nest, pointers: once, cache })
    const results = points.map(() => this.#body.local('v128'))
    const setAll = (code: (point: Point) => Code): Code => points.map((point, n) => [code(point), set(results[n]!)])
    if (reduction === undefined)
      return [setAll((point) => this.#terms.print(value, place(point))), this.#stores(nest, results, place)]
    const initial = setAll((point) => this.#initial(place(point)))
    const summing = this.#summing(room, this.#turn(room, results))
    if (!meets) return [initial, summing, this.#stores(nest, results, place)]
    if (this.#setting.lanes.samples === 1) return [initial, summing, this.#addToShare(room, results)]
    const next = room.summed.all.map((pointer) => {
      const block = pointer.address.space === 'sample' ? this.#setting.blockBytes : 0
      return moveBy(pointer.local, block - moved(pointer, this.#kernel.summed[0]))
    })
    const totals = points.map(() => this.#body.local('v128'))
    const quarters = printQuarters(this.#body, results, totals, [initial, summing], next)
    const { address } = stores[0]!
    const pointer = once.of(address)
    const offsets = points.map((point) => offsetFrom(pointer, address, point))
    const join = joinLanes(this.#body, totals, { pointer: pointer.local, mask: this.#mask }, offsets)
    if (this.#kernel.summed.length > 0) return [quarters, join]
    const isPresent = (samples: number) => op('i32.eq', get(meeting.present), i32(samples))
    const whole = (samples: number) => this.#wholeQuarters(room, totals, samples / LANES)
    return [when(isPresent(TILE), whole(TILE), when(isPresent(LANES), whole(LANES), quarters)), join]
  }

  /** The sums of a single sample are the share's, or go onto it. */
  #addToShare({ nest, once }: NestRoom, results: readonly number[]): Code {
    const { address } = this.#kernel.stores[0]!
    const pointer = once.of(address)
    const cache = new Map<string, number>()
    return nest.points.map((point, n) => {
      const held = this.#terms.print({ kind: 'load', address }, { point, nest, pointers: once, cache })
      const sum = op('f32x4.add', before(held, this.#mask), get(results[n]!))
      const offset = offsetFrom(pointer, address, point)
      return [sum, set(results[n]!), this.#terms.store(address, pointer, offset, results[n]!, nest)]
    })
  }

  #wholeQuarters({ nest, summed }: NestRoom, totals: readonly number[], quarters: number): Code {
    const caches = Array.from({ length: quarters }, () => new Map<string, number>())
    return printWholeQuarters(totals, quarters, (point, quarter) =>
      this.#terms.print(this.#kernel.value, {
        point: nest.points[point]!,
        nest,
        pointers: summed,
        cache: caches[quarter]!,
        block: quarter * this.#setting.blockBytes,
      }),
    )
  }

  #initial(place: Place): Code {
    const { outer, meets, reduction, stores } = this.#kernel
    if (outer.length > 0 && !meets) return this.#terms.print({ kind: 'load', address: stores[0]!.address }, place)
    return f32x4(reduction === 'max' ? Number.NEGATIVE_INFINITY : reduction === 'first' ? -1 : 0)
  }

  /** One turn of the innermost loop: the written-out terms of every point, in order. */
  #turn({ nest, summed }: NestRoom, sums: readonly number[]): Code {
    const cache = new Map<string, number>()
    return combinations(this.#kernel.unrolled).map((written) =>
      nest.points.map((point, n) =>
        this.#term(sums[n]!, { point: new Map([...point, ...written]), nest, pointers: summed, cache }),
      ),
    )
  }

  /** One term into its sum. */
  #term(sum: number, place: Place): Code {
    const { reduction, value } = this.#kernel
    if (reduction === 'sum' && this.#setting.fast && value.kind === 'call' && value.name === '*') {
      const factors = value.parts.map((part) => this.#terms.print(part, place))
      return [op('f32x4.relaxed_madd', ...factors, get(sum)), set(sum)]
    }
    if (reduction === 'sum') return [op('f32x4.add', get(sum), this.#terms.print(value, place)), set(sum)]
    if (reduction === 'max') {
      const term = this.#body.local('v128')
      // A NaN wins, and then stays: nothing is greater, nor is it less than anything.
      const better = op('v128.or', op('f32x4.lt', get(sum), get(term)), op('f32x4.ne', get(term), get(term)))
      return [this.#terms.print(value, place), set(term), op('v128.bitselect', get(term), get(sum), better), set(sum)]
    }
    const isFirst = op('v128.and', op('f32x4.lt', get(sum), f32x4(0)), this.#terms.mask(value, place))
    return [op('v128.bitselect', this.#terms.print(placeAmongTerms(this.#kernel), place), get(sum), isFirst), set(sum)]
  }

  /** The loops over summed axes. A guard stands where all its axes are known, and skips what is inside. */
  #summing(room: NestRoom, turn: Code): Code {
    const { summed, guards } = this.#kernel
    const moves = (axis: Axis | undefined) =>
      room.summed.all.map((pointer) => moveBy(pointer.local, moved(pointer, axis)))
    for (const guard of guards) room.summed.of(guard)
    const guarded = (depth: number, code: Code): Code =>
      guards
        .filter((guard) => summed.findLastIndex(({ name }) => guard.strides.has(name)) + 1 === depth)
        .reduce<Code>((inner, guard) => {
          const pointer = room.summed.of(guard)
          const value: Code = [get(pointer.local), load.f32(offsetFrom(pointer, guard, room.nest.points[0]!))]
          return when(op('f32.ne', value, [0x43, 0, 0, 0, 0]), inner, moves(summed[depth]))
        }, code)
    let code = guarded(summed.length, turn)
    for (let depth = summed.length - 1; depth >= 0; depth--) {
      const turns = room.summed.all.map((pointer) => advance(pointer, summed[depth]!, summed[depth + 1]))
      code = guarded(depth, this.#loop(summed[depth]!, code, turns))
    }
    return code
  }

  #stores(nest: Nest, results: readonly number[], placeOf: (point: Point) => Place): Code {
    return nest.points.map((point, n) =>
      this.#kernel.stores.map(({ address, value, kept }) => {
        const place = { ...placeOf(point), result: results[n]! }
        const printed = this.#terms.print(value, place)
        const pointer = place.pointers.of(address)
        const offset = offsetFrom(pointer, address, point)
        const local = this.#body.local('v128')
        place.cache.set(cacheKey(pointer, offset), local)
        return [printed, set(local), kept ? this.#terms.store(address, pointer, offset, local, nest) : []]
      }),
    )
  }
}
