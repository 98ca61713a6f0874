// A model is a named list of layers; an entry reads the one before it unless it names its inputs.
import { ShapeError, UsageError } from '../errors.ts'
import type { Layer, ParameterSpec, Shape } from '../layers/layer.ts'

export interface Parameter {
  /** As in PyTorch: `conv1.weight`. */
  readonly name: string
  readonly shape: Shape
  /** How many values each output sums up: what initialisation scales by. */
  readonly fan: number
}

export interface Entry {
  readonly name: string
  readonly layer: Layer
  /** What it reads: names of entries, or `input`. */
  readonly inputs: readonly string[]
  readonly inputShapes: readonly Shape[]
  /** Shape of one sample's output. */
  readonly output: Shape
  readonly parameters: readonly Parameter[]
}

/** A network without weights: what can be trained, summarised and saved as a list. */
export interface Net {
  /** Shape of one sample, e.g. [3, 32, 32]. */
  readonly input: Shape
  readonly entries: readonly Entry[]
}

export const INPUT = 'input'

/**
 * Builds a network from named layers and works out every shape.
 * @param input shape of one sample: [channels, rows, columns].
 * @throws ShapeError naming the layer where shapes do not fit; UsageError for an entry that is not there.
 *
 * @example
 * const net = model([1, 32, 32], { conv1: conv2d({ out: 6, kernel: 5 }), relu1: relu(), fc: linear(10) })
 */
export function model(input: Shape, layers: Readonly<Record<string, Layer>>): Net {
  const shapes = new Map<string, Shape>([[INPUT, input]])
  const entries: Entry[] = []
  let previous = INPUT
  for (const [name, layer] of Object.entries(layers)) {
    if (!/^[A-Za-z_]\w*$/.test(name) || name === INPUT)
      throw new UsageError(
        `model: an entry is called '${name}'; a name has letters, digits and _, and is not '${INPUT}'`,
      )
    const entry = makeEntry(name, layer, layer.from ?? [previous], shapes)
    entries.push(entry)
    shapes.set(name, entry.output)
    previous = name
  }
  if (entries.length === 0) throw new UsageError('model: it has no layers; give at least one')
  return { input, entries }
}

/** How an entry is called in messages: `conv2d 'conv2'`. */
export const titleOf = (name: string, { definition }: Layer): string => `${definition.name} '${name}'`

function makeEntry(name: string, layer: Layer, inputs: readonly string[], shapes: ReadonlyMap<string, Shape>): Entry {
  const { definition, options } = layer
  const wanted = definition.inputs ?? ['x']
  if (inputs.length !== wanted.length)
    throw new UsageError(
      `${titleOf(name, layer)}: reads ${wanted.length} entries (${wanted.join(', ')}), not ${inputs.length}; name them with from([…], …)`,
    )
  const inputShapes = inputs.map((input) => {
    const shape = shapes.get(input)
    if (shape === undefined)
      throw new UsageError(
        `${titleOf(name, layer)}: reads '${input}', which is not before it; there is ${[...shapes.keys()].join(', ')}`,
      )
    return shape
  })
  const [first, ...others] = inputShapes as [Shape, ...Shape[]]
  return explained(titleOf(name, layer), () => {
    const output = definition.output(first, options as never, ...others)
    const specs: Readonly<Record<string, ParameterSpec>> = definition.parameters?.(first, options as never) ?? {}
    const parameters = Object.entries(specs).map(([own, { shape, fan }]) => ({ name: `${name}.${own}`, shape, fan }))
    return { name, layer, inputs, inputShapes, output, parameters }
  })
}

/** Puts the speaker before a shape error that a layer throws. */
export function explained<T>(who: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ShapeError) || error.message.startsWith(who)) throw error
    const [message, hint] = error.message.split('\nhint: ')
    throw new ShapeError(`${who}: ${message}`, hint)
  }
}

export const parametersOf = ({ entries }: Net): readonly Parameter[] => entries.flatMap(({ parameters }) => parameters)
