// A model is a named list of layers; an entry reads the one before it unless it names its inputs.
import { sizeOf } from '../engine/program.ts'
import { ShapeError, shown, UsageError } from '../errors.ts'
import { MOST_AXES } from '../formats/arrays.ts'
import { objectOf, type Refuse } from '../formats/json-fields.ts'
import { inputNames, type Layer, type ParameterSpec } from '../layers/layer.ts'
import { isCount } from '../layers/options.ts'
import type { Shape } from '../tensor.ts'

export interface Parameter {
  /** As in PyTorch: `conv1.weight`. */
  readonly name: string
  readonly shape: Shape
  /** How many values each output sums up: what initialisation scales by. */
  readonly fan: number
  /** Its first values, where they are not drawn. */
  readonly start?: number
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
  checkShape('model: its input', input, 1, MOST_INPUT)
  const shapes = new Map<string, Shape>([[INPUT, input]])
  const entries: Entry[] = []
  let previous = INPUT
  const refuse: Refuse = (problem) => new UsageError(`model: ${problem}`)
  for (const [name, layer] of Object.entries(objectOf(layers, 'its list of layers', refuse))) {
    if (!/^[A-Za-z_]\w*$/.test(name) || name === INPUT)
      throw new UsageError(
        `model: an entry is called '${name}'; a name has letters, digits and _, and is not '${INPUT}'`,
      )
    if (!isLayer(layer))
      throw new UsageError(`model: '${name}' is ${shown(layer)}; give a layer, as its constructor makes it: relu()`)
    const entry = makeEntry(name, layer, layer.from ?? [previous], shapes)
    entries.push(entry)
    shapes.set(name, entry.output)
    previous = name
  }
  if (entries.length === 0) throw new UsageError('model: it has no layers; give at least one')
  return { input, entries }
}

const isLayer = (value: unknown): value is Layer =>
  typeof value === 'object' && value !== null && 'definition' in value && 'options' in value

/** Numbers of one sample at the input, and in what a layer gives: what a memory can hold for a tile of samples. */
const MOST_INPUT = 2 ** 24
const MOST_ELEMENTS = 2 ** 31 - 1

function checkShape(who: string, shape: unknown, leastAxes: number, most: number): void {
  if (!Array.isArray(shape) || !shape.every(isCount) || shape.length < leastAxes || shape.length > MOST_AXES)
    throw new ShapeError(`${who} is ${shown(shape)}; ${leastAxes} to ${MOST_AXES} whole numbers from 1 are wanted`)
  if (sizeOf(shape) > most)
    throw new ShapeError(`${who} is [${shape}], ${sizeOf(shape)} numbers a sample; at most ${most} are accepted`)
}

/** Channels of a picture [channels, rows, columns]; an input of another rank is read as one. */
export const channelsOf = ({ input }: Pick<Net, 'input'>): number => (input.length === 3 ? input[0]! : 1)

/** How an entry is called in messages: `conv2d 'conv2'`. */
export const titleOf = (name: string, { definition }: Layer): string => `${definition.name} '${name}'`

function makeEntry(name: string, layer: Layer, inputs: readonly string[], shapes: ReadonlyMap<string, Shape>): Entry {
  const { definition, options } = layer
  const wanted = inputNames(definition, inputs.length)
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
    checkShape(`${titleOf(name, layer)}: its output`, output, 0, MOST_ELEMENTS)
    const specs: Readonly<Record<string, ParameterSpec>> = definition.parameters?.(first, options as never) ?? {}
    const parameters = Object.entries(specs).map(([own, { shape, fan, start }]) => {
      // How many numbers there can be is the machine's to say, in MiB.
      checkShape(`${titleOf(name, layer)}: its parameter ${own}`, shape, 0, Number.MAX_SAFE_INTEGER)
      if (!(fan > 0)) throw new ShapeError(`its parameter ${own} has a fan of ${shown(fan)}; give a number above 0`)
      return { name: `${name}.${own}`, shape, fan, ...(start !== undefined && { start }) }
    })
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
