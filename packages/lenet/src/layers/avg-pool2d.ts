// Average pooling: the mean of each window. The sum is divided once, at the end.
import { axesOf, type Layer, layer, slide } from './layer.ts'
import { checkPadding, type PoolOptions, poolOptions } from './max-pool2d.ts'
import { readPooling, windowAttributes } from './onnx-window.ts'
import { type Pair, pair, type Sides } from './options.ts'

const definition = layer({
  name: 'avgPool2d',
  summary: 'Averages each window.',
  options: {
    kernel: pair('sides of the window'),
    stride: pair('step of the window; its sides unless given', (o) => o.kernel as Pair),
    padding: pair('zeros added on each side; they count in the mean', 0),
  },
  output: (input, o) => {
    const [channels, rows, columns] = axesOf(input, 'channels', 'rows', 'columns')
    checkPadding(o)
    return [channels, slide(rows, o, 0), slide(columns, o, 1)]
  },
  equations: [
    's[c,i,j] += x[c, i*stride0+u-padding0, j*stride1+v-padding1]  (u, v < kernel)',
    'y[c,i,j] = s[c,i,j] / (kernel0 * kernel1)',
  ],
  onnx: {
    write: (_, o) => ({
      steps: [{ op: 'AveragePool', reads: ['x'], attributes: { ...windowAttributes(o), count_include_pad: 1 } }],
    }),
    read: {
      AveragePool: (node) => {
        const window = readPooling(node, node.padding())
        const adds = node.ints('pads', []).some((side) => side !== 0) || node.text('auto_pad', '').startsWith('SAME')
        const isPadded = adds && window.padding.some((side) => side > 0)
        if (node.number('count_include_pad', 0) === 0 && isPadded)
          node.refuse('leaves the padding out of the mean; count_include_pad 1 is accepted')
        return { given: window }
      },
    },
  },
  examples: [
    { input: [2, 6, 6], options: { kernel: 2 } },
    { input: [2, 7, 5], options: { kernel: 3, stride: 2, padding: 1 }, title: 'overlapping windows over the edge' },
  ],
})

/** Average pooling, as in PyTorch's `nn.AvgPool2d`: `avgPool2d(2)`. */
export const avgPool2d = Object.assign((options: Sides | PoolOptions): Layer => definition(poolOptions(options)), {
  definition: definition.definition,
})
