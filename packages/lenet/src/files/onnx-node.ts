// One node of an ONNX graph as layers and operators read it. It notes what they ask for: an attribute or an input that
// nobody asked for is refused by its name, so that nothing in a file is passed over.
import { FormatError } from '../errors.ts'
import { toFloat32 } from '../formats/arrays.ts'
import type { OnnxNode } from '../formats/onnx.ts'
import type { OnnxAttribute } from '../formats/onnx-attribute.ts'
import type { OnnxReading } from '../layers/onnx.ts'
import type { Numbers, Rows, Value } from './onnx-value.ts'

export interface NodeReading extends OnnxReading {
  attribute(name: string): OnnxAttribute | undefined
  value(index: number): Value
  numbers(index: number): Numbers
  rows(index: number): Rows
  /** Weights that are looked at are counted, because many nodes may share them. @throws FormatError beyond the budget. */
  spend(bytes: number): void
  /** How many inputs there are. */
  readonly inputs: number
  /** @throws FormatError for what was not asked for. */
  finish(): void
}

export interface Surroundings {
  readonly values: ReadonlyMap<string, Value>
  readonly batch: number | undefined
  /** Bytes of weights that may still be looked at, again and again. */
  readonly budget: { bytes: number }
  readonly file: string
}

type Refuse = (problem: string) => never

export function readNode(node: OnnxNode, surroundings: Surroundings): NodeReading {
  const refuse: Refuse = (problem) => {
    throw new FormatError(surroundings.file, `node ${node.type} '${node.name || node.outputs[0]}' ${problem}`)
  }
  const { finish: finishAttributes, ...attributes } = attributesOf(node, refuse)
  const spend = (bytes: number) => {
    surroundings.budget.bytes -= bytes
    if (surroundings.budget.bytes < 0)
      refuse('reads weights that other nodes read too often; their copies would fill the memory')
  }
  const { finish: finishInputs, ...inputs } = inputsOf(node, surroundings.values, { refuse, spend })
  return {
    ...attributes,
    ...inputs,
    refuse,
    spend,
    batch: surroundings.batch,
    get input() {
      return inputs.rows(0).shape
    },
    finish: () => {
      finishAttributes()
      finishInputs()
    },
  }
}

type Attributes = Pick<NodeReading, 'attribute' | 'ints' | 'number' | 'text' | 'only' | 'finish'>

function attributesOf(node: OnnxNode, refuse: Refuse): Attributes {
  const asked = new Set<string>()
  const attribute = (name: string) => {
    asked.add(name)
    return node.attributes.get(name)
  }
  const wrongKind = (name: string, wanted: string) => refuse(`has an attribute '${name}' that is not ${wanted}`)
  const ints: Attributes['ints'] = (name, otherwise) => {
    const found = attribute(name) ?? { kind: 'ints', value: otherwise }
    return found.kind === 'ints' ? found.value : wrongKind(name, 'a list of whole numbers')
  }
  const number: Attributes['number'] = (name, otherwise) => {
    const found = attribute(name) ?? { kind: 'float', value: otherwise }
    return found.kind === 'int' || found.kind === 'float' ? found.value : wrongKind(name, 'a number')
  }
  return {
    attribute,
    ints,
    number,
    text: (name, otherwise) => {
      const found = attribute(name) ?? { kind: 'string', value: otherwise }
      return found.kind === 'string' ? found.value : wrongKind(name, 'a text')
    },
    only: (name, wanted) => {
      const given = typeof wanted === 'number' ? number(name, wanted) : ints(name, wanted)
      if (String(given) !== String(wanted)) refuse(`has ${name} ${shown(given)}; ${shown(wanted)} is accepted`)
    },
    finish: () => {
      const unread = [...node.attributes.keys()].find((name) => !asked.has(name))
      if (unread !== undefined) refuse(`has an attribute '${unread}', which no layer reads`)
    },
  }
}

const shown = (value: number | readonly number[]): string => (typeof value === 'number' ? `${value}` : `[${value}]`)
const floating: readonly string[] = ['float32', 'float64', 'float16', 'bfloat16']

type Inputs = Omit<NodeReading, keyof Attributes | 'refuse' | 'spend' | 'batch' | 'input'> & Pick<NodeReading, 'finish'>

function inputsOf(
  { inputs: names }: OnnxNode,
  values: ReadonlyMap<string, Value>,
  { refuse, spend }: { readonly refuse: Refuse; readonly spend: (bytes: number) => void },
): Inputs {
  const taken = new Set<number>()
  let takesZeros = false
  const value = (index: number): Value => {
    taken.add(index)
    const name = names[index] ?? ''
    return values.get(name) ?? refuse(name === '' ? `has no input ${index + 1}` : `reads '${name}', which is not there`)
  }
  const rows = (index: number): Rows => {
    const found = value(index)
    return found.kind === 'rows' ? found : refuse(`reads '${names[index]}', which is no output of a layer`)
  }
  const numbers = (index: number): Numbers => {
    const found = value(index)
    if (found.kind === 'numbers') return found
    return refuse(`computes its input '${names[index]}' from more than shapes and whole numbers`)
  }
  const isPadded = (name: string) => {
    const found = values.get(name)
    return found?.kind === 'rows' && found.padding !== undefined
  }
  return {
    inputs: names.length,
    value,
    rows,
    numbers,
    extents: (index) => numbers(index).items,
    has: (index) => (names[index] ?? '') !== '',
    padding: () => {
      takesZeros = true
      return rows(0).padding ?? [0, 0, 0, 0]
    },
    array: (index) => {
      const found = value(index)
      if (found.kind === 'rows') return refuse(`computes its input '${names[index]}'; a constant is accepted`)
      if (found.kind === 'numbers') return refuse(`has '${names[index]}' of whole numbers; weights are accepted`)
      const { dtype, shape, data } = found.array
      spend(data.byteLength)
      if (!floating.includes(dtype)) refuse(`has '${names[index]}' of ${dtype}; ${floating.join(', ')} are accepted`)
      return { dtype: 'float32', shape, data: toFloat32(found.array) }
    },
    finish: () => {
      for (const [index, name] of names.entries()) {
        if (name !== '' && !taken.has(index)) refuse(`has an input ${index + 1}, '${name}', which no layer reads`)
        if (isPadded(name) && !(takesZeros && index === 0))
          refuse('reads the zeros of a Pad node, which only Conv and AveragePool take over')
      }
    },
  }
}
