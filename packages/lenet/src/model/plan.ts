// Net → program: forward equations, the loss, their derivatives, and the order in which everything runs.
import { type BoundEquation, load, loadsIn, reach } from '../equation/bound.ts'
import { coversEach } from '../engine/fuse.ts'
import type { Input, Program, Step, TensorFact, Update } from '../engine/program.ts'
import { bind } from '../equation/bind.ts'
import { differentiate, gradientOf, winnerOf } from '../equation/differentiate.ts'
import { parseEquation } from '../equation/parse.ts'
import type { Layer, NoiseSpec } from '../layers/layer.ts'
import { bindEntry, type Mode, outputOf } from './bind-entry.ts'
import { type Entry, INPUT, type Net, parametersOf, titleOf } from './model.ts'

/** Per-sample inputs and shared numbers that every planned model has. */
export const names = {
  pixels: 'pixels',
  /** value = pixel · scale + shift, one of each for a channel. */
  scale: 'input.scale',
  shift: 'input.shift',
  label: 'label',
  loss: outputOf('loss'),
  /** What each sample's loss counts: 1 over the batch. */
  weight: 'loss.weight',
} as const

export interface Plan {
  readonly program: Program
  /** The tensor that holds the model's scores. */
  readonly scores: string
  /** Inputs that are filled with random numbers. */
  readonly noise: ReadonlyMap<string, NoiseSpec>
}

export interface TrainingPlan {
  readonly loss: Layer
  /** Targets are 1 − smoothing + smoothing/classes for the label and smoothing/classes for the others. */
  readonly labelSmoothing: number
  readonly update?: Update
  /** Parameters that stay as they are. */
  readonly frozen?: ReadonlySet<string>
}

/** Scores for each sample, and after them what `after` computes from them. */
export function planPrediction(net: Net, element: Input['element'], after: readonly Layer[] = [], outputs: readonly string[] = []): Plan {
  const draft = new Draft(net, 'predict', element)
  const scores = draft.forward()
  let last = scores
  after.forEach((layer, at) => {
    last = draft.append(`after${at}`, layer, [last])
  })
  return { program: draft.program([...new Set([outputOf(scores), outputOf(last), ...outputs])]), scores: outputOf(scores), noise: new Map() }
}

/** Scores, loss and gradients for each batch, and the update. */
export function planTraining(net: Net, element: Input['element'], training: TrainingPlan): Plan {
  const draft = new Draft(net, 'train', element)
  const scores = draft.forward()
  draft.target(scores, training.labelSmoothing)
  draft.append('loss', training.loss, [scores, 'target'])
  draft.backward(training)
  const outputs = [outputOf(scores), names.loss]
  return { program: draft.program(outputs, training.update), scores: outputOf(scores), noise: draft.noise }
}

/** Loss and scores without learning: evaluation. */
export function planEvaluation(net: Net, element: Input['element'], loss: Layer): Plan {
  const draft = new Draft(net, 'predict', element)
  const scores = draft.forward()
  draft.target(scores, 0)
  draft.append('loss', loss, [scores, 'target'])
  return { program: draft.program([outputOf(scores), names.loss]), scores: outputOf(scores), noise: new Map() }
}

class Draft {
  readonly #net: Net
  readonly #mode: Mode
  readonly #tensors = new Map<string, TensorFact>()
  readonly #inputs: Input[] = []
  readonly noise = new Map<string, NoiseSpec>()
  readonly #forward: BoundEquation[] = []
  #gradients: readonly BoundEquation[] = []
  #trained: readonly string[] = []

  constructor(net: Net, mode: Mode, element: Input['element']) {
    this.#net = net
    this.#mode = mode
    this.#input(names.pixels, net.input, element)
    const perChannel = net.input.length === 3
    for (const name of [names.scale, names.shift]) this.#tensors.set(name, { shape: perChannel ? [net.input[0]!] : [], kind: 'shared' })
    const channel = perChannel ? '[c]' : '[]'
    this.#equation(INPUT, `y[...] = pixels[...] * scale${channel} + shift${channel}`, { pixels: names.pixels, scale: names.scale, shift: names.shift, y: outputOf(INPUT) }, net.input)
  }

  #input(tensor: string, shape: readonly number[], element: Input['element']): void {
    this.#tensors.set(tensor, { shape, kind: 'sample' })
    this.#inputs.push({ tensor, element })
  }

  /** An equation that belongs to no layer of the model. */
  #equation(layer: string, text: string, tensors: Readonly<Record<string, string>>, output: readonly number[], options: Record<string, number> = {}): void {
    this.#tensors.set(tensors.y!, { shape: output, kind: 'sample' })
    const shapes = new Map(Object.entries(tensors).map(([own, full]) => [own, this.#tensors.get(full)!.shape]))
    this.#forward.push(...bind([parseEquation(text)], { who: layer, layer, options, shapes, rename: (own) => tensors[own]! }).equations)
  }

  /** Every layer of the net; gives the name of the last. */
  forward(): string {
    for (const entry of this.#net.entries) this.#append(entry)
    return this.#net.entries.at(-1)!.name
  }

  #append(entry: Entry): void {
    const bound = bindEntry(entry, this.#mode)
    for (const [name, fact] of bound.tensors) this.#tensors.set(name, fact)
    for (const [name, spec] of bound.noise) {
      this.noise.set(name, spec)
      this.#inputs.push({ tensor: name, element: 'float32' })
    }
    this.#forward.push(...bound.equations)
  }

  append(name: string, layer: Layer, inputs: readonly string[]): string {
    const inputShapes = inputs.map((input) => this.#tensors.get(outputOf(input))!.shape)
    const output = layer.definition.output(inputShapes[0]!, layer.options as never, ...inputShapes.slice(1))
    this.#append({ name, layer, inputs, inputShapes, output, parameters: [] })
    return name
  }

  /** Labels become rows of weights. */
  target(scores: string, smoothing: number): void {
    const shape = this.#tensors.get(outputOf(scores))!.shape
    if (shape.length !== 1) throw new Error(`${titleOf(scores, this.#net.entries.at(-1)!.layer)}: a model that is trained gives one score a class, not [${shape}]`)
    this.#input(names.label, [], 'float32')
    const off = smoothing / shape[0]!
    this.#equation('target', 'y[k] = label[] == k ? on : off', { label: names.label, y: outputOf('target') }, shape, { on: 1 - smoothing + off, off })
  }

  backward({ frozen }: TrainingPlan): void {
    this.#trained = parametersOf(this.#net).map(({ name }) => name).filter((name) => !frozen?.has(name))
    this.#tensors.set(names.weight, { shape: [], kind: 'shared' })
    this.#equation('loss', 'y[] = weight[]', { weight: names.weight, y: gradientOf(names.loss) }, [])
    const seed = this.#forward.pop()!
    this.#gradients = [seed, ...differentiate(this.#forward, new Set(this.#trained), [names.loss])]
    const winners = new Map(this.#forward.filter(({ reduction }) => reduction === 'max').map(({ target }) => [winnerOf(target.tensor), target.tensor]))
    for (const { target } of this.#gradients) {
      const source = winners.get(target.tensor) ?? target.tensor.slice(gradientOf('').length)
      const { shape, kind } = this.#tensors.get(source)!
      if (!this.#tensors.has(target.tensor)) this.#tensors.set(target.tensor, { shape, kind })
    }
  }

  program(outputs: readonly string[], update?: Update): Program {
    this.#fillBorders()
    const shared = (equation: BoundEquation) => this.#tensors.get(equation.target.tensor)!.kind === 'shared'
    const equations = [...this.#forward, ...this.#gradients]
    const meet = equations.filter(shared).map((equation) => ({ equation, onto: false }))
    const sample = this.#order(equations.filter((equation) => !shared(equation)))
    const used = new Set([...sample, ...meet].flatMap(({ equation }) => [equation.target.tensor, ...loadsIn(equation.value).map(({ tensor }) => tensor)]))
    const isGradient = new Set(meet.map(({ equation }) => equation.target.tensor))
    const trained = this.#trained.filter((name) => isGradient.has(gradientOf(name)))
    const tensors = new Map([...this.#tensors].filter(([name]) => (used.has(name) && !isGradient.has(name)) || outputs.includes(name) || trained.includes(name)))
    return { tensors, inputs: this.#inputs, outputs, sample, meet, parameters: trained, update }
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
        { equation: { ...equation, text: `${tensor} += ${part}`, target: { tensor, indices }, reduction: 'sum', value: load({ tensor: part, indices }), axes }, onto: true },
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
          if (over && fact.kind === 'sample') this.#tensors.set(access.tensor, { ...fact, fill: Number.NEGATIVE_INFINITY })
        }
  }
}
