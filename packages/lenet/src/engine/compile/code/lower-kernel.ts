// A kernel as statements: its nests, its loops, what one tile of elements sums and stores. How pointers move and where
// samples meet stands in the files beside this one.
import type { Axis } from '../../../equation/bound.ts'
import type { Kernel } from '../kernel.ts'
import { combinations, type Nest, nestsOf, type Point, placeAmongTerms } from '../nests.ts'
import { lowerBySample } from './by-sample.ts'
import { type CodeFunction, Names, parametersOf, type Statement, type Target, type Value } from './code.ts'
import { compare, named, numeral, sum } from './expressions.ts'
import type { Frame } from './frame.ts'
import { meetSamples } from './meeting.ts'
import { advance, moveBy, moved, Pointers, type Walk } from './pointers.ts'
import { keyOf, type Reading, Terms } from './terms.ts'

export function lowerKernel(kernel: Kernel, target: Target, name: string): CodeFunction {
  const role = kernel.meets ? 'meet' : 'sample'
  const body = new KernelLowering(kernel, target).body()
  return { name, about: `${kernel.layer}: ${kernel.text}`, role, parameters: parametersOf[role], body }
}

class KernelLowering {
  readonly #kernel: Kernel
  readonly #target: Target
  readonly #names = new Names()
  readonly #counters = new Map<string, string>()
  readonly #terms: Terms

  constructor(kernel: Kernel, target: Target) {
    this.#kernel = kernel
    this.#target = target
    this.#terms = new Terms(this.#names, this.#counters, target, kernel.lane)
  }

  body(): Statement[] {
    const { zero, meets } = this.#kernel
    const bySample = meets ? lowerBySample(this.#kernel, this.#target, this.#names) : undefined
    const nests = this.#nests()
    return [
      ...(zero
        ? [{ kind: 'clear', to: { pointer: 'block', offset: zero.start }, bytes: zero.bytes } satisfies Statement]
        : []),
      ...(bySample ? [{ ...bySample, no: nests }] : nests),
    ]
  }

  #nests(): Statement[] {
    const { outer } = this.#kernel
    this.#count(outer)
    const inside = nestsOf(this.#kernel, this.#target.lanes.across).flatMap((nest) => this.#nest(nest))
    return outer.reduceRight<Statement[]>((body, axis) => this.#loop(axis, body), inside)
  }

  /** Gives axes counters before what reads them is lowered. */
  #count(axes: readonly Axis[]): void {
    for (const { name, extent } of axes)
      if (extent === 1) this.#counters.delete(name)
      else this.#counters.set(name, this.#names.fresh(`${name.replace(/\W/g, '_')}_`))
  }

  #loop({ name, extent }: Axis, body: Statement[]): Statement[] {
    const counter = this.#counters.get(name)
    return counter === undefined ? body : [{ kind: 'loop', counter, extent, body }]
  }

  #nest(nest: Nest): Statement[] {
    const { kept, summed, outer, meets } = this.#kernel
    this.#count([...nest.kept, ...summed])
    const walk: Walk = {
      target: this.#target,
      names: this.#names,
      nest,
      counters: this.#counters,
      axes: [...kept, ...summed],
      outer,
      travel: this.#travel(nest),
      block: meets && (this.#target.pointers === 'moving' || this.#target.lanes.samples === 1) ? 'tile' : 'block',
    }
    const frame: Frame = {
      kernel: this.#kernel,
      target: this.#target,
      names: this.#names,
      terms: this.#terms,
      nest,
      once: new Pointers(walk, 'p'),
      summed: new Pointers(walk, 'q'),
    }
    const element = this.#element(frame)
    if (this.#target.pointers === 'moving') return this.#moving(frame, element)
    return nest.kept.reduceRight((body, axis) => this.#loop(axis, body), element)
  }

  /** Loops over kept axes with the moves of their pointers. What the sums have moved starts anew at each element. */
  #moving({ nest, once, summed }: Frame, element: Statement[]): Statement[] {
    const restarts = this.#kernel.summed.length > 0 || this.#kernel.meets
    const ends = [
      ...once.all.map((pointer) => ({ pointer, base: pointer.name, of: once })),
      ...summed.all.map((pointer) => ({
        pointer,
        base: restarts ? this.#names.fresh('start') : pointer.name,
        of: summed,
      })),
    ]
    const begin = ends.map(({ pointer, base, of }) => of.start(pointer, base))
    const restart = ends
      .filter(({ pointer, base }) => base !== pointer.name)
      .map(({ pointer: { name }, base }): Statement => ({ kind: 'point', name, origin: base, offset: 0, moving: [] }))
    const loops = nest.kept.reduceRight<{ body: Statement[]; inner?: Axis }>(
      ({ body, inner }, axis) => {
        const moves = ends.flatMap(({ pointer, base }) => advance(pointer, axis, inner, nest.steps, base))
        return { body: this.#loop(axis, [...body, ...moves]), inner: axis }
      },
      { body: [...restart, ...element] },
    )
    return [...begin, ...loops.body]
  }

  /** How far loops move along each axis. */
  #travel({ kept, steps }: Nest): Point {
    const { outer, summed } = this.#kernel
    return new Map([
      ...[...outer, ...summed].map(({ name, extent }) => [name, extent - 1] as const),
      ...kept.map(({ name, extent }) => [name, (extent - 1) * (steps.get(name) ?? 1)] as const),
    ])
  }

  /** Everything for one tile of elements: sum, then store. */
  #element(frame: Frame): Statement[] {
    const { reduction, value, meets } = this.#kernel
    const { nest, once } = frame
    const results = nest.points.map(() => this.#names.fresh('a'))
    if (meets) return meetSamples(frame, results, this.#summing(frame, results))
    const lines: Statement[] = []
    const known = new Map<string, string>()
    nest.points.forEach((point, n) => {
      const reading: Reading = { point, nest, pointers: once, known, lines }
      const start = reduction === undefined ? this.#terms.vectorOf(value, reading) : this.#initial(reading)
      lines.push({ kind: reduction === undefined ? 'let' : 'var', name: results[n]!, value: start })
    })
    const before = lines.splice(0)
    const summing = reduction === undefined ? [] : this.#summing(frame, results)
    nest.points.forEach((point, n) => {
      this.#store({ point, nest, pointers: once, known, lines, result: results[n]! })
    })
    return [...once.compute(), ...before, ...summing, ...lines]
  }

  #initial(reading: Reading): Value {
    const { outer, reduction, stores } = this.#kernel
    if (outer.length > 0) return this.#terms.vectorOf({ kind: 'load', address: stores[0]!.address }, reading)
    return numeral(reduction === 'max' ? Number.NEGATIVE_INFINITY : reduction === 'first' ? -1 : 0)
  }

  #store(reading: Reading): void {
    const { point, nest, pointers, known, lines } = reading
    for (const { address, value, kept } of this.#kernel.stores) {
      const stored = this.#terms.vectorOf(value, reading)
      const name = this.#names.fresh('t')
      const to = pointers.spot(address, point)
      known.set(keyOf(to), name)
      lines.push({ kind: 'let', name, value: stored })
      if (kept) lines.push({ kind: 'store', to, spread: this.#terms.spreadOf(address, nest), value: named(name) })
    }
  }

  /** One turn of the innermost loop: the written-out terms of every point, in order. */
  #turn({ nest, summed }: Frame, sums: readonly string[]): Statement[] {
    const known = new Map<string, string>()
    const lines: Statement[] = []
    for (const written of combinations(this.#kernel.unrolled))
      nest.points.forEach((point, n) => {
        this.#term(sums[n]!, { point: new Map([...point, ...written]), nest, pointers: summed, known, lines })
      })
    return [...summed.compute(), ...lines]
  }

  /** One term into its sum. */
  #term(name: string, reading: Reading): void {
    const { reduction, value } = this.#kernel
    const { lines } = reading
    const set = (next: Value): void => void lines.push({ kind: 'set', name, value: next })
    if (reduction === 'sum' && this.#target.fuses && value.kind === 'call' && value.name === '*') {
      const [a, b] = value.parts.map((part) => this.#terms.vectorOf(part, reading)) as [Value, Value]
      set({ kind: 'fused', parts: [a, b, named(name)] })
    } else if (reduction === 'sum') set(sum(named(name), this.#terms.vectorOf(value, reading)))
    else if (reduction === 'max') {
      const term = this.#names.fresh('t')
      lines.push({ kind: 'let', name: term, value: this.#terms.vectorOf(value, reading) })
      // A NaN wins, and then stays: nothing is greater, nor is it less than anything.
      const isMore = compare('<', named(name), named(term))
      const isNoNumber = compare('!=', named(term), named(term))
      set({ kind: 'choose', mask: { kind: 'or', parts: [isMore, isNoNumber] }, yes: named(term), no: named(name) })
    } else {
      const isTrue = this.#terms.maskOf(value, reading)
      const order = this.#terms.vectorOf(placeAmongTerms(this.#kernel), reading)
      const isFirst = compare('<', named(name), numeral(0))
      set({ kind: 'choose', mask: { kind: 'and', parts: [isFirst, isTrue] }, yes: order, no: named(name) })
    }
  }

  /** The loops over summed axes. A guard stands where all its axes are known, and skips what is inside. */
  #summing(frame: Frame, sums: readonly string[]): Statement[] {
    const { summed, guards } = this.#kernel
    const isMoving = this.#target.pointers === 'moving'
    const turn = this.#turn(frame, sums)
    if (isMoving) for (const guard of guards) frame.summed.of(guard)
    const moves = (of: (pointer: ReturnType<Pointers['of']>) => Statement[]): Statement[] =>
      isMoving ? frame.summed.all.flatMap(of) : []
    const guarded = (depth: number, body: Statement[]): Statement[] =>
      guards
        .filter((guard) => summed.findLastIndex(({ name }) => guard.strides.has(name)) + 1 === depth)
        .reduce<Statement[]>((yes, guard) => {
          const pointers = isMoving ? frame.summed : frame.summed.apart('g')
          const from = pointers.spot(guard, frame.nest.points[0]!)
          const no = moves((pointer) => moveBy(pointer.name, moved(pointer, summed[depth])))
          return [...(isMoving ? [] : pointers.compute()), { kind: 'when', from, yes, no }]
        }, body)
    let body = guarded(summed.length, turn)
    for (let depth = summed.length - 1; depth >= 0; depth--) {
      const turns = moves((pointer) => advance(pointer, summed[depth]!, summed[depth + 1]))
      body = guarded(depth, this.#loop(summed[depth]!, [...body, ...turns]))
    }
    return body
  }
}
