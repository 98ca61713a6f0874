// The definition: equations read one scalar at a time, every access checked. In float32 (each operation rounded) it says
// what every other engine must give, to the last bit; in float64, with exact functions, it checks the mathematics.
import { type Affine, type BoundAccess, type BoundEquation, constantFactors, type Value } from '../equation/bound.ts'
import { checkValues, type Input, type Machine, type Program, SHARES, type Step, sizeOf, TILE } from './program.ts'
import { type Precision, type Reader, scalarOf } from './reference-scalar.ts'

type Numbers = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>
type Store = Map<string, Numbers>

/** Runs a program by interpretation: slow, and plain enough to trust. */
export function referenceMachine(program: Program, capacity: number, precision: Precision = 'float32'): Machine {
  return new ReferenceMachine(program, capacity, precision)
}

class ReferenceMachine implements Machine {
  readonly capacity: number
  readonly threads = 1
  readonly #program: Program
  readonly #precision: Precision
  readonly #store: Store = new Map()
  readonly #inputs = new Map<string, (Uint8Array | Float32Array | Float64Array)[]>()
  readonly #outputs = new Map<string, Numbers>()
  readonly #sample: readonly (() => void)[]
  readonly #meet: readonly Meeting[]
  readonly #update: readonly (() => void)[]
  #pending: [number, 0 | 1] = [0, 0]

  constructor(program: Program, capacity: number, precision: Precision) {
    this.#program = program
    this.#precision = precision
    this.capacity = capacity
    for (const [name, { shape, data }] of program.tensors) {
      const values = this.#numbers(sizeOf(shape))
      if (data !== undefined) values.set(data)
      this.#store.set(name, values)
    }
    const size = program.parameters.reduce((sum, name) => sum + sizeOf(program.tensors.get(name)!.shape), 0)
    for (const name of [
      'p',
      'g',
      ...(program.update?.state ?? []),
      ...(program.update?.equations ?? []).map(({ target }) => target.tensor),
    ])
      this.#store.set(name, this.#numbers(size))
    for (const name of program.update?.settings ?? []) this.#store.set(name, this.#numbers(1))
    this.#sharePlaces('p', '')
    this.#sharePlaces('g', 'd_')
    for (const input of program.inputs)
      this.#inputs.set(input.tensor, [this.#inputArray(input), this.#inputArray(input)])
    for (const name of program.outputs)
      this.#outputs.set(name, this.#numbers(capacity * sizeOf(program.tensors.get(name)!.shape)))
    const context: Context = { program, store: this.#store, precision }
    this.#sample = program.sample.map((step) => compileStep(step, context))
    this.#meet = [...new Set(program.meet.map(({ equation }) => equation.target.tensor))].map(
      (tensor) =>
        new Meeting(
          program.meet.filter(({ equation }) => equation.target.tensor === tensor),
          context,
        ),
    )
    this.#update = (program.update?.equations ?? []).map((equation) => compileStep({ equation, onto: false }, context))
  }

  #numbers(size: number): Numbers {
    return this.#precision === 'float32' ? new Float32Array(size) : new Float64Array(size)
  }

  #inputArray({ tensor, element }: Input): Uint8Array | Numbers {
    const size = this.capacity * sizeOf(this.#program.tensors.get(tensor)!.shape)
    return element === 'uint8' ? new Uint8Array(size) : this.#numbers(size)
  }

  /** Parameters are windows into `p`, their gradients into `g`. */
  #sharePlaces(whole: string, prefix: string): void {
    const all = this.#store.get(whole)!
    let at = 0
    for (const name of this.#program.parameters) {
      const size = sizeOf(this.#program.tensors.get(name)!.shape)
      this.#store.set(prefix + name, all.subarray(at, at + size) as Numbers)
      at += size
    }
  }

  input(tensor: string, slot: 0 | 1 = 0) {
    return this.#inputs.get(tensor)![slot] as Uint8Array | Float32Array
  }

  output(tensor: string): Float32Array {
    return this.#outputs.get(tensor)! as Float32Array
  }

  read(tensor: string): Float32Array {
    return this.#store.get(tensor)!.slice() as Float32Array
  }

  write(tensor: string, values: ArrayLike<number>): void {
    const own = this.#store.get(tensor)
    checkValues(tensor, values, own?.length)
    own!.set(values)
  }

  start(samples: number, slot: 0 | 1 = 0): void {
    this.#pending = [samples, slot]
  }

  finish(): void {
    const [samples, slot] = this.#pending
    for (let sample = 0; sample < samples; sample++) {
      for (const { tensor } of this.#program.inputs) {
        const values = this.#store.get(tensor)!
        values.set(this.#inputs.get(tensor)![slot]!.subarray(sample * values.length, (sample + 1) * values.length))
      }
      for (const run of this.#sample) run()
      for (const [name, rows] of this.#outputs) rows.set(this.#store.get(name)!, sample * this.#store.get(name)!.length)
      for (const meeting of this.#meet) meeting.add(sample, sample === samples - 1)
    }
    if (this.#program.update === undefined) return
    this.#store.get('g')!.fill(0)
    for (const meeting of this.#meet) meeting.total()
    for (const run of this.#update) run()
  }

  close(): void {}
}

interface Context {
  readonly program: Program
  readonly store: Store
  readonly precision: Precision
}

/** One equation as a loop over its axes; the axes' values live in `at`. */
function compileStep({ equation, onto }: Step, context: Context): () => void {
  const sums = termsOf(equation, context)
  const target = context.store.get(equation.target.tensor)!
  const round = context.precision === 'float32' ? Math.fround : (value: number) => value
  return () => {
    const values = sums()
    if (onto) for (let at = 0; at < target.length; at++) target[at] = round(target[at]! + values[at]!)
    else target.set(values)
  }
}

/** Adds up all terms of an equation, each element in the order of the axes. */
function termsOf(equation: BoundEquation, context: Context): () => Numbers {
  const { axes, reduction, target } = equation
  const at: Axes = { slots: new Map(axes.map(({ name }, slot) => [name, slot])), values: new Int32Array(axes.length) }
  const place = placeOf(target, shapeOf(target, context), at)
  const value = compileValue(equation.value, at, context)
  const absent = absentTerm(equation.value, at, context)
  const values = context.store.get(target.tensor)!.slice() as Numbers
  const combine = combiner(reduction, context.precision)
  const start = reduction === 'max' ? Number.NEGATIVE_INFINITY : reduction === 'first' ? -1 : 0
  const seen = new Uint32Array(values.length)
  const walk = (depth: number): void => {
    const axis = axes[depth]
    if (axis !== undefined) {
      for (let index = 0; index < axis.extent; index++) {
        at.values[depth] = index
        walk(depth + 1)
      }
      return
    }
    const element = place()
    if (element >= 0 && !absent()) values[element] = combine(values[element]!, value(), seen[element]!++)
  }
  return () => {
    values.fill(start)
    seen.fill(0)
    walk(0)
    return values
  }
}

/** A gradient has its parameter's shape; what an optimizer works on is one row of numbers, or one. */
function shapeOf({ tensor, indices }: BoundAccess, { program, store }: Context): readonly number[] {
  const fact = program.tensors.get(tensor) ?? program.tensors.get(tensor.replace(/^d_/, ''))
  return fact?.shape ?? (indices.length === 0 ? [] : [store.get(tensor)!.length])
}

function combiner(
  reduction: BoundEquation['reduction'],
  precision: Precision,
): (sum: number, term: number, place: number) => number {
  if (reduction === 'set') return (_, term) => term
  if (reduction === 'max') return (best, term) => (best < term || Number.isNaN(term) ? term : best)
  if (reduction === 'first') return (found, term, place) => (found < 0 && term !== 0 ? place : found)
  return precision === 'float32' ? (sum, term) => Math.fround(sum + term) : (sum, term) => sum + term
}

/** Where every axis stands. */
interface Axes {
  readonly slots: ReadonlyMap<string, number>
  readonly values: Int32Array
}

/** Position in a tensor's array, or −1 outside its shape. */
function placeOf({ indices }: BoundAccess, shape: readonly number[], at: Axes): Reader {
  const parts = indices.map((index, axis) => ({ index: compileAffine(index, at), extent: shape[axis]! }))
  return () => {
    let place = 0
    for (const { index, extent } of parts) {
      const value = index()
      if (value < 0 || value >= extent) return -1
      place = place * extent + value
    }
    return place
  }
}

function compileAffine({ constant, terms }: Affine, at: Axes): Reader {
  const { values } = at
  const slots = terms.map(([axis]) => at.slots.get(axis)!)
  const [a = 0, b = 0] = slots
  const [first = 0, second = 0] = terms.map(([, coefficient]) => coefficient)
  if (terms.length === 1 && first === 1 && constant === 0) return () => values[a]!
  if (terms.length === 2) return () => constant + first * values[a]! + second * values[b]!
  return () => terms.reduce((sum, [, coefficient], n) => sum + coefficient * values[slots[n]!]!, constant)
}

function compileValue(value: Value, at: Axes, context: Context): Reader {
  const round = context.precision === 'float32' ? Math.fround : (exact: number) => exact
  switch (value.kind) {
    case 'number': {
      const constant = round(value.value)
      return () => constant
    }
    case 'index':
      return compileAffine(value.index, at)
    case 'load': {
      const fact = context.program.tensors.get(value.access.tensor)
      const values = context.store.get(value.access.tensor)!
      const place = placeOf(value.access, shapeOf(value.access, context), at)
      const outside = fact?.fill ?? 0
      return () => {
        const element = place()
        return element < 0 ? outside : values[element]!
      }
    }
    case 'call': {
      const operate = scalarOf(value.name, context.precision)
      const [a, b = () => 0, c = () => 0] = value.parts.map((part) => compileValue(part, at, context))
      return () => operate(a!(), b(), c())
    }
  }
}

/** A term with a zero constant among its factors is no term. */
function absentTerm(value: Value, at: Axes, context: Context): () => boolean {
  const constants = constantFactors(value, (tensor) => context.program.tensors.get(tensor)?.kind === 'constant')
  const readers = constants.map((access) => compileValue({ kind: 'load', access }, at, context))
  return () => readers.some((read) => read() === 0)
}

/** The equations into one shared tensor: sixteen sums side by side, joined as the definition says, one after the other. */
class Meeting {
  readonly #equations: readonly { readonly sums: () => Numbers; readonly tile: Numbers[] }[]
  readonly #target: Numbers
  readonly #shares: (Numbers | undefined)[] = []
  #tiles = 0
  readonly #round: (value: number) => number

  constructor(steps: readonly Step[], context: Context) {
    this.#equations = steps.map(({ equation }) => ({ sums: termsOf(equation, context), tile: [] }))
    this.#target = context.store.get(steps[0]!.equation.target.tensor)!
    this.#round = context.precision === 'float32' ? Math.fround : (value) => value
  }

  add(sample: number, last: boolean): void {
    for (const { sums, tile } of this.#equations) tile.push(sums().slice() as Numbers)
    if ((sample + 1) % TILE === 0 || last) this.#endTile()
  }

  #endTile(): void {
    const share = this.#tiles++ % SHARES
    const sums = this.#shares[share] ?? (this.#target.slice().fill(0) as Numbers)
    for (const { tile } of this.#equations) {
      for (let at = 0; at < sums.length; at++) sums[at] = this.#round(sums[at]! + this.#joined(tile, at))
      tile.length = 0
    }
    this.#shares[share] = sums
  }

  /** ((q0+q1)+q2)+q3 in each lane, then the lanes as (0+2)+(1+3); an absent sample is +0. */
  #joined(tile: readonly Numbers[], at: number): number {
    const lanes = [0, 0, 0, 0]
    for (let sample = 0; sample < TILE; sample++) {
      const value = tile[sample]?.[at] ?? 0
      lanes[sample & 3] = sample < 4 ? value : this.#round(lanes[sample & 3]! + value)
    }
    return this.#round(this.#round(lanes[0]! + lanes[2]!) + this.#round(lanes[1]! + lanes[3]!))
  }

  /** Adds the shares, in order, to the target. */
  total(): void {
    for (const share of this.#shares)
      if (share !== undefined)
        for (let at = 0; at < share.length; at++) this.#target[at] = this.#round(this.#target[at]! + share[at]!)
    this.#shares.length = 0
    this.#tiles = 0
  }
}
