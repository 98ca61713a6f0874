// The operators that compute shapes from shapes, as in `x.view(x.size(0), -1)`: they run once, while a file is read, with
// the batch as an unknown. Lists are taken apart and joined along their first axis.
import { sizeOf } from '../engine/program.ts'
import type { Extent } from '../layers/onnx.ts'
import type { NodeReading } from './onnx-node.ts'
import { type Numbers, numbers } from './onnx-value.ts'

/** Whole numbers of an input; the batch is none. */
function whole(node: NodeReading, index: number): readonly number[] {
  return node
    .numbers(index)
    .items.map((item) => (item === 'batch' ? node.refuse('computes with the size of the batch') : item))
}

/** Parts along the first axis. */
function partsOf(node: NodeReading, { shape, items }: Numbers): readonly (readonly Extent[])[] {
  const [count = node.refuse('takes a number apart; a list is accepted'), ...rest] = shape
  const size = sizeOf(rest)
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size))
}

/** The axes of an operator that had them as an attribute before it had them as an input. */
const axesOf = (node: NodeReading): readonly number[] => (node.has(1) ? whole(node, 1) : node.ints('axes', []))

function sliced(node: NodeReading, data: Numbers): Numbers {
  const one = (index: number, name: string, otherwise?: number): number => {
    const given = node.inputs > 1 ? (node.has(index) ? whole(node, index) : undefined) : node.ints(name, [])
    if (given === undefined || given.length === 0) return otherwise ?? node.refuse(`has no ${name}`)
    return given.length === 1 ? given[0]! : node.refuse(`cuts along ${given.length} axes; 1 is accepted`)
  }
  const parts = partsOf(node, data)
  const step = one(4, 'steps', 1)
  const axis = one(3, 'axes', 0)
  if ((axis !== 0 && axis !== -data.shape.length) || step === 0) node.refuse('cuts along another axis than the first')
  const within = (place: number) =>
    Math.min(Math.max(place < 0 ? place + parts.length : place, step < 0 ? -1 : 0), parts.length - (step < 0 ? 1 : 0))
  const taken: (readonly Extent[])[] = []
  const [start, end] = [within(one(1, 'starts')), within(one(2, 'ends'))]
  for (let at = start; step > 0 ? at < end : at > end; at += step) taken.push(parts[at]!)
  return numbers([taken.length, ...data.shape.slice(1)], taken.flat(), node.refuse)
}

/** By operator; all of them read numbers alone, but for Shape. */
export const shapeOperators: Readonly<Record<string, (node: NodeReading) => Numbers>> = {
  Shape: (node) => {
    const value = node.value(0)
    const shape: Extent[] =
      value.kind === 'rows' ? ['batch', ...value.shape] : [...(value.kind === 'numbers' ? value : value.array).shape]
    const items = shape.slice(node.number('start', 0), node.number('end', shape.length))
    return numbers([items.length], items, node.refuse)
  },
  Gather: (node) => {
    const [data, indices] = [node.numbers(0), node.numbers(1)]
    node.only('axis', 0)
    const parts = partsOf(node, data)
    const items = whole(node, 1).flatMap(
      (index) => parts.at(index) ?? node.refuse(`takes part ${index} of ${parts.length}`),
    )
    return numbers([...indices.shape, ...data.shape.slice(1)], items, node.refuse)
  },
  Concat: (node) => {
    const lists = Array.from({ length: node.inputs }, (_, index) => node.numbers(index))
    const rest = lists[0]!.shape.slice(1)
    const axis = node.number('axis', 0)
    if (axis !== 0 && axis !== -lists[0]!.shape.length) node.refuse(`joins along axis ${axis}; 0 is accepted`)
    if (lists.some(({ shape }) => shape.length === 0 || shape.slice(1).join() !== rest.join()))
      node.refuse('joins what has other axes')
    const items = lists.flatMap((list) => list.items)
    return numbers([lists.reduce((sum, { shape }) => sum + shape[0]!, 0), ...rest], items, node.refuse)
  },
  Unsqueeze: (node) => {
    const { shape, items } = node.numbers(0)
    const rank = shape.length + axesOf(node).length
    const added = new Set(axesOf(node).map((axis) => (axis < 0 ? axis + rank : axis)))
    const rest = [...shape]
    const whole = Array.from({ length: rank }, (_, at) => (added.has(at) ? 1 : (rest.shift() ?? 0)))
    return sizeOf(whole) === items.length ? numbers(whole, items, node.refuse) : node.refuse('adds axes twice')
  },
  Squeeze: (node) => {
    const { shape, items } = node.numbers(0)
    const gone = new Set(axesOf(node).map((axis) => (axis < 0 ? axis + shape.length : axis)))
    const left = shape.filter((extent, at) => (gone.size > 0 ? !gone.has(at) : extent !== 1))
    return sizeOf(left) === items.length
      ? numbers(left, items, node.refuse)
      : node.refuse('drops an axis that is not 1')
  },
  Slice: (node) => sliced(node, node.numbers(0)),
  Reshape: (node) => {
    const [{ items }, target] = [node.numbers(0), whole(node, 1)]
    const known = sizeOf(target.filter((extent) => extent !== -1))
    const shape = target.map((extent) => (extent === -1 ? items.length / known : extent))
    node.only('allowzero', 0)
    return sizeOf(shape) === items.length && shape.every((extent) => Number.isInteger(extent) && extent > 0)
      ? numbers(shape, items, node.refuse)
      : node.refuse(`reshapes ${items.length} numbers to [${target}]`)
  },
  Transpose: (node) => {
    const data = node.numbers(0)
    const [rows, columns] = data.shape
    if (data.shape.length !== 2) node.refuse(`turns [${data.shape}]; two axes are accepted`)
    node.only('perm', [1, 0])
    const items = Array.from(
      { length: data.items.length },
      (_, at) => data.items[(at % rows!) * columns! + Math.floor(at / rows!)]!,
    )
    return numbers([columns!, rows!], items, node.refuse)
  },
  ConstantOfShape: (node) => {
    const shape = whole(node, 0)
    const value = node.attribute('value')
    if (value?.kind !== 'tensor' || value.value.dtype !== 'int64') return node.refuse('gives no whole numbers')
    const size = sizeOf(shape)
    if (!(size >= 0 && size <= 64)) node.refuse(`gives [${shape}] numbers`)
    return numbers(shape, new Array<number>(size).fill(Number(value.value.data[0])), node.refuse)
  },
  Mul: (node) => {
    const [a, b] = [node.numbers(0), node.numbers(1)]
    const [long, short] = a.items.length < b.items.length ? [b, a] : [a, b]
    if (short.items.length !== 1 && short.shape.join() !== long.shape.join())
      node.refuse(`multiplies [${a.shape}] with [${b.shape}]`)
    const product = (x: Extent, y: Extent): Extent => {
      if (x === 1) return y
      if (y === 1) return x
      return x === 'batch' || y === 'batch' ? node.refuse('computes with the size of the batch') : x * y
    }
    const items = long.items.map((item, at) => product(item, short.items[short.items.length === 1 ? 0 : at]!))
    return numbers(long.shape, items, node.refuse)
  },
}
