// A program in the making: entries and single equations one after the other, then their derivatives, then the order.
import { coversEach } from '../engine/fuse.ts'
import type { Input, Program, Step, TensorFact, Update } from '../engine/program.ts'
import { bind } from '../equation/bind.ts'
import { type BoundEquation, load, loadsIn, reach } from '../equation/bound.ts'
import { differentiate, gradientOf, squared, winnerOf } from '../equation/differentiate.ts'
import { parseEquation } from '../equation/parse.ts'
import type { NoiseSpec, Shape } from '../layers/layer.ts'
import { bindEntry, type Mode, outputOf } from './bind-entry.ts'
import type { Entry } from './model.ts'

export class Draft {
  readonly #mode: Mode
  readonly #tensors = new Map<string, TensorFact>()
  readonly #inputs: Input[] = []
  /** Inputs that are filled with random numbers. */
  readonly noise = new Map<string, NoiseSpec>()
  readonly #forward: BoundEquation[] = []
  #gradients: readonly BoundEquation[] = []

  constructor(mode: Mode) {
    this.#mode = mode
  }

  /** A per-sample tensor that is filled from outside. */
  input(tensor: string, shape: Shape, element: Input['element']): void {
    this.#tensors.set(tensor, { shape, kind: 'sample' })
    this.#inputs.push({ tensor, element })
  }

  shared(tensor: string, shape: Shape): void {
    this.#tensors.set(tensor, { shape, kind: 'shared' })
  }

  shapeOf(tensor: string): Shape {
    return this.#tensors.get(tensor)!.shape
  }

  /** An equation that belongs to no layer; `tensors` gives the program's name for each name in the text. */
  equation(
    text: string,
    tensors: Readonly<Record<string, string>>,
    output: Shape,
    options: Record<string, number> = {},
  ): void {
    this.#tensors.set(tensors.y!, { shape: output, kind: 'sample' })
    this.#forward.push(...this.#bind(text, tensors, options))
  }

  #bind(
    text: string,
    tensors: Readonly<Record<string, string>>,
    options: Record<string, number>,
  ): readonly BoundEquation[] {
    const shapes = new Map(Object.entries(tensors).map(([own, full]) => [own, this.shapeOf(full)]))
    return bind([parseEquation(text)], {
      who: tensors.y!,
      layer: tensors.y!.split('.')[0]!,
      options,
      shapes,
      rename: (own) => tensors[own]!,
    }).equations
  }

  entry(entry: Entry): void {
    const bound = bindEntry(entry, this.#mode)
    for (const [name, fact] of bound.tensors) this.#tensors.set(name, fact)
    for (const [name, spec] of bound.noise) {
      this.noise.set(name, spec)
      this.#inputs.push({ tensor: name, element: 'float32' })
    }
    this.#forward.push(...bound.equations)
  }

  /** Gradients of `wanted` tensors; that of `output` is `seed`, a tensor of the program. */
  differentiate(output: string, seed: string, wanted: ReadonlySet<string>): void {
    this.#tensors.set(gradientOf(output), { shape: this.shapeOf(output), kind: 'sample' })
    const seeding = this.#bind('y[...] += x[...]', { x: seed, y: gradientOf(output) }, {})
    this.#gradients = [...seeding, ...differentiate(this.#forward, wanted, [output])]
    this.#addGradients()
  }

  /**
   * Second derivatives in the place of gradients, for `wanted` parameters: those that the entry declares for what it reads,
   * and what flows back from there.
   */
  curve(entry: Entry, wanted: ReadonlySet<string>): void {
    const before = [...this.#forward]
    const bound = bindEntry(entry, 'curvature')
    for (const [name, fact] of bound.tensors) this.#tensors.set(name, fact)
    this.#forward.push(...bound.equations)
    this.#gradients = differentiate(before, wanted, [outputOf(entry.inputs[0]!)], squared)
    this.#addGradients()
  }

  #addGradients(): void {
    const winners = new Map(
      this.#forward
        .filter(({ reduction }) => reduction === 'max')
        .map(({ target }) => [winnerOf(target.tensor), target.tensor]),
    )
    for (const { target } of this.#gradients) {
      const { shape, kind } = this.#tensors.get(
        winners.get(target.tensor) ?? target.tensor.slice(gradientOf('').length),
      )!
      if (!this.#tensors.has(target.tensor)) this.#tensors.set(target.tensor, { shape, kind })
    }
  }

  /** `trained` are the parameters to change, in model order. */
  program(outputs: readonly string[], trained: readonly string[] = [], update?: Update): Program {
    this.#fillBorders()
    const shared = (equation: BoundEquation) => this.#tensors.get(equation.target.tensor)!.kind === 'shared'
    const equations = [...this.#forward, ...this.#gradients]
    const gradients = equations.filter(shared)
    const meet = gradients.map((equation, at) => ({
      equation,
      onto: gradients.slice(0, at).some(({ target }) => target.tensor === equation.target.tensor),
    }))
    const sample = this.#order(equations.filter((equation) => !shared(equation)))
    const used = new Set(
      [...sample, ...meet].flatMap(({ equation }) => [
        equation.target.tensor,
        ...loadsIn(equation.value).map(({ tensor }) => tensor),
      ]),
    )
    const isGradient = new Set(meet.map(({ equation }) => equation.target.tensor))
    const parameters = trained.filter((name) => isGradient.has(gradientOf(name)))
    const tensors = new Map(
      [...this.#tensors].filter(([name]) => (used.has(name) && !isGradient.has(name)) || outputs.includes(name)),
    )
    return { tensors, inputs: this.#inputs, outputs, sample, meet, parameters, update }
  }

  /** Marks what was written before; a scatter onto something goes by a tensor of its own. */
  #order(equations: readonly BoundEquation[]): Step[] {
    const written = new Set<string>()
    const facts = { tensors: this.#tensors } as unknown as Program
    return equations.flatMap((equation): Step[] => {
      const { tensor } = equation.target
      const onto = written.has(tensor) && equation.reduction !== 'set'
      written.add(tensor)
      if (!onto || coversEach(equation, equation.target, facts)) return [{ equation, onto }]
      const part = `${tensor}.part${written.size}`
      const { shape } = this.#tensors.get(tensor)!
      this.#tensors.set(part, { shape, kind: 'sample' })
      written.add(part)
      const names = shape.map((_, at) => `a${at}`)
      const indices = names.map((name) => ({ constant: 0, terms: [[name, 1]] as const }))
      const axes = names.map((name, at) => ({ name, extent: shape[at]! }))
      return [
        { equation: { ...equation, target: { ...equation.target, tensor: part } }, onto: false },
        {
          equation: {
            ...equation,
            text: `${tensor} += ${part}`,
            target: { tensor, indices },
            reduction: 'sum',
            value: load({ tensor: part, indices }),
            axes,
          },
          onto: true,
        },
      ]
    })
  }

  /** A maximum that looks over the edge finds −∞ there; where another reader wants 0, it reads a copy. */
  #fillBorders(): void {
    for (const equation of this.#forward)
      if (equation.reduction === 'max')
        for (const access of loadsIn(equation.value)) {
          const fact = this.#tensors.get(access.tensor)!
          const over = access.indices.some((index, at) => {
            const [low, high] = reach(index, equation.axes)
            return low < 0 || high >= fact.shape[at]!
          })
          if (over && fact.kind === 'sample')
            this.#tensors.set(access.tensor, { ...fact, fill: Number.NEGATIVE_INFINITY })
        }
  }
}
