// Layers that nobody would write: equations drawn from a row of numbers, so that a failing one shrinks with the row.
// Indices run backwards, jump, overlap and look over edges; constants switch terms off; targets are written in parts.
import { fanIn, type LayerDefinition, type ParameterSpec } from '../layers/layer.ts'

interface DrawnAxis {
  readonly name: string
  readonly extent: number
}

/** An index as text, with how far it goes. */
interface DrawnIndex {
  readonly terms: readonly (readonly [axis: DrawnAxis, factor: number])[]
  readonly low: number
  readonly high: number
}

export interface DrawnLayer {
  readonly definition: LayerDefinition
  readonly input: readonly number[]
}

/** @param row whole numbers from 0; beyond its end every choice is the first. */
export function drawLayer(row: readonly number[]): DrawnLayer {
  return new Drawing(row).layer()
}

class Drawing {
  readonly #row: readonly number[]
  #at = 0
  #named = 0
  readonly #shapes = new Map<string, readonly number[]>()
  readonly #parameters: Record<string, ParameterSpec> = {}
  readonly #constants: Record<string, { shape: readonly number[]; data: Float32Array }> = {}
  readonly #readable: string[] = ['x']

  constructor(row: readonly number[]) {
    this.#row = row
  }

  #below(count: number): number {
    return (this.#row[this.#at++] ?? 0) % count
  }

  #pick<T>(...choices: readonly T[]): T {
    return choices[this.#below(choices.length)]!
  }

  layer(): DrawnLayer {
    const input = Array.from({ length: 1 + this.#below(3) }, () => 1 + this.#below(5))
    this.#shapes.set('x', input)
    const equations = Array.from({ length: this.#below(3) }, (_, at) => this.#target(`t${at}`)).flat()
    equations.push(...this.#target('y'))
    const output = this.#shapes.get('y')!
    return {
      input,
      definition: {
        name: 'drawn',
        summary: 'Drawn at random.',
        options: {},
        output: () => output,
        parameters: () => this.#parameters,
        constants: () => this.#constants,
        equations,
        examples: [],
      },
    }
  }

  /** One or two equations that write a new tensor. */
  #target(name: string): string[] {
    const axes = this.#axes(1 + this.#below(3))
    const places = this.#place(axes)
    const overlaps = places.some(({ terms }) => terms.length > 1 && terms.every(([, factor]) => factor === 1))
    const summed = this.#axes(this.#below(3))
    const sign = summed.length > 0 || overlaps ? this.#pick('+=', overlaps ? '+=' : 'max=') : this.#pick('=', '+=')
    const first = `${name}[${places.map(textOf).join(',')}] ${sign} ${this.#value([...axes, ...summed], summed, places)}`
    const list = [first + rangesOf([...axes, ...summed])]
    const more = this.#pick('none', sign === 'max=' ? 'none' : 'onto', overlaps ? 'none' : 'beside')
    const shape = places.map(({ high }) => high + 1)
    const offset = shape[0]!
    if (more !== 'none') list.push(this.#second(name, more === 'beside' ? '=' : '+=', places, axes))
    if (more === 'beside') shape[0] = 2 * offset
    if (this.#below(4) === 1) shape[0] = shape[0]! + 1
    this.#shapes.set(name, name === 'y' ? shape : shapeOf(list.length > 1 && more === 'beside', places, offset))
    this.#readable.push(name)
    return list
  }

  /** What is set beside the first elements, or added onto all of them or some. */
  #second(name: string, sign: '=' | '+=', places: readonly DrawnIndex[], axes: readonly DrawnAxis[]): string {
    const own = this.#axes(this.#below(2))
    const isNarrow = sign === '+=' && this.#below(3) === 1
    const over = isNarrow
      ? places.map(({ high }) => ({ name: `a${this.#named++}`, extent: 1 + this.#below(Math.min(4, high + 1)) }))
      : axes
    const indices = isNarrow ? over.map((axis) => reachOf([[axis, 1]])) : places
    const texts = indices.map(textOf)
    if (sign === '=') texts[0] = `${texts[0]}+${places[0]!.high + 1}`
    const all = [...over, ...own]
    return `${name}[${texts.join(',')}] ${own.length > 0 ? '+=' : sign} ${this.#value(all, own, indices)}${rangesOf(all)}`
  }

  #axes(count: number): DrawnAxis[] {
    return Array.from({ length: count }, () => ({ name: `a${this.#named++}`, extent: 1 + this.#below(4) }))
  }

  /** The axes as indices of a target, none of them below 0: alone, with steps, or two in one index. */
  #place(axes: readonly DrawnAxis[]): DrawnIndex[] {
    const [first, second, ...rest] = axes as [DrawnAxis, DrawnAxis | undefined, ...DrawnAxis[]]
    if (second !== undefined && this.#below(3) === 1) {
      const factor = this.#pick(1, second.extent)
      return [[[first, factor] as const, [second, 1] as const], ...rest.map((axis) => [[axis, 1] as const])].map(
        reachOf,
      )
    }
    return axes.map((axis) => reachOf([[axis, this.#pick(1, 1, 2)]]))
  }

  /** A sum of products over all axes, so that no summed one is forgotten; or a copy, which may add an element twice. */
  #value(axes: readonly DrawnAxis[], summed: readonly DrawnAxis[], places: readonly DrawnIndex[]): string {
    const alike = this.#readable.filter((name) => this.#shapes.get(name)!.length === places.length)
    if (alike.length > 0 && this.#below(5) === 1) return `${this.#pick(...alike)}[${places.map(textOf).join(',')}]`
    const factors = Array.from({ length: 1 + this.#below(3) }, (_, at) => this.#factor(axes, at === 0 ? summed : []))
    const product = factors.join(' * ')
    return this.#pick(
      product,
      product,
      `tanh(${product})`,
      `${product} + ${this.#factor(axes, [])}`,
      `(${product} < 0.25 ? ${this.#factor(axes, [])} : 0.5 * ${this.#factor(axes, [])})`,
    )
  }

  #factor(axes: readonly DrawnAxis[], wanted: readonly DrawnAxis[]): string {
    const kind =
      wanted.length > 0 ? this.#pick('sample', 'parameter') : this.#pick('sample', 'parameter', 'constant', 'axis')
    if (kind === 'axis') return `(${this.#pick(...axes).name} * 0.25 + ${this.#pick(1, 0.5)})`
    if (kind === 'sample') return this.#sample(axes, wanted)
    const rank = Math.max(1, Math.min(3, wanted.length), 1 + this.#below(2))
    const indices = Array.from({ length: rank }, (_, at) => this.#index(axes, wanted[at]))
    const shape = indices.map(({ low, high }) => high - low + 1 + this.#below(2))
    const text = indices.map((index) => `${textOf(index)}+${-index.low}`).join(',')
    if (kind === 'parameter') return `${this.#parameter(shape)}[${text}]`
    const name = `c${Object.keys(this.#constants).length}`
    this.#constants[name] = { shape, data: this.#switches(shape) }
    return `${name}[${text}]`
  }

  /** A new one, or one that another equation reads as well, then as large as both want it. */
  #parameter(shape: readonly number[]): string {
    const alike = Object.entries(this.#parameters).filter(([, known]) => known.shape.length === shape.length)
    const isNew = alike.length === 0 || this.#below(3) !== 1
    const [name, known] = isNew
      ? ([`w${Object.keys(this.#parameters).length}`, { shape }] as const)
      : this.#pick(...alike)
    this.#parameters[name] = fanIn(
      shape.map((extent, at) => Math.max(extent, known.shape[at]!)),
      1,
    )
    return name
  }

  #switches(shape: readonly number[]): Float32Array {
    const on = this.#pick(1, 1, 2)
    return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => this.#pick(on, 0, 0.5 * on, on))
  }

  #sample(axes: readonly DrawnAxis[], wanted: readonly DrawnAxis[]): string {
    const name = this.#pick(...this.#readable)
    const indices = this.#shapes.get(name)!.map((_, at) => {
      const index = this.#index(axes, wanted[at])
      return `${textOf(index)}+${this.#pick(0, 0, -1, -index.low)}`
    })
    return `${name}[${indices.join(',')}]`
  }

  #index(axes: readonly DrawnAxis[], wanted: DrawnAxis | undefined): DrawnIndex {
    const first = wanted ?? this.#pick(...axes)
    const factor = this.#pick(1, 1, 1, -1, 2)
    if (axes.length < 2 || this.#below(3) !== 1) return reachOf([[first, factor]])
    const second = this.#pick(...axes.filter((axis) => axis !== first))
    return reachOf([
      [first, factor],
      [second, this.#pick(1, -1)],
    ])
  }
}

function reachOf(terms: DrawnIndex['terms']): DrawnIndex {
  const far = terms.map(([{ extent }, factor]) => factor * (extent - 1))
  const sum = (part: (value: number) => number) => far.reduce((total, value) => total + part(value), 0)
  return { terms, low: sum((value) => Math.min(0, value)), high: sum((value) => Math.max(0, value)) }
}

/** What the equations themselves say of the shape of a tensor on the way. */
const shapeOf = (isBeside: boolean, places: readonly DrawnIndex[], offset: number): number[] =>
  places.map(({ high }, at) => high + 1 + (isBeside && at === 0 ? offset : 0))

// The 0 keeps an axis from standing alone, where it would have to have the tensor's extent.
const textOf = ({ terms }: DrawnIndex): string => `0${terms.map(([{ name }, factor]) => `+${factor}*${name}`).join('')}`

const rangesOf = (axes: readonly DrawnAxis[]): string =>
  `  (${axes.map(({ name, extent }) => `${name} < ${extent}`).join(', ')})`
