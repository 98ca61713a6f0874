// The definition: equations read one scalar at a time. In float32 (each operation rounded) it says what every other engine
// must give, to the last bit; in float64, with exact functions, it checks the mathematics.
import type { Variable } from '../equation/variable.ts'
import {
  checkValues,
  type Input,
  type Machine,
  type Program,
  rowSize,
  type Step,
  sizeOf,
  type Update,
} from './program.ts'
import { Meeting } from './reference-meeting.ts'
import type { Precision } from './reference-scalar.ts'
import { type Context, type Numbers, roundingOf, termsOf } from './reference-terms.ts'

/** Runs a program by interpretation: slow, and plain enough to trust. */
export function referenceMachine(program: Program, capacity: number, precision: Precision = 'float32'): Machine {
  return new ReferenceMachine(program, capacity, precision)
}

class ReferenceMachine implements Machine {
  readonly capacity: number
  readonly threads = 1
  readonly #program: Program
  readonly #precision: Precision
  readonly #store = new Map<Variable, Numbers>()
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

/** One equation for one sample. */
function compileStep({ equation, onto }: Step, context: Context): () => void {
  const terms = termsOf(equation, context)
  const target = context.store.get(equation.target.tensor)!
  const round = roundingOf(context.precision)
  const adds = equation.reduction === 'sum'
  return () => {
    const { values, visited } = terms()
    if (!onto) target.set(values)
    else
      for (let at = 0; at < target.length; at++)
        if (visited[at] === 1) target[at] = adds ? round(target[at]! + values[at]!) : values[at]!
  }
}
