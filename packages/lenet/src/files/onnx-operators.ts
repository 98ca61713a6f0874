// Operators that are no layers: what does nothing when a model only predicts, constants, and what goes into the layer
// before or behind it. One that gives nothing here is left to the layers.
import type { NamedArray } from '../formats/arrays.ts'
import { alongAxis, transposed } from '../layers/onnx.ts'
import type { Channels, OnnxLayers } from './onnx-layers.ts'
import type { NodeReading } from './onnx-node.ts'
import { asValue, type Rows, type Value } from './onnx-value.ts'

// onnx.proto, TensorProto.DataType
const [FLOAT, INT32, INT64, DOUBLE] = [1, 6, 7, 11]

type Operator = (node: NodeReading, layers: OnnxLayers) => Value | undefined

export const operators: Readonly<Record<string, Operator>> = {
  Identity: (node) => node.value(0),

  Dropout: (node) => {
    node.number('ratio', 0.5)
    node.number('seed', 0)
    if (node.has(1)) node.value(1)
    const training = node.has(2) ? node.value(2) : undefined
    const isOff = training === undefined || (training.kind === 'weights' && training.array.data[0] === 0)
    if (!isOff) node.refuse('has training_mode, which drops values at random; off is accepted')
    return node.rows(0)
  },

  Cast: (node) => {
    const to = node.number('to', FLOAT)
    node.only('saturate', 1)
    const value = node.value(0)
    const accepted = value.kind === 'numbers' ? [INT32, INT64] : [FLOAT, DOUBLE]
    if (value.kind === 'weights') node.array(0)
    return accepted.includes(to) ? value : node.refuse(`casts to type ${to}; ${accepted.join(' and ')} are accepted`)
  },

  Constant: (node) => {
    const names = ['value', 'value_int', 'value_ints', 'value_float', 'value_floats']
    const [given, another] = names.flatMap((name) => node.attribute(name) ?? [])
    if (another !== undefined) node.refuse('holds several values; one is accepted')
    switch (given?.kind) {
      case 'tensor':
        return asValue(given.value)
      case 'int':
        return { kind: 'numbers', shape: [], items: [given.value] }
      case 'ints':
        return { kind: 'numbers', shape: [given.value.length], items: given.value }
      case 'float':
        return { kind: 'weights', array: { dtype: 'float32', shape: [], data: Float32Array.of(given.value) } }
      case 'floats':
        return {
          kind: 'weights',
          array: { dtype: 'float32', shape: [given.value.length], data: Float32Array.from(given.value) },
        }
      default:
        return node.refuse('holds no numbers')
    }
  },

  Transpose: (node) => {
    if (node.value(0).kind !== 'weights') return undefined
    const array = node.array(0)
    if (array.shape.length !== 2) node.refuse(`turns weights [${array.shape}]; two axes are accepted`)
    node.only('perm', [1, 0])
    return { kind: 'weights', array: transposed(array) }
  },

  /** Zeros for the window that reads them. */
  Pad: (node) => {
    const mode = node.text('mode', 'constant')
    const pads = node.has(1) ? node.extents(1) : node.ints('pads', [])
    const fill = node.has(2) ? node.array(2).data[0] : node.number('value', 0)
    const rows = node.rows(0)
    const [n, c, top, left, nAfter, cAfter, bottom, right] = pads
    const padding = [top, left, bottom, right].map(Number)
    if (pads.length !== 8 || rows.shape.length !== 3 || [n, c, nAfter, cAfter].some((side) => side !== 0))
      node.refuse(`pads [batch,${rows.shape}] by [${pads}]; rows and columns of feature maps are accepted`)
    if (mode !== 'constant' || fill !== 0) node.refuse(`pads with ${mode === 'constant' ? fill : mode}; 0 is accepted`)
    if (!padding.every((side) => side >= 0)) node.refuse(`pads by [${pads}]; numbers from 0 are accepted`)
    return padding.some((side) => side > 0) ? { ...rows, padding } : rows
  },

  /** y = γ·(Wx + b − μ)/√(σ² + ε) + β is a weighted sum again. */
  BatchNormalization: (node, layers) => {
    const rows = node.rows(0)
    node.only('training_mode', 0)
    node.only('spatial', 1)
    node.number('momentum', 0.9)
    const epsilon = node.number('epsilon', 1e-5)
    const channels = layers.channelsOf(rows)
    if (channels?.axis !== 0)
      return node.refuse(`normalises what is no output of a Conv or Gemm of its own, which are read together`)
    const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => {
      const { shape, data } = node.array(index)
      if (shape.join() !== `${channels.count}`) node.refuse(`has [${shape}] numbers for ${channels.count} channels`)
      return data as Float32Array
    }) as [Float32Array, Float32Array, Float32Array, Float32Array]
    node.spend(channels.bytes)
    const factors = Array.from(gamma, (factor, o) => factor / Math.sqrt(variance[o]! + epsilon))
    layers.scale(rows.entry, (before, o) => (before - mean[o]!) * factors[o]! + beta[o]!, factors)
    return rows
  },

  /** A sum with a constant is a bias. */
  Add: (node, layers) => {
    const at = [0, 1].findIndex((index) => node.value(index).kind === 'weights')
    if (at < 0) return undefined
    const [rows, added] = [node.rows(1 - at), node.array(at)]
    const channels = layers.channelsOf(rows)
    const bias = channels && biasOf(rows, added, channels)
    if (bias === undefined)
      return node.refuse(
        `adds a constant [${added.shape}] to [batch,${rows.shape}]; one number for each channel of a Conv, Gemm or MatMul of its own is accepted`,
      )
    layers.scale(rows.entry, (before, o) => before + bias[o]!)
    return rows
  },
}

function biasOf({ shape }: Rows, added: NamedArray, channels: Channels): Float32Array | undefined {
  const along = { rank: shape.length + 1, axis: channels.axis + 1, extent: channels.count }
  return alongAxis(added, along)?.data as Float32Array | undefined
}
