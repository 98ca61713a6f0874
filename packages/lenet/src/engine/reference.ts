// The definition: equations read one scalar at a time, every access checked. In float32 (each operation rounded) it says
// what every other engine must give, to the last bit; in float64, with exact functions, it checks the mathematics.
import { type Affine, type BoundAccess, type BoundEquation, constantFactors, type Value } from '../equation/bound.ts'
import type { Variable } from '../equation/variable.ts'
import {
  checkValues,
  type Input,
  type Machine,
  type Program,
  rowSize,
  SHARES,
  type Step,
  sizeOf,
  TILE,
  type Update,
} from './program.ts'
import { type Precision, type Reader, scalarOf } from './reference-scalar.ts'

type Numbers = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>
type Store = Map<Variable, Numbers>

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
  readonly #inputs = new Map<Variable, (Uint8Array | Float32Array | Float64Array)[]>()
  readonly #outputs = new Map<Variable, Numbers>()
  readonly #sample: readonly (() => void)[]
  readonly #meet: readonly Meeting[]
  readonly #update: readonly (() => void)[]
  #pending: [number, 0 | 1] = [0, 0]

  constructor(program: Program, capacity: number, precision: Precision) {
    this.#program = program
    this.#precision = precision
    this.capacity = capacity
    for (const tensor of [...program.tensors, ...program.trained.map(({ gradient }) => gradient)]) {
      const values = this.#numbers(sizeOf(tensor.shape))
      if (tensor.data !== undefined) values.set(tensor.data)
      this.#store.set(tensor, values)
    }
    if (program.update !== undefined) this.#makeRows(program, program.update)
    for (const input of program.inputs)
      this.#inputs.set(input.tensor, [this.#inputArray(input), this.#inputArray(input)])
    for (const tensor of program.outputs) this.#outputs.set(tensor, this.#numbers(capacity * sizeOf(tensor.shape)))
    const context: Context = { store: this.#store, precision }
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
    const size = this.capacity * sizeOf(tensor.shape)
    return element === 'uint8' ? new Uint8Array(size) : this.#numbers(size)
  }

  /** What an update works on: rows of which the parameters and their gradients are windows, state, settings. */
  #makeRows(program: Program, { equations, parameters, gradients, state, settings }: Update): void {
    const size = rowSize(program)
    for (const row of [...equations.map(({ target }) => target.tensor), parameters, gradients, ...state.values()])
      this.#store.set(row, this.#numbers(size))
    for (const setting of settings.values()) this.#store.set(setting, this.#numbers(1))
    let at = 0
    for (const { parameter, gradient } of program.trained) {
      const end = at + sizeOf(parameter.shape)
      this.#store.set(parameter, this.#store.get(parameters)!.subarray(at, end) as Numbers)
      this.#store.set(gradient, this.#store.get(gradients)!.subarray(at, end) as Numbers)
      at = end
    }
  }

  input(tensor: Variable, slot: 0 | 1 = 0) {
    return this.#inputs.get(tensor)![slot] as Uint8Array | Float32Array
  }

  output(tensor: Variable): Float32Array {
    return this.#outputs.get(tensor)! as Float32Array
  }

  read(tensor: Variable): Float32Array {
    return this.#store.get(tensor)!.slice() as Float32Array
  }

  write(tensor: Variable, values: ArrayLike<number>): void {
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
    const { update } = this.#program
    if (update === undefined) return
    this.#store.get(update.gradients)!.fill(0)
    for (const meeting of this.#meet) meeting.total()
    for (const run of this.#update) run()
  }

  close(): void {}
}

interface Context {
  readonly store: Store
  readonly precision: Precision
}

/** One equation as a loop over its axes; the axes' values live in `at`. */
function compileStep({ equation, onto }: Step, context: Context): () => void {
  const terms = termsOf(equation, context)
  const target = context.store.get(equation.target.tensor)!
  const round = context.precision === 'float32' ? Math.fround : (value: number) => value
  const adds = equation.reduction === 'sum'
  return () => {
    const { values, visited } = terms()
    if (!onto) target.set(values)
    else
      for (let at = 0; at < target.length; at++)
        if (visited[at] === 1) target[at] = adds ? round(target[at]! + values[at]!) : values[at]!
  }
}

interface Terms {
  /** What the terms of each element came to. What no term reaches is +0. */
  readonly values: Numbers
  /** 1 for an element that the target's indices reach. */
  readonly visited: Uint8Array
}

/** Puts together all terms of an equation, each element's in the order of the axes. */
function termsOf(equation: BoundEquation, context: Context): () => Terms {
  const { axes, reduction, target } = equation
  const at: Axes = { slots: new Map(axes.map(({ name }, slot) => [name, slot])), values: new Int32Array(axes.length) }
  const place = placeOf(target, at)
  const value = compileValue(equation.value, at, { ...context, outside: equation.outside })
  const absent = absentTerm(equation, at, context)
  const values = context.store.get(target.tensor)!.slice() as Numbers
  const combine = combiner(reduction, context.precision)
  const start = reduction === 'max' ? Number.NEGATIVE_INFINITY : reduction === 'first' ? -1 : 0
  const [visited, present] = [new Uint8Array(values.length), new Uint8Array(values.length)]
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
    // A gradient flows to the border, too; there is nothing.
    if (element < 0) return
    const nth = seen[element]!++
    visited[element] = 1
    if (absent()) return
    present[element] = 1
    values[element] = combine(values[element]!, value(), nth)
  }
  // A place that no term takes is −1; any other element without a term is +0.
  const reached = reduction === 'first' ? visited : present
  return () => {
    values.fill(start)
    for (const counter of [visited, present, seen]) counter.fill(0)
    walk(0)
    for (let element = 0; element < values.length; element++) if (reached[element] === 0) values[element] = 0
    return { values, visited }
  }
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
function placeOf({ tensor, indices }: BoundAccess, at: Axes): Reader {
  const parts = indices.map((index, axis) => ({ index: compileAffine(index, at), extent: tensor.shape[axis]! }))
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

function compileValue(value: Value, at: Axes, context: Context & { readonly outside: number }): Reader {
  const round = context.precision === 'float32' ? Math.fround : (exact: number) => exact
  switch (value.kind) {
    case 'number': {
      const constant = round(value.value)
      return () => constant
    }
    case 'index':
      return compileAffine(value.index, at)
    case 'load': {
      const values = context.store.get(value.access.tensor)!
      const place = placeOf(value.access, at)
      return () => {
        const element = place()
        return element < 0 ? context.outside : values[element]!
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
function absentTerm({ value }: BoundEquation, at: Axes, context: Context): () => boolean {
  const readers = constantFactors(value).map((access) =>
    compileValue({ kind: 'load', access }, at, { ...context, outside: 0 }),
  )
  return () => readers.some((read) => read() === 0)
}

/** The equations into one shared tensor: sixteen sums side by side, joined as the definition says, one after the other. */
class Meeting {
  readonly #equations: readonly { readonly terms: () => Terms; readonly tile: Numbers[] }[]
  readonly #target: Numbers
  readonly #shares: (Numbers | undefined)[] = []
  #tiles = 0
  readonly #round: (value: number) => number

  constructor(steps: readonly Step[], context: Context) {
    this.#equations = steps.map(({ equation }) => ({ terms: termsOf(equation, context), tile: [] }))
    this.#target = context.store.get(steps[0]!.equation.target.tensor)!
    this.#round = context.precision === 'float32' ? Math.fround : (value) => value
  }

  add(sample: number, last: boolean): void {
    for (const { terms, tile } of this.#equations) tile.push(terms().values.slice() as Numbers)
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
