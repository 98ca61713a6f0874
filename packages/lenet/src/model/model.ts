// A model is a named list of layers; an entry reads the one before it unless it names its inputs.
import { sizeOf } from '../engine/program.ts'
import { ShapeError, shown, UsageError } from '../errors.ts'
import { MOST_AXES } from '../formats/arrays.ts'
import { objectOf, type Refuse } from '../formats/json-fields.ts'
import { inputNames, isLayer, type Layer, type Layers, type ParameterSpec, READS } from '../layers/layer.ts'
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
 * Builds a network from named layers and works out every shape. In a block, names join with dots (`layer1.0.conv1`), what is
 * read by name is looked for in the block first and then around it, and `input` is what the block reads. A block's name
 * stands for what its last entry gives.
 * @param input shape of one sample: [channels, rows, columns].
 * @throws ShapeError naming the layer where shapes do not fit; UsageError for an entry that is not there.
 *
 * @example
 * const net = model([1, 32, 32], { conv1: conv2d({ out: 6, kernel: 5 }), relu1: relu(), flat: view(-1, -1), fc: linear(10) })
 * const block = (out: number) => ({ conv: conv2d({ out, kernel: 3, padding: 1 }), sum: from(['input', 'conv'], add()) })
 * const residual = model([8, 32, 32], { layer1: block(8), layer2: block(8), pool: globalAvgPool2d(), fc: linear(10) })
 */
export function model(input: Shape, layers: Layers): Net {
  checkShape('model: its input', input, 1, MOST_INPUT)
  const built: Built = { shapes: new Map([[INPUT, input]]), ends: new Map(), entries: [] }
  addAll(layers, { prefix: '', input: INPUT }, built)
  if (built.entries.length === 0) throw new UsageError('model: it has no layers; give at least one')
  return { input, entries: built.entries }
}

interface Built {
  /** Of what each entry gives, and of the input. */
  readonly shapes: Map<string, Shape>
  /** The entry that a name stands for: its own, or the last of a block. */
  readonly ends: Map<string, string>
  readonly entries: Entry[]
}

/** Where names are looked for. */
interface Scope {
  readonly prefix: string
  /** The entry that `input` is here. */
  readonly input: string
  readonly outer?: Scope
}

/** Gives the entry that was added last. */
function addAll(layers: Layers, scope: Scope, built: Built): string {
  let previous = scope.input
  const refuse: Refuse = (problem) => new UsageError(`model: ${problem}`)
  const what = scope.prefix === '' ? 'its list of layers' : `'${scope.prefix.slice(0, -1)}'`
  for (const [own, part] of Object.entries(objectOf(layers, what, refuse))) {
    const name = `${scope.prefix}${own}`
    if (!(scope.prefix === '' ? NAME : PART).test(own) || own === INPUT)
      throw new UsageError(
        `model: an entry is called '${name}'; a name has letters, digits and _, and is not '${INPUT}'`,
      )
    if (built.ends.has(name)) throw new UsageError(`model: two entries are called '${name}'; give one another name`)
    if (isLayer(part)) {
      const inputs = part.from?.map((read) => find(read, scope, built, titleOf(name, part))) ?? [previous]
      const entry = makeEntry(name, part, inputs, built.shapes)
      built.entries.push(entry)
      built.shapes.set(name, entry.output)
      previous = name
    } else if (isBlock(part)) {
      const reads = part[READS]
      const input = reads === undefined ? previous : find(reads, scope, built, `block '${name}'`)
      previous = addAll(part, { prefix: `${name}.`, input, outer: scope }, built)
    } else throw new UsageError(`model: '${name}' is ${shown(part)}; give a layer, as its constructor makes it: relu()`)
    built.ends.set(name, previous)
  }
  return previous
}

/** Dots join the names of blocks; inside one a name may be a number. */
const NAME = /^[A-Za-z_]\w*(\.\w+)*$/
const PART = /^\w+(\.\w+)*$/

/** The entry that a name stands for, from inside to outside. */
function find(name: string, scope: Scope, { ends }: Built, who: string): string {
  if (name === INPUT) return scope.input
  for (let around: Scope | undefined = scope; around; around = around.outer) {
    const end = ends.get(`${around.prefix}${name}`)
    if (end !== undefined) return end
  }
  throw new UsageError(
    `${who}: reads '${name}', which is not before it; there is ${[INPUT, ...ends.keys()].join(', ')}`,
  )
}

const isBlock = (value: unknown): value is Layers =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

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
  const inputShapes = inputs.map((input) => shapes.get(input)!)
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
