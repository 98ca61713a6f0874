// Prints one kernel of the loop program as a wasm function. Addresses become a few moving pointers (one for each way of
// moving) and constant offsets; sums live in locals; nothing is decided here.
import type { Axis } from '../../equation/bound.ts'
import { combinations, type Kernel, type Nest, nestsOf, type Term } from '../loops.ts'
import { type Address, LANES } from '../storage.ts'
import {
  type Body,
  type Code,
  call,
  f32x4,
  fillMemory,
  get,
  i32,
  i32x4,
  load,
  newBody,
  op,
  repeat,
  set,
  shuffleLanes,
  store,
  storeLane,
  tee,
  type WasmFunction,
  when,
} from './assemble.ts'
import { maskOf, type Printing, printCall } from './expression.ts'

type Point = ReadonlyMap<string, number>

/** A pointer local for all addresses that move alike. */
interface Pointer {
  readonly local: number
  readonly strides: ReadonlyMap<string, number>
  readonly address: Address
}

// Parameters of every kernel function.
const BLOCK = 0
const SHARE = 1
const PRESENT = 2
const FIRST = 3

/**
 * A per-sample kernel takes (block); one where samples meet takes (first block, share, samples present, 0 in the first tile of a
 * share and −1 in the others).
 */
export function printKernel(kernel: Kernel, blockBytes: number, functionIndex: (name: string) => number): WasmFunction {
  const body = newBody(kernel.meets ? ['i32', 'i32', 'i32', 'i32'] : ['i32'])
  const printer = new KernelPrinter(kernel, blockBytes, body, functionIndex)
  return { body, code: printer.print() }
}

class KernelPrinter {
  readonly #kernel: Kernel
  readonly #blockBytes: number
  readonly #body: Body
  readonly #functionIndex: (name: string) => number
  /** Axes that are read as numbers, or that pointers start from, have a counter. */
  readonly #counters = new Map<string, number>()

  constructor(kernel: Kernel, blockBytes: number, body: Body, functionIndex: (name: string) => number) {
    this.#kernel = kernel
    this.#blockBytes = blockBytes
    this.#body = body
    this.#functionIndex = functionIndex
  }

  print(): Code {
    const { zero, outer } = this.#kernel
    const clear: Code = zero ? [op('i32.add', get(BLOCK), i32(zero.start)), i32(0), i32(zero.bytes), fillMemory] : []
    this.#count(outer)
    const loops = outer.reduceRight<() => Code>(
      (inner, axis) => () => this.#loop(axis, inner, []),
      () => nestsOf(this.#kernel).map((nest) => this.#nest(nest)),
    )
    return [clear, loops()]
  }

  /** Gives axes counters before the code that reads them is printed. */
  #count(axes: readonly Axis[]): void {
    for (const { name, extent } of axes)
      if (extent === 1) this.#counters.delete(name)
      else this.#counters.set(name, this.#body.local('i32'))
  }

  /** Counts an axis up from 0; `moves` run at the end of each turn. */
  #loop({ name, extent }: Axis, inner: () => Code, moves: Code): Code {
    const counter = this.#counters.get(name)
    if (counter === undefined) return [inner(), moves]
    return [
      i32(0),
      set(counter),
      repeat(inner(), moves, op('i32.lt_u', [op('i32.add', get(counter), i32(1)), tee(counter)], i32(extent))),
    ]
  }

  #nest(nest: Nest): Code {
    const kernel = this.#kernel
    this.#count([...nest.kept, ...kernel.summed])
    const steps = new Map(nest.kept.map(({ name }) => [name, nest.tile.get(name) ?? 1]))
    const tile = combinations(nest.kept.map(({ name }) => ({ name, extent: nest.tile.get(name) ?? 1 })))
    const storePointers = new Pointers(this.#body)
    const sumPointers = new Pointers(this.#body)
    const start = (address: Address, pointers: Pointers) => pointers.of(address, [...kernel.kept, ...kernel.summed])
    const points = tile.map((point) => new Map([...point].map(([name, value]) => [name, value + nest.from.get(name)!])))
    const inside = this.#element(points, nest, storePointers, sumPointers, start)
    const moveStores = (axis: Axis, inner: Axis | undefined): Code =>
      [storePointers, ...(this.#ownSums(sumPointers) ? [] : [sumPointers])].flatMap((pointers) =>
        pointers.all.map((pointer) => this.#advance(pointer, axis, inner, steps)),
      )
    const sumBases = this.#ownSums(sumPointers)
      ? sumPointers.all.map((pointer) => ({ pointer, base: this.#body.local('i32') }))
      : []
    const restart: Code = sumBases.map(({ pointer, base }) => [get(base), set(pointer.local)])
    const loops = nest.kept.reduceRight<{ code: Code; inner?: Axis }>(
      ({ code, inner }, axis) => {
        const moves: Code = [
          moveStores(axis, inner),
          sumBases.map(({ pointer, base }) => this.#advance({ ...pointer, local: base }, axis, inner, steps)),
        ]
        return { code: this.#loop(axis, () => code, moves), inner: axis }
      },
      { code: [restart, inside] },
    )
    const begin = [...storePointers.all, ...sumPointers.all].map((pointer) => {
      const base = sumBases.find((entry) => entry.pointer === pointer)?.base ?? pointer.local
      return [this.#base(pointer.address), set(base)]
    })
    return [begin, loops.code]
  }

  /** Summing moves its pointers by itself; they start anew at each element. */
  #ownSums(pointers: Pointers): boolean {
    return pointers.all.length > 0 && (this.#kernel.summed.length > 0 || this.#kernel.meets)
  }

  /** Where an address begins: its space, moved to where the outer axes stand. */
  #base({ space, strides }: Address): Code {
    const space32: Code = space === 'sample' ? get(BLOCK) : space === 'share' ? get(SHARE) : i32(0)
    return this.#kernel.outer.reduce<Code>((sum, { name }) => {
      const stride = strides.get(name)
      const counter = this.#counters.get(name)
      return stride && counter !== undefined ? op('i32.add', sum, op('i32.mul', get(counter), i32(stride))) : sum
    }, space32)
  }

  /** One turn of an axis: its own step, less what the loop inside has moved already. */
  #advance(
    { local, strides }: Pick<Pointer, 'local' | 'strides'>,
    axis: Axis,
    inner: Axis | undefined,
    steps: ReadonlyMap<string, number>,
  ): Code {
    const step = (strides.get(axis.name) ?? 0) * (steps.get(axis.name) ?? 1)
    const done = inner ? inner.extent * (strides.get(inner.name) ?? 0) * (steps.get(inner.name) ?? 1) : 0
    return step === done ? [] : [op('i32.add', get(local), i32(step - done)), set(local)]
  }

  /** Everything for one tile of elements: sum, then store. */
  #element(
    points: readonly Point[],
    nest: Nest,
    storePointers: Pointers,
    sumPointers: Pointers,
    at: (address: Address, pointers: Pointers) => Pointer,
  ): Code {
    const kernel = this.#kernel
    const known = new Map<string, number>()
    const results = points.map(() => this.#body.local('v128'))
    const context = (point: Point, pointers: Pointers, cache: Map<string, number>): Context => ({
      point,
      nest,
      pointer: (address) => at(address, pointers),
      cache,
    })
    if (kernel.reduction === undefined) {
      const values = points.map((point, n) => [
        this.#print(kernel.value, context(point, storePointers, known)),
        set(results[n]!),
      ])
      return [values, this.#stores(points, results, (point) => context(point, storePointers, known))]
    }
    const turn: Code = combinations(kernel.unrolled).reduce<{ code: Code[]; cache: Map<string, number> }>(
      ({ code, cache }, written) => ({
        code: [
          ...code,
          points.map((point, n) =>
            this.#term(results[n]!, context(new Map([...point, ...written]), sumPointers, cache)),
          ),
        ],
        cache,
      }),
      { code: [], cache: new Map() },
    ).code
    const summing = this.#summing(turn, sumPointers, points, at)
    const initial = points.map((point, n) => [this.#initial(context(point, storePointers, known)), set(results[n]!)])
    if (!kernel.meets)
      return [initial, summing, this.#stores(points, results, (point) => context(point, storePointers, known))]
    return this.#meeting(points, results, summing, sumPointers, context(points[0]!, storePointers, known))
  }

  #initial(context: Context): Code {
    const { outer, meets, reduction, stores } = this.#kernel
    if (outer.length > 0 && !meets) return this.#print({ kind: 'load', address: stores[0]!.address }, context)
    return f32x4(reduction === 'max' ? Number.NEGATIVE_INFINITY : reduction === 'first' ? -1 : 0)
  }

  /** One term into its sum. */
  #term(sum: number, context: Context): Code {
    const { reduction, value } = this.#kernel
    if (reduction === 'sum') return [op('f32x4.add', get(sum), this.#print(value, context)), set(sum)]
    if (reduction === 'max') {
      const term = this.#body.local('v128')
      // A NaN wins, and then stays: nothing is greater, nor is it less than anything.
      const better = op('v128.or', op('f32x4.lt', get(sum), get(term)), op('f32x4.ne', get(term), get(term)))
      return [this.#print(value, context), set(term), op('v128.bitselect', get(term), get(sum), better), set(sum)]
    }
    const open = op('f32x4.lt', get(sum), f32x4(0))
    const isTrue = maskOf(value, this.#printing(context))
    return [op('v128.bitselect', this.#print(this.#place(), context), get(sum), op('v128.and', open, isTrue)), set(sum)]
  }

  /** The position of a term among its element's terms. */
  #place(): Term {
    const { summed, unrolled } = this.#kernel
    let step = 1
    const terms = [...summed, ...unrolled].toReversed().map(({ name, extent }): [string, number] => {
      const own = step
      step *= extent
      return [name, own]
    })
    return { kind: 'index', index: { constant: 0, terms } }
  }

  /** The loops over summed axes; a guard skips what has no term. */
  #summing(
    turn: Code,
    pointers: Pointers,
    points: readonly Point[],
    at: (address: Address, pointers: Pointers) => Pointer,
  ): Code {
    const { summed, guard } = this.#kernel
    const guardPointer = guard && at(guard, pointers)
    const lastGuarded = summed.findLastIndex(({ name }) => guard?.strides.has(name))
    const wrap = (code: Code, inner: Axis | undefined): Code => {
      if (guard === undefined || guardPointer === undefined) return code
      const condition = op(
        'f32.ne',
        [get(guardPointer.local), load.f32(this.#offset(guard, points[0]!))],
        [0x43, 0, 0, 0, 0],
      )
      const skip = inner
        ? pointers.all.map(({ local, strides }) => [
            op('i32.add', get(local), i32(inner.extent * (strides.get(inner.name) ?? 0))),
            set(local),
          ])
        : []
      return when(condition, code, skip)
    }
    const none = new Map<string, number>()
    let result: { code: Code; inner?: Axis } = { code: turn }
    if (lastGuarded === summed.length - 1) result = { code: wrap(turn, undefined) }
    for (let depth = summed.length - 1; depth >= 0; depth--) {
      const axis = summed[depth]!
      const { code, inner } = result
      const moves = () => pointers.all.map((pointer) => this.#advance(pointer, axis, inner, none))
      const looped = this.#loop(axis, () => code, moves())
      result = { code: depth - 1 === lastGuarded && depth > 0 ? wrap(looped, axis) : looped, inner: axis }
      if (depth === 0 && lastGuarded === -1 && guard !== undefined) result = { code: wrap(looped, axis), inner: axis }
    }
    return result.code
  }

  /** Sums over the quarters of a tile, with absent samples as +0, then the lanes as (0+2)+(1+3), onto the share. */
  #meeting(
    points: readonly Point[],
    sums: readonly number[],
    summing: Code,
    pointers: Pointers,
    context: Context,
  ): Code {
    const { summed } = this.#kernel
    const totals = points.map(() => this.#body.local('v128'))
    const [left, mask] = [this.#body.local('i32'), this.#body.local('v128')]
    const first = summed[0]
    const nextBlock = pointers.all.map(({ local, strides, address }) => {
      const moved = first ? first.extent * (strides.get(first.name) ?? 0) : 0
      const step = (address.space === 'sample' ? this.#blockBytes : 0) - moved
      return step === 0 ? [] : [op('i32.add', get(local), i32(step)), set(local)]
    })
    return [
      totals.map((total) => [f32x4(0), set(total)]),
      get(PRESENT),
      set(left),
      repeat(
        op('i32x4.lt_s', i32x4(0, 1, 2, 3), op('i32x4.splat', get(left))),
        set(mask),
        sums.map((sum) => [f32x4(0), set(sum)]),
        summing,
        totals.map((total, n) => [op('f32x4.add', get(total), op('v128.and', get(sums[n]!), get(mask))), set(total)]),
        nextBlock,
        op('i32.lt_s', i32(0), [op('i32.sub', get(left), i32(LANES)), tee(left)]),
      ),
      this.#joinLanes(points, totals, context),
    ]
  }

  #joinLanes(points: readonly Point[], totals: readonly number[], context: Context): Code {
    const { address } = this.#kernel.stores[0]!
    const pointer = context.pointer(address)
    const offsets = points.map((point) => this.#offset(address, point))
    const code: Code[] = []
    for (let n = 0; n < points.length; ) {
      const four = [1, 2, 3].every((next) => offsets[n + next] === offsets[n]! + 4 * next)
      code.push(
        four
          ? this.#joinFour(totals.slice(n, n + 4), pointer, offsets[n]!)
          : this.#joinOne(totals[n]!, pointer, offsets[n]!),
      )
      n += four ? 4 : 1
    }
    return code
  }

  #joinOne(total: number, { local }: Pointer, offset: number): Code {
    const half = this.#body.local('v128')
    const halves: Code = [op('f32x4.add', get(total), [get(total), get(total), shuffleLanes(2, 3, 0, 1)]), set(half)]
    const whole = op('f32x4.add', get(half), [get(half), get(half), shuffleLanes(1, 0, 3, 2)])
    const before = op('v128.and', [get(local), load.zero(offset)], op('i32x4.splat', get(FIRST)))
    return [halves, get(local), op('f32x4.add', before, whole), storeLane(0, offset)]
  }

  #joinFour([a, b, c, d]: readonly number[], { local }: Pointer, offset: number): Code {
    const pair = (x: number, y: number) =>
      op('f32x4.add', [get(x), get(y), shuffleLanes(0, 1, 4, 5)], [get(x), get(y), shuffleLanes(2, 3, 6, 7)])
    const [low, high] = [this.#body.local('v128'), this.#body.local('v128')]
    const whole = op(
      'f32x4.add',
      [get(low), get(high), shuffleLanes(0, 2, 4, 6)],
      [get(low), get(high), shuffleLanes(1, 3, 5, 7)],
    )
    const before = op('v128.and', [get(local), load.v128(offset)], op('i32x4.splat', get(FIRST)))
    return [
      pair(a!, b!),
      set(low),
      pair(c!, d!),
      set(high),
      get(local),
      op('f32x4.add', before, whole),
      store.v128(offset),
    ]
  }

  #stores(points: readonly Point[], results: readonly number[], contextOf: (point: Point) => Context): Code {
    return points.map((point, n) =>
      this.#kernel.stores.map(({ address, value, kept }) => {
        const context = contextOf(point)
        const printed =
          value.kind === 'result' ? get(results[n]!) : this.#print(value, { ...context, result: results[n] })
        const pointer = context.pointer(address)
        const offset = this.#offset(address, point)
        const local = this.#body.local('v128')
        context.cache.set(cacheKey(pointer, offset), local)
        return [printed, set(local), kept ? [get(pointer.local), get(local), store.v128(offset)] : []]
      }),
    )
  }

  /** The constant part of an address: its offset and where the point stands beside the loops. */
  #offset({ offset, strides }: Address, point: Point): number {
    let sum = offset
    for (const [axis, value] of point) sum += value * (strides.get(axis) ?? 0)
    return sum
  }

  #printing(context: Context): Printing<Term> {
    return {
      print: (part) => this.#print(part, context),
      callOf: (part) => (part.kind === 'call' ? part : undefined),
      apply: (name, parts) => [...parts, call(this.#functionIndex(name))],
      local: () => this.#body.local('v128'),
    }
  }

  #print(term: Term, context: Context): Code {
    switch (term.kind) {
      case 'number':
        return f32x4(term.value)
      case 'result':
        return get(context.result!)
      case 'index':
        return this.#index(term, context)
      case 'call':
        return printCall(term.name, term.parts, this.#printing(context))
      case 'load': {
        const pointer = context.pointer(term.address)
        const offset = this.#offset(term.address, context.point)
        const key = cacheKey(pointer, offset)
        const known = context.cache.get(key)
        if (known !== undefined) return get(known)
        const local = this.#body.local('v128')
        context.cache.set(key, local)
        const instruction = term.address.space === 'sample' ? load.v128 : load.splat
        return [get(pointer.local), instruction(offset), tee(local)]
      }
    }
  }

  /** The value of axes as a number: loop counters times tile sizes, and the point. */
  #index({ index }: Term & { kind: 'index' }, { point, nest }: Context): Code {
    let constant = index.constant
    const moving: Code[] = []
    for (const [axis, coefficient] of index.terms) {
      constant += coefficient * (point.get(axis) ?? 0)
      const counter = this.#counters.get(axis)
      if (counter !== undefined) moving.push(op('i32.mul', get(counter), i32(coefficient * (nest.tile.get(axis) ?? 1))))
    }
    if (moving.length === 0) return f32x4(constant)
    const sum = moving.reduce((a, b) => op('i32.add', a, b), i32(constant))
    return op('f32x4.convert_i32', op('i32x4.splat', sum))
  }
}

interface Context {
  readonly point: Point
  readonly nest: Nest
  readonly pointer: (address: Address) => Pointer
  /** Locals that hold what was loaded or stored. */
  readonly cache: Map<string, number>
  readonly result?: number
}

const cacheKey = ({ local }: Pointer, offset: number): string => `${local} ${offset}`

/** Pointer locals, shared by addresses that move alike. */
class Pointers {
  readonly #body: Body
  readonly #byKey = new Map<string, Pointer>()

  constructor(body: Body) {
    this.#body = body
  }

  get all(): readonly Pointer[] {
    return [...this.#byKey.values()]
  }

  of(address: Address, axes: readonly Axis[]): Pointer {
    const moving = axes.filter(({ name }) => address.strides.get(name))
    const key = `${address.space} ${[...address.strides]
      .filter(([, stride]) => stride !== 0)
      .sort()
      .join(';')}`
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const pointer = {
      local: this.#body.local('i32'),
      strides: new Map(moving.map(({ name }) => [name, address.strides.get(name)!])),
      address,
    }
    this.#byKey.set(key, pointer)
    return pointer
  }
}
