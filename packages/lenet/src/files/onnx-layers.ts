// The entries of a model while an ONNX graph is read. Each has weights of its own, whoever else reads the same initializer
// in the file, so that a factor or a sum behind it can go into them.
import { type NamedArray, toFloat32 } from '../formats/arrays.ts'
import { view } from '../layers/index.ts'
import { from, type Layer, type LayerDefinition } from '../layers/layer.ts'
import type { ReadLayer } from '../layers/onnx.ts'
import { completeOptions } from '../layers/options.ts'
import { INPUT } from '../model/model.ts'
import type { Shape } from '../tensor.ts'
import type { Rows } from './onnx-value.ts'

interface Draft {
  readonly layer: Layer
  readonly output: Shape
  readonly parameters: Readonly<Record<string, NamedArray>>
  readonly channels: ReadLayer['channels']
}

/** Where the channels of a value lie, how many there are, and the bytes of their weights. */
export interface Channels {
  readonly axis: number
  readonly count: number
  readonly bytes: number
}

export class OnnxLayers {
  readonly #input: Shape
  readonly #drafts = new Map<string, Draft>()
  /** Operator → how many entries are called after it. */
  readonly #counts = new Map<string, number>()

  constructor(input: Shape) {
    this.#input = input
  }

  /** Appends an entry. @throws ShapeError, UsageError of a layer that cannot read its inputs. */
  add(name: string, definition: LayerDefinition, read: ReadLayer, inputs: readonly Rows[]): Rows {
    const [row, ...rest] = inputs as [Rows, ...Rows[]]
    const names = [{ ...row, shape: read.input ?? row.shape }, ...rest].map((rows) => this.#entryOf(rows))
    const [first, ...others] = names.map((entry) => this.#outputOf(entry)) as [Shape, ...Shape[]]
    const { given, parameters = {}, channels } = read
    const options = completeOptions(definition.name, definition.options, given)
    const output = definition.output(first, options as never, ...others)
    this.#drafts.set(name, { layer: from(names, { definition, given, options }), output, parameters, channels })
    return { kind: 'rows', entry: name, shape: read.output ?? output, isAlone: true }
  }

  /** `conv1` of an initializer `conv1.weight`; otherwise the operator with a number. */
  nameFor(operator: string, initializer: string | undefined): string {
    const stem = /^(.*)\.weight$/.exec(initializer ?? '')?.[1]?.replace(/\W+/g, '_')
    const named = stem === INPUT ? `${stem}_` : stem
    if (named && /^[A-Za-z_]/.test(named) && !this.#drafts.has(named)) return named
    const base = operator[0]!.toLowerCase() + operator.slice(1)
    let count = this.#counts.get(base) ?? 0
    do count++
    while (this.#drafts.has(`${base}${count}`))
    this.#counts.set(base, count)
    return `${base}${count}`
  }

  /** Undefined where a value's numbers are no weighted sums, or somebody else reads them. */
  channelsOf({ entry, shape, isAlone }: Rows): Channels | undefined {
    const draft = this.#drafts.get(entry)
    if (draft?.channels === undefined || !isAlone) return undefined
    const weight = draft.parameters.weight!
    const axis = shape.length - (draft.channels === 'last' ? 1 : draft.output.length)
    return { axis, count: weight.shape[0]!, bytes: weight.data.byteLength }
  }

  /** Each channel's sum of products becomes `factors` times as large, and its bias what `bias` says of the one before. */
  scale(entry: string, bias: (before: number, channel: number) => number, factors?: readonly number[]): void {
    const draft = this.#drafts.get(entry)!
    const { definition, given } = draft.layer
    const { bias: _, ...rest } = given
    const { weight, bias: before } = draft.parameters as { weight: NamedArray; bias?: NamedArray }
    const count = weight.shape[0]!
    const old = before === undefined ? new Float32Array(count) : toFloat32(before)
    const own = toFloat32(weight)
    const each = own.length / count
    const parameters = {
      weight: factors
        ? float32(
            weight.shape,
            own.map((value, at) => value * factors[Math.floor(at / each)]!),
          )
        : weight,
      bias: float32(
        [count],
        Float32Array.from({ length: count }, (_, channel) => bias(old[channel]!, channel)),
      ),
    }
    const layer = { ...draft.layer, given: rest, options: completeOptions(definition.name, definition.options, rest) }
    this.#drafts.set(entry, { ...draft, layer, parameters })
  }

  /** The finished list, and the weights by their names. */
  get result(): {
    readonly layers: Readonly<Record<string, Layer>>
    readonly weights: ReadonlyMap<string, NamedArray>
  } {
    const drafts = [...this.#drafts]
    return {
      layers: Object.fromEntries(drafts.map(([name, { layer }]) => [name, layer])),
      weights: new Map(
        drafts.flatMap(([name, { parameters }]) =>
          Object.entries(parameters).map(([own, array]): [string, NamedArray] => [`${name}.${own}`, array]),
        ),
      ),
    }
  }

  /** An entry whose own shape is the value's. */
  #entryOf({ entry, shape }: Rows): string {
    const own = this.#outputOf(entry)
    if (own.join() === shape.join()) return entry
    const { definition, given } = view(-1, ...shape)
    return this.add(this.nameFor('View', undefined), definition, { given }, [
      { kind: 'rows', entry, shape: own, isAlone: true },
    ]).entry
  }

  #outputOf(entry: string): Shape {
    return entry === INPUT ? this.#input : this.#drafts.get(entry)!.output
  }
}

const float32 = (shape: Shape, data: Float32Array): NamedArray => ({ dtype: 'float32', shape, data })
