// ONNX graph → net: each node is looked up among the operators that layers declare. Before that, pairs of nodes that
// mean one layer are joined (onnx-rewrite.ts).
import { FormatError } from '../errors.ts'
import type { NamedArray } from '../formats/arrays.ts'
import { parseJson, type Refuse } from '../formats/json-fields.ts'
import { type OnnxModel, type OnnxNode, readOnnx } from '../formats/onnx.ts'
import { catalogue } from '../layers/index.ts'
import { from, type Layer, type LayerDefinition, type Shape } from '../layers/layer.ts'
import type { OnnxReading, ReadLayer } from '../layers/onnx.ts'
import { completeOptions } from '../layers/options.ts'
import { subjectOf } from './check-model.ts'
import { type OwnLayers, readNet } from './description.ts'
import { type ModelFacts, readFacts } from './facts.ts'
import { INPUT, model, type Net, parametersOf } from './model.ts'
import { passesThrough, rewriteOnnx } from './onnx-rewrite.ts'
import { weightsFor } from './weights-for.ts'

export interface ImportedOnnx {
  readonly net: Net
  readonly weights: ReadonlyMap<string, Float32Array>
  readonly facts: Partial<ModelFacts>
}

/** Operator → the layer that reads it. */
const readers: ReadonlyMap<string, { definition: LayerDefinition; read: (node: OnnxReading) => ReadLayer }> = new Map(
  [...catalogue.values()].flatMap((definition) =>
    Object.entries(definition.onnx?.read ?? {}).map(([op, read]) => [op, { definition, read }] as const),
  ),
)

/** @throws FormatError that names a node which no layer reads, and lists those that some layer does. */
export function importOnnx(bytes: Uint8Array, file: string, layers?: OwnLayers): ImportedOnnx {
  const graph = readOnnx(bytes, file)
  const own = readOwn(graph, file, layers)
  if (own !== undefined) return own
  return new Importer(rewriteOnnx(graph, file), file).net()
}

/** A file of ours says what it is, as long as its weights are there. */
function readOwn({ metadata, initializers }: OnnxModel, file: string, layers?: OwnLayers): ImportedOnnx | undefined {
  const [description, facts] = [metadata['lenet.net'], metadata['lenet.facts']]
  if (description === undefined || facts === undefined) return undefined
  const refuse: Refuse = (problem) => new FormatError(file, problem)
  const net = readNet(parseJson(description, 'its layer list', refuse), file, layers)
  const wanted = new Set(parametersOf(net).map(({ name }) => name))
  const own = new Map([...initializers].filter(([name]) => wanted.has(name)))
  return {
    net,
    weights: weightsFor(net, own, file),
    facts: readFacts(parseJson(facts, 'what it says about itself', refuse), subjectOf(net), refuse),
  }
}

class Importer {
  readonly #graph: OnnxModel
  readonly #file: string
  readonly #layers: Record<string, Layer> = {}
  /** Value → entry that gives it. */
  readonly #entries = new Map<string, string>()
  readonly #weights = new Map<string, NamedArray>()

  constructor(graph: OnnxModel, file: string) {
    this.#graph = graph
    this.#file = file
  }

  net(): ImportedOnnx {
    const input = this.#inputShape()
    for (const node of this.#graph.nodes) this.#read(node, input)
    const output = this.#graph.outputs[0]?.name
    if (output === undefined || this.#entries.get(output) !== Object.keys(this.#layers).at(-1))
      throw new FormatError(this.#file, `its output '${output}' is not what the last node gives`)
    const net = model(input, this.#layers)
    return { net, weights: weightsFor(net, this.#weights, this.#file), facts: {} }
  }

  /** Of one sample; the batch comes first. */
  #inputShape(): Shape {
    const { inputs } = this.#graph
    if (inputs.length !== 1)
      throw new FormatError(
        this.#file,
        `has ${inputs.length} inputs (${inputs.map(({ name }) => name).join(', ')}); one is accepted`,
      )
    const shape = inputs[0]!.shape?.slice(1) ?? []
    if (shape.length === 0 || !shape.every((extent): extent is number => typeof extent === 'number' && extent > 0))
      throw new FormatError(this.#file, `its input '${inputs[0]!.name}' has no fixed shape behind the batch`)
    this.#entries.set(inputs[0]!.name, INPUT)
    return shape
  }

  #read(node: OnnxNode, input: Shape): void {
    const [first, second] = node.inputs.map((value) => this.#entries.get(value))
    const refusal = (problem: string) =>
      new FormatError(this.#file, `node ${node.type} '${node.name || node.outputs[0]}' ${problem}`)
    const refuse = (problem: string): never => {
      throw refusal(problem)
    }
    if (passesThrough.has(node.type)) {
      if (first !== undefined) this.#entries.set(node.outputs[0]!, first)
      return
    }
    const reader = node.domain === '' ? readers.get(node.type) : undefined
    if (reader === undefined)
      throw refusal(
        `is not one that a layer reads; there is ${[...readers.keys(), ...passesThrough, 'MatMul', 'BatchNormalization', 'Constant'].join(', ')}`,
      )
    if (first === undefined) throw refusal(`reads '${node.inputs[0]}', which no node gives`)
    const { given, parameters = {} } = reader.read(this.#reading(node, this.#shapeOf(first, input), refuse))
    const { definition } = reader
    const plain: Layer = { definition, given, options: completeOptions(definition.name, definition.options, given) }
    const joins = (definition.inputs?.length ?? 1) > 1
    if (joins && second === undefined) throw refusal(`adds '${node.inputs[1]}', which is no output of a node`)
    const name = this.#nameOf(node)
    this.#layers[name] = from(joins ? [first, second!] : [first], plain)
    this.#entries.set(node.outputs[0]!, name)
    for (const [own, array] of Object.entries(parameters)) this.#weights.set(`${name}.${own}`, array)
  }

  #shapeOf(entry: string, input: Shape): Shape {
    return entry === INPUT ? input : model(input, this.#layers).entries.find(({ name }) => name === entry)!.output
  }

  #reading(node: OnnxNode, input: Shape, refuse: (problem: string) => never): OnnxReading {
    const { initializers } = this.#graph
    return {
      input,
      refuse,
      ints: (name, otherwise) => {
        const attribute = node.attributes.get(name)
        return attribute?.kind === 'ints' ? attribute.value : otherwise
      },
      number: (name, otherwise) => {
        const attribute = node.attributes.get(name)
        return attribute?.kind === 'int' || attribute?.kind === 'float' ? attribute.value : otherwise
      },
      has: (index) => (node.inputs[index] ?? '') !== '',
      array: (index) =>
        initializers.get(node.inputs[index] ?? '') ??
        refuse(`computes its input '${node.inputs[index]}'; a constant is accepted`),
    }
  }

  /** `conv1` of an initializer `conv1.weight`; otherwise the operator with a number. */
  #nameOf(node: OnnxNode): string {
    const named = /^(.*)\.weight$/.exec(node.inputs[1] ?? '')?.[1]?.replace(/\W+/g, '_')
    if (named && /^[A-Za-z_]/.test(named) && this.#layers[named] === undefined) return named
    const base = node.type[0]!.toLowerCase() + node.type.slice(1)
    let number = 1
    while (this.#layers[`${base}${number}`] !== undefined) number++
    return `${base}${number}`
  }
}
