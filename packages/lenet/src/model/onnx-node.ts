// One node of an ONNX graph as layers and operators read it. It notes what they ask for: an attribute or an input that
// nobody asked for is refused by its name, so that nothing in a file is passed over.
import { FormatError } from '../errors.ts'
import { type NamedArray, toFloat32 } from '../formats/arrays.ts'
import type { OnnxAttribute, OnnxNode } from '../formats/onnx.ts'
import type { OnnxReading } from '../layers/onnx.ts'
import type { Numbers, Rows, Value } from './onnx-value.ts'

export interface NodeReading extends OnnxReading {
  attribute(name: string): OnnxAttribute | undefined
  value(index: number): Value
  numbers(index: number): Numbers
  rows(index: number): Rows
  /** How many inputs there are. */
  readonly inputs: number
  /** @throws FormatError for what was not asked for. */
  finish(): void
}

export interface Surroundings {
  readonly values: ReadonlyMap<string, Value>
  readonly batch: number | undefined
  readonly file: string
}

const floating: readonly string[] = ['float32', 'float64', 'float16', 'bfloat16']

export function readNode(node: OnnxNode, { values, batch, file }: Surroundings): NodeReading {
  const asked = new Set<string>()
  const taken = new Set<number>()
  const refuse = (problem: string): never => {
    throw new FormatError(file, `node ${node.type} '${node.name || node.outputs[0]}' ${problem}`)
  }
  const attribute = (name: string) => {
    asked.add(name)
    return node.attributes.get(name)
  }
  const wrongKind = (name: string, wanted: string) => refuse(`has an attribute '${name}' that is not ${wanted}`)
  const value = (index: number): Value => {
    taken.add(index)
    const name = node.inputs[index] ?? ''
    return values.get(name) ?? refuse(name === '' ? `has no input ${index + 1}` : `reads '${name}', which is not there`)
  }
  const rows = (index: number): Rows => {
    const found = value(index)
    return found.kind === 'rows' ? found : refuse(`reads '${node.inputs[index]}', which is no output of a layer`)
  }
  const isPadded = (name: string) => {
    const found = values.get(name)
    return found?.kind === 'rows' && found.padding !== undefined
  }
  let takesZeros = false
  const reading: NodeReading = {
    batch,
    inputs: node.inputs.length,
    refuse,
    attribute,
    value,
    rows,
    get input() {
      return rows(0).shape
    },
    padding: () => {
      takesZeros = true
      return rows(0).padding ?? [0, 0, 0, 0]
    },
    ints: (name, otherwise) => {
      const found = attribute(name) ?? { kind: 'ints', value: otherwise }
      return found.kind === 'ints' ? found.value : wrongKind(name, 'a list of whole numbers')
    },
    number: (name, otherwise) => {
      const found = attribute(name) ?? { kind: 'float', value: otherwise }
      return found.kind === 'int' || found.kind === 'float' ? found.value : wrongKind(name, 'a number')
    },
    text: (name, otherwise) => {
      const found = attribute(name) ?? { kind: 'string', value: otherwise }
      return found.kind === 'string' ? found.value : wrongKind(name, 'a text')
    },
    only: (name, wanted) => {
      const given = typeof wanted === 'number' ? reading.number(name, wanted) : reading.ints(name, wanted)
      if (String(given) !== String(wanted)) refuse(`has ${name} ${shown(given)}; ${shown(wanted)} is accepted`)
    },
    has: (index) => (node.inputs[index] ?? '') !== '',
    array: (index): NamedArray => {
      const found = value(index)
      if (found.kind === 'rows') return refuse(`computes its input '${node.inputs[index]}'; a constant is accepted`)
      if (found.kind === 'numbers') return refuse(`has '${node.inputs[index]}' of whole numbers; weights are accepted`)
      const { array } = found
      if (!floating.includes(array.dtype))
        refuse(`has '${node.inputs[index]}' of ${array.dtype}; ${floating.join(', ')} are accepted`)
      return { dtype: 'float32', shape: array.shape, data: toFloat32(array) }
    },
    numbers: (index): Numbers => {
      const found = value(index)
      return found.kind === 'numbers'
        ? found
        : refuse(`computes its input '${node.inputs[index]}' from more than shapes and whole numbers`)
    },
    extents: (index) => reading.numbers(index).items,
    finish: () => {
      for (const name of node.attributes.keys())
        if (!asked.has(name)) refuse(`has an attribute '${name}', which no layer reads`)
      for (const [index, name] of node.inputs.entries()) {
        if (name === '') continue
        if (!taken.has(index)) refuse(`has an input ${index + 1}, '${name}', which no layer reads`)
        if (isPadded(name) && !(takesZeros && index === 0))
          refuse('reads the zeros of a Pad node, which only Conv and AveragePool take over')
      }
    },
  }
  return reading
}

const shown = (value: number | readonly number[]): string => (typeof value === 'number' ? `${value}` : `[${value}]`)
