// Subsampling as in LeNet-5 (LeCun et al. 1998, II.B): the sum of each window times a trainable coefficient, plus a bias.
import { area, axesOf, fanIn, type Layer, layer, slide } from './layer.ts'
import { type PoolOptions, poolOptions } from './max-pool2d.ts'
import { floats, integers, type OnnxStep } from './onnx.ts'
import { windowAttributes } from './onnx-window.ts'
import { count, type Pair, pair, type Sides } from './options.ts'

/** Every channel as often as it has outputs. */
const copying: OnnxStep = { op: 'Gather', reads: ['x', 'sources'], writes: 'copied', attributes: { axis: 1 } }

const definition = layer({
  name: 'subsample',
  summary: 'Sums each window, times a trainable coefficient for each channel, plus a trainable bias.',
  options: {
    kernel: pair('sides of the window'),
    stride: pair('step of the window; its sides unless given', (o) => o.kernel as Pair),
    padding: pair('zeros added on each side', 0),
    copies: count('output channels for each input channel', 1),
  },
  output: (input, o) => {
    const [channels, rows, columns] = axesOf(input, 'channels', 'rows', 'columns')
    return [channels * o.copies, slide(rows, o, 0), slide(columns, o, 1)]
  },
  parameters: ([channels], o) => ({
    coefficient: fanIn([channels! * o.copies], area(o.kernel)),
    bias: fanIn([channels! * o.copies], area(o.kernel)),
  }),
  equations: (_, o) => [
    o.copies === 1
      ? 's[c,i,j] += x[c, i*stride0+u-padding0, j*stride1+v-padding1]  (u, v < kernel)'
      : 's[k*copies+d,i,j] += x[k, i*stride0+u-padding0, j*stride1+v-padding1]  (d < copies, u, v < kernel)',
    'y[c,i,j] = coefficient[c] * s[c,i,j] + bias[c]',
  ],
  onnx: {
    write: ([channels], o) => ({
      steps: [
        ...(o.copies > 1 ? [copying] : []),
        {
          op: 'AveragePool',
          reads: [o.copies > 1 ? 'copied' : 'x'],
          writes: 'mean',
          attributes: { ...windowAttributes(o), count_include_pad: 1 },
        },
        { op: 'Mul', reads: ['mean', 'area'], writes: 's' },
        { op: 'Reshape', reads: ['coefficient', 'planes'], writes: 'factor' },
        { op: 'Reshape', reads: ['bias', 'planes'], writes: 'shift' },
        { op: 'Mul', reads: ['s', 'factor'], writes: 'scaled' },
        { op: 'Add', reads: ['scaled', 'shift'] },
      ],
      constants: {
        area: floats([], area(o.kernel)),
        planes: integers(channels! * o.copies, 1, 1),
        ...(o.copies > 1 && {
          sources: integers(...Array.from({ length: channels! * o.copies }, (_, at) => Math.floor(at / o.copies))),
        }),
      },
    }),
  },
  examples: [
    { input: [2, 6, 6], options: { kernel: 2 } },
    { input: [3, 5, 7], options: { kernel: [2, 3], stride: 1 } },
    { input: [2, 6, 4], options: { kernel: 2, copies: 3 }, title: 'several for each channel' },
  ],
})

/** The 1998 paper's pooling with two trainable numbers for each channel: `subsample(2)`. */
export const subsample = Object.assign(
  (options: Sides | (PoolOptions & { readonly copies?: number })): Layer => definition(poolOptions(options)),
  { definition: definition.definition },
)
