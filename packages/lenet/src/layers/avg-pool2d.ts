// Average pooling: the mean of each window. The sum is divided once, at the end.
import { UsageError } from '../errors.ts'
import { axesOf, type ConstantSpec, type Layer, layer, slide } from './layer.ts'
import { checkPadding, type PoolOptions, poolOptions } from './max-pool2d.ts'
import { readPooling, windowAttributes } from './onnx-window.ts'
import { flag, type Pair, pair, type Sides } from './options.ts'

type Window = {
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Pair
  readonly ceilMode: boolean
  readonly countIncludePad: boolean
}

/** Whether every window counts as many pixels. */
const isEven = ({ padding, ceilMode, countIncludePad }: Window): boolean =>
  !ceilMode && (countIncludePad || padding.every((side) => side === 0))

/** Pixels that count along one axis, for each window: those of the plane, or of the plane with its padding. */
function counted(extent: number, window: Window, axis: 0 | 1): ConstantSpec {
  const { kernel, stride, padding, countIncludePad } = window
  const places = slide(extent, window, axis)
  const counts = Array.from({ length: places }, (_, at) => {
    const start = at * stride[axis] - padding[axis]
    const end = start + kernel[axis]
    return countIncludePad ? Math.min(end, extent + padding[axis]) - start : Math.min(end, extent) - Math.max(start, 0)
  })
  return { shape: [places], data: Float32Array.from(counts) }
}

const definition = layer({
  name: 'avgPool2d',
  summary: 'Averages each window.',
  options: {
    kernel: pair('sides of the window'),
    stride: pair('step of the window; its sides unless given', (o) => o.kernel as Pair),
    padding: pair('zeros added on each side', 0),
    ceilMode: flag('whether the last window may hang over the edge', false),
    countIncludePad: flag('whether the zeros of the padding count in the mean', true),
  },
  output: (input, o) => {
    const [channels, rows, columns] = axesOf(input, 'channels', 'rows', 'columns')
    checkPadding(o)
    return [channels, slide(rows, o, 0), slide(columns, o, 1)]
  },
  constants: ([, rows, columns], o): Record<string, ConstantSpec> =>
    isEven(o) ? {} : { height: counted(rows!, o, 0), width: counted(columns!, o, 1) },
  equations: (_, o) => [
    's[c,i,j] += x[c, i*stride0+u-padding0, j*stride1+v-padding1]  (u, v < kernel)',
    `y[c,i,j] = s[c,i,j] / ${isEven(o) ? '(kernel0 * kernel1)' : '(height[i] * width[j])'}`,
  ],
  onnx: {
    write: (input, o) => {
      if (o.ceilMode && o.countIncludePad && !fits(input, o))
        throw new UsageError(
          'avgPool2d: a window over the edge that counts its padding has no counterpart in ONNX',
          'with countIncludePad false there is one',
        )
      const attributes = { ...windowAttributes(o, input), count_include_pad: o.countIncludePad ? 1 : 0 }
      return { steps: [{ op: 'AveragePool', reads: ['x'], attributes }] }
    },
    read: {
      AveragePool: (node) => {
        const window = readPooling(node, node.padding())
        const adds = node.ints('pads', []).some((side) => side !== 0) || node.text('auto_pad', '').startsWith('SAME')
        const counts = node.number('count_include_pad', 0) !== 0
        if (window.ceilMode && counts)
          node.refuse('has a window over the edge and counts its padding in the mean; count_include_pad 0 is accepted')
        const takesOver = node.padding().some((side) => side !== 0)
        if (takesOver && adds && !counts)
          node.refuse('leaves its own padding out of the mean and counts that of a Pad node; one kind is accepted')
        if (takesOver && window.ceilMode)
          node.refuse('has a window over the edge and the zeros of a Pad node; one of them is accepted')
        return {
          given: { ...window, ...(!counts && !takesOver && (adds || window.ceilMode) && { countIncludePad: false }) },
        }
      },
    },
  },
  examples: [
    { input: [2, 6, 6], options: { kernel: 2 } },
    { input: [2, 7, 5], options: { kernel: 3, stride: 2, padding: 1 }, title: 'overlapping windows over the edge' },
    {
      input: [2, 6, 7],
      options: { kernel: 3, stride: 2, padding: 1, ceilMode: true, countIncludePad: false },
      title: 'a last window over the edge, of which the plane alone counts',
    },
  ],
})

/** Whether no window hangs over the edge behind the padding. */
const fits = ([, ...extents]: readonly number[], o: Window): boolean =>
  extents.every((extent, axis) => {
    const end = (slide(extent, o, axis as 0 | 1) - 1) * o.stride[axis]! + o.kernel[axis]!
    return end <= extent + 2 * o.padding[axis]!
  })

export interface AvgPoolOptions extends PoolOptions {
  /** Whether the zeros of the padding count in the mean. */
  readonly countIncludePad?: boolean
}

/** Average pooling, as in PyTorch's `nn.AvgPool2d`: `avgPool2d(2)`. */
export const avgPool2d = Object.assign((options: Sides | AvgPoolOptions): Layer => definition(poolOptions(options)), {
  definition: definition.definition,
})
