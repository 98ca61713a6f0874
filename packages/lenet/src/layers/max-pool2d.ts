// Max pooling: of each window, the largest value. The gradient goes to the first winner.
import { ShapeError } from '../errors.ts'
import { axesOf, type Layer, layer, slide } from './layer.ts'
import { readPooling, windowAttributes } from './onnx-window.ts'
import { flag, type Pair, pair, type Sides } from './options.ts'

const definition = layer({
  name: 'maxPool2d',
  summary: 'Keeps the largest value of each window.',
  options: {
    kernel: pair('sides of the window'),
    stride: pair('step of the window; its sides unless given', (o) => o.kernel as Pair),
    padding: pair('minus infinities added on each side', 0),
    ceilMode: flag('whether the last window may hang over the edge', false),
  },
  output: (input, o) => {
    const [channels, rows, columns] = axesOf(input, 'channels', 'rows', 'columns')
    checkPadding(o)
    return [channels, slide(rows, o, 0), slide(columns, o, 1)]
  },
  equations: ['y[c,i,j] max= x[c, i*stride0+u-padding0, j*stride1+v-padding1]  (u, v < kernel)'],
  onnx: {
    write: (input, o) => ({ steps: [{ op: 'MaxPool', reads: ['x'], attributes: windowAttributes(o, input) }] }),
    read: {
      MaxPool: (node) => {
        // The order of indices, which are a second output.
        node.number('storage_order', 0)
        return { given: readPooling(node) }
      },
    },
  },
  examples: [
    { input: [2, 6, 6], options: { kernel: 2 } },
    {
      input: [2, 7, 5],
      options: { kernel: [3, 2], stride: [2, 1], padding: [1, 0] },
      title: 'overlapping windows over the edge',
    },
    { input: [2, 6, 7], options: { kernel: 3, stride: 2, ceilMode: true }, title: 'a last window over the edge' },
  ],
})

/** Max pooling, as in PyTorch's `nn.MaxPool2d`: `maxPool2d(2)` or `maxPool2d({ kernel: 3, stride: 2 })`. */
export const maxPool2d: PoolConstructor = Object.assign(
  (options: Sides | PoolOptions): Layer => definition(poolOptions(options)),
  { definition: definition.definition },
)

export interface PoolOptions {
  readonly kernel: Sides
  readonly stride?: Sides
  readonly padding?: Sides
  /** Whether the last window may hang over the edge. */
  readonly ceilMode?: boolean
}

export interface PoolConstructor {
  (options: Sides | PoolOptions): Layer
  readonly definition: typeof definition.definition
}

/** A number or a pair alone is the kernel. */
export const poolOptions = (options: Sides | PoolOptions): PoolOptions =>
  typeof options === 'object' && options !== null && !Array.isArray(options)
    ? (options as PoolOptions)
    : { kernel: options as Sides }

/** As in PyTorch: with more, a window could lie wholly outside. @throws ShapeError. */
export function checkPadding({ kernel, padding }: { readonly kernel: Pair; readonly padding: Pair }): void {
  if (padding.some((side, axis) => 2 * side > kernel[axis]!))
    throw new ShapeError(`has a padding of [${padding}]; at most half of its kernel [${kernel}] is accepted`)
}
