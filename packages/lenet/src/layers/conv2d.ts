// Convolution: one small kernel slides over all input channels at once and sums what it sees.
import { ShapeError } from '../errors.ts'
import { area, axesOf, type ConstantSpec, fanIn, layer, slide } from './layer.ts'
import { floats } from './onnx.ts'
import { readConvolution, windowAttributes } from './onnx-window.ts'
import { count, flag, pair, table } from './options.ts'

/**
 * 2-D convolution of [channels, rows, columns], as in PyTorch's `nn.Conv2d`.
 * With `table`, output channel o sees only the input channels whose entry in row o is 1 (LeNet-5's C3).
 */
export const conv2d = layer({
  name: 'conv2d',
  summary: 'Slides a small kernel over the input; each output channel has its own kernel.',
  options: {
    out: count('output channels'),
    kernel: pair('sides of the kernel'),
    stride: pair('step of the kernel', 1),
    padding: pair('zeros added on each side', 0),
    bias: flag('a number added to each output channel', true),
    table: table('which input channels (columns) each output channel (row) sees'),
  },
  output: (input, o) => {
    const [channels, rows, columns] = axesOf(input, 'channels', 'rows', 'columns')
    if (o.table && (o.table.length !== o.out || o.table[0]!.length !== channels))
      throw new ShapeError(
        `has a table of [${[o.table.length, o.table[0]!.length]}]; [${[o.out, channels]}], outputs by inputs, is wanted`,
      )
    return [o.out, slide(rows, o, 0), slide(columns, o, 1)]
  },
  parameters: ([channels], o) => {
    // With a table, what an output channel sees on average.
    const seen = o.table ? o.table.flat().reduce((sum, cell) => sum + cell, 0) / o.out : channels!
    const fan = seen * area(o.kernel)
    return {
      weight: fanIn([o.out, channels!, ...o.kernel], fan),
      ...(o.bias ? { bias: fanIn([o.out], fan) } : {}),
    }
  },
  constants: ([channels], o): Record<string, ConstantSpec> =>
    o.table ? { table: { shape: [o.out, channels!], data: Float32Array.from(o.table.flat()) } } : {},
  equations: (_, o) => [
    ...(o.bias ? ['y[o,i,j] = bias[o]'] : []),
    `y[o,i,j] += ${o.table ? 'table[o,c] * ' : ''}weight[o,c,u,v] * x[c, i*stride0+u-padding0, j*stride1+v-padding1]`,
  ],
  onnx: {
    write: ([channels], o) => ({
      steps: [
        ...(o.table ? [{ op: 'Mul', reads: ['weight', 'table'], writes: 'seen' }] : []),
        {
          op: 'Conv',
          reads: ['x', o.table ? 'seen' : 'weight', ...(o.bias ? ['bias'] : [])],
          attributes: windowAttributes(o),
        },
      ],
      ...(o.table && { constants: { table: floats([o.out, channels!, 1, 1], ...o.table.flat()) } }),
    }),
    read: {
      Conv: (node) => {
        const weight = node.array(1)
        node.only('group', 1)
        const [out, , ...sides] = weight.shape
        return {
          given: { out, ...readConvolution(node, sides), ...(node.has(2) ? {} : { bias: false }) },
          parameters: { weight, ...(node.has(2) ? { bias: node.array(2) } : {}) },
          channels: true,
        }
      },
    },
  },
  examples: [
    { input: [1, 6, 6], options: { out: 2, kernel: 3 } },
    {
      input: [3, 7, 5],
      options: { out: 4, kernel: [3, 2], stride: 2, padding: 1 },
      title: 'a window that hangs over the edge',
    },
    {
      input: [3, 6, 6],
      options: {
        out: 2,
        kernel: 3,
        table: [
          [1, 1, 0],
          [0, 1, 1],
        ],
      },
      title: 'a connection table',
    },
    { input: [2, 5, 5], options: { out: 9, kernel: 1, bias: false }, title: 'one pixel wide, without bias' },
  ],
})
