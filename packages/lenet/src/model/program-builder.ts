// A program in the making: entries and single equations one after the other, then their derivatives, then the order.
import type { Input, Program, Trained, Update } from '../engine/program.ts'
import { bind } from '../equation/bind.ts'
import { type BoundEquation, loadsIn } from '../equation/bound.ts'
import { differentiate, squared } from '../equation/differentiate.ts'
import { parseEquation } from '../equation/parse.ts'
import { derive, sampleVariable, type Variable } from '../equation/variable.ts'
import type { NoiseSpec } from '../layers/layer.ts'
import type { Shape } from '../tensor.ts'
import { arrangeForward, arrangeMeetings, arrangeSteps } from './arrange.ts'
import { type BoundEntry, bindEntry, type Mode } from './bind-entry.ts'
import { gathered } from './gather.ts'
import type { Entry } from './model.ts'

export class ProgramBuilder {
  readonly #mode: Mode
  readonly #inputs: Input[] = []
  /** Inputs that are filled with random numbers. */
  readonly noise = new Map<Variable, NoiseSpec>()
  /** By their full names, in model order. */
  readonly parameters = new Map<string, Variable>()
  #forward: readonly BoundEquation[] = []
  /** None before gradients are asked for. */
  #backward: readonly BoundEquation[] | undefined
  #gradients: ReadonlyMap<Variable, Variable> = new Map()

  constructor(mode: Mode) {
    this.#mode = mode
  }

  /** A per-sample tensor that is filled from outside. */
  input(name: string, shape: Shape, element: Input['element']): Variable {
    const tensor = sampleVariable(name, shape)
    this.#inputs.push({ tensor, element })
    return tensor
  }

  /** An equation that belongs to no layer: what it gives, called `name`, from what the names in its text stand for. */
  equation(
    name: string,
    text: string,
    variables: Readonly<Record<string, Variable>>,
    shape: Shape,
    options: Record<string, number> = {},
  ): Variable {
    const y = sampleVariable(name, shape)
    this.#forward = [...this.#forward, ...bindOne(text, { ...variables, y }, options)]
    return y
  }

  entry(entry: Entry, inputs: readonly Variable[]): Variable {
    return this.#add(bindEntry(entry, this.#mode, inputs)).output
  }

  #add(bound: BoundEntry): BoundEntry {
    for (const [tensor, spec] of bound.noise) {
      this.noise.set(tensor, spec)
      this.#inputs.push({ tensor, element: 'float32' })
    }
    for (const [name, parameter] of bound.parameters) this.parameters.set(name, parameter)
    this.#forward = [...this.#forward, ...bound.equations]
    return bound
  }

  /** Gradients of `wanted` variables; that of `output` is `seed`. */
  differentiate(output: Variable, seed: Variable, wanted: ReadonlySet<Variable>): void {
    this.#forward = arrangeForward(this.#forward)
    const gradient = derive(output, 'gradient')
    const seeding = bindOne('y[...] += x[...]', { x: seed, y: gradient }, {})
    const { equations, gradients } = differentiate(this.#forward, wanted, new Map([[output, gradient]]))
    this.#backward = [...seeding, ...equations]
    this.#gradients = gradients
  }

  /**
   * Second derivatives in the place of gradients, for `wanted` parameters: those that the entry declares for what it reads,
   * and what flows back from there.
   */
  curve(entry: Entry, inputs: readonly Variable[], wanted: ReadonlySet<Variable>): void {
    const { seed } = this.#add(bindEntry(entry, 'curvature', inputs))
    this.#forward = arrangeForward(this.#forward)
    const { equations, gradients } = differentiate(this.#forward, wanted, new Map([[inputs[0]!, seed!]]), squared)
    this.#backward = equations
    this.#gradients = gradients
  }

  /** The gradient of a variable, where it has one. */
  gradientOf(variable: Variable): Variable | undefined {
    return this.#gradients.get(variable)
  }

  /** `wanted` are the parameters to change, in model order; those that nothing depends on are left out. */
  program(outputs: readonly Variable[], wanted: readonly Variable[] = [], update?: Update): Program {
    const forward = this.#backward === undefined ? arrangeForward(this.#forward) : this.#forward
    const equations = [...forward, ...(this.#backward ?? [])].map(gathered)
    const isShared = ({ target }: BoundEquation) => target.tensor.kind === 'shared'
    const { before, meet } = arrangeMeetings(equations.filter(isShared))
    const sample = [...arrangeSteps(equations.filter((equation) => !isShared(equation))), ...before]
    const met = new Set(meet.map(({ equation }) => equation.target.tensor))
    const trained = wanted.flatMap((parameter): Trained[] => {
      const gradient = this.#gradients.get(parameter)
      return gradient && met.has(gradient) ? [{ parameter, gradient }] : []
    })
    const used = new Set([...this.#inputs.map(({ tensor }) => tensor), ...outputs])
    for (const { equation } of [...sample, ...meet])
      for (const { tensor } of [equation.target, ...loadsIn(equation.value)]) if (!met.has(tensor)) used.add(tensor)
    return { tensors: [...used], inputs: this.#inputs, outputs, sample, meet, trained, ...(update && { update }) }
  }
}

function bindOne(
  text: string,
  variables: Readonly<Record<string, Variable>>,
  options: Record<string, number>,
): readonly BoundEquation[] {
  const { name } = variables.y!
  return bind([parseEquation(text)], { who: name, layer: name, options, variables: new Map(Object.entries(variables)) })
    .equations
}
