// Subsampling as in LeNet-5 (LeCun et al. 1998, II.B): the sum of each window times a trainable coefficient, plus a bias.
import { area, axesOf, fanIn, type Layer, layer, slide } from './layer.ts'
import { type PoolOptions, poolOptions } from './max-pool2d.ts'
import { floats, integers, windowAttributes } from './onnx.ts'
import { type Pair, pair, type Sides } from './options.ts'

const definition = layer({
  name: 'subsample',
  summary: 'Sums each window, times a trainable coefficient for each channel, plus a trainable bias.',
  options: {
    kernel: pair('sides of the window'),
    stride: pair('step of the window; its sides unless given', (o) => o.kernel as Pair),
    padding: pair('zeros added on each side', 0),
  },
  output: (input, o) => {
    const [channels, rows, columns] = axesOf(input, 'channels', 'rows', 'columns')
    return [channels, slide(rows, o, 0), slide(columns, o, 1)]
  },
  parameters: ([channels], o) => ({
    coefficient: fanIn([channels!], area(o.kernel)),
    bias: fanIn([channels!], area(o.kernel)),
  }),
  equations: [
    's[c,i,j] += x[c, i*stride0+u-padding0, j*stride1+v-padding1]  (u, v < kernel)',
    'y[c,i,j] = coefficient[c] * s[c,i,j] + bias[c]',
  ],
  onnx: {
    write: ([channels], o) => ({
      steps: [
        {
          op: 'AveragePool',
          reads: ['x'],
          writes: 'mean',
          attributes: { ...windowAttributes(o), count_include_pad: 1 },
        },
        { op: 'Mul', reads: ['mean', 'area'], writes: 's' },
        { op: 'Reshape', reads: ['coefficient', 'planes'], writes: 'factor' },
        { op: 'Reshape', reads: ['bias', 'planes'], writes: 'shift' },
        { op: 'Mul', reads: ['s', 'factor'], writes: 'scaled' },
        { op: 'Add', reads: ['scaled', 'shift'] },
      ],
      constants: { area: floats([], area(o.kernel)), planes: integers(channels!, 1, 1) },
    }),
  },
  examples: [
    { input: [2, 6, 6], options: { kernel: 2 } },
    { input: [3, 5, 7], options: { kernel: [2, 3], stride: 1 } },
  ],
})

/** The 1998 paper's pooling with two trainable numbers for each channel: `subsample(2)`. */
export const subsample = Object.assign((options: Sides | PoolOptions): Layer => definition(poolOptions(options)), {
  definition: definition.definition,
})
