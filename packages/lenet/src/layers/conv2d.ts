// Convolution: one small kernel slides over all input channels at once and sums what it sees.
import { ShapeError } from '../errors.ts'
import { area, axesOf, type ConstantSpec, fanIn, layer, slide } from './layer.ts'
import { floats } from './onnx.ts'
import { readConvolution, windowAttributes } from './onnx-window.ts'
import { count, flag, pair, table } from './options.ts'

/**
 * 2-D convolution of [channels, rows, columns], as in PyTorch's `nn.Conv2d`.
 * With `table`, output channel o sees only the input channels whose entry in row o is 1 (LeNet-5's C3). With `groups`, each
 * group of output channels sees its own group of input channels; as many groups as channels is a depthwise convolution.
 */
export const conv2d = layer({
  name: 'conv2d',
  summary: 'Slides a small kernel over the input; each output channel has its own kernel.',
  options: {
    out: count('output channels'),
    kernel: pair('sides of the kernel'),
    stride: pair('step of the kernel', 1),
    padding: pair('zeros added on each side', 0),
    dilation: pair('distance of the pixels that the kernel sees', 1),
    groups: count('groups of channels that do not see each other', 1),
    bias: flag('a number added to each output channel', true),
    table: table('which input channels (columns) each output channel (row) sees'),
  },
  output: (input, o) => {
    const [channels, rows, columns] = axesOf(input, 'channels', 'rows', 'columns')
    if (o.table && (o.table.length !== o.out || o.table[0]!.length !== channels))
      throw new ShapeError(
        `has a table of [${[o.table.length, o.table[0]!.length]}]; [${[o.out, channels]}], outputs by inputs, is wanted`,
      )
    if (channels % o.groups !== 0 || o.out % o.groups !== 0)
      throw new ShapeError(`makes ${o.groups} groups of ${channels} and ${o.out} channels, which do not divide`)
    if (o.table && o.groups > 1) throw new ShapeError('has a table and groups; one of them is accepted')
    return [o.out, slide(rows, o, 0), slide(columns, o, 1)]
  },
  parameters: ([channels], o) => {
    const each = channels! / o.groups
    // With a table, what an output channel sees on average.
    const seen = o.table ? o.table.flat().reduce((sum, cell) => sum + cell, 0) / o.out : each
    const fan = seen * area(o.kernel)
    return {
      weight: fanIn([o.out, each, ...o.kernel], fan),
      ...(o.bias ? { bias: fanIn([o.out], fan) } : {}),
    }
  },
  constants: ([channels], o): Record<string, ConstantSpec> =>
    o.table ? { table: { shape: [o.out, channels!], data: Float32Array.from(o.table.flat()) } } : {},
  equations: ([channels], o) => {
    const isDilated = o.dilation.some((step) => step > 1)
    const [u, v] = isDilated ? ['u*dilation0', 'v*dilation1'] : ['u', 'v']
    const seen = (channel: string) => `x[${channel}, i*stride0+${u}-padding0, j*stride1+${v}-padding1]`
    const bias = (channel: string) => (o.bias ? [`y[${channel},i,j] = bias[${channel}]`] : [])
    const [inputs, outputs] = [channels! / o.groups, o.out / o.groups]
    if (o.groups === 1)
      return [...bias('o'), `y[o,i,j] += ${o.table ? 'table[o,c] * ' : ''}weight[o,c,u,v] * ${seen('c')}`]
    if (inputs === 1 && outputs === 1) return [...bias('c'), `y[c,i,j] += weight[c,0,u,v] * ${seen('c')}`]
    const [from, to] = [`g*${inputs}+c`, `g*${outputs}+o`]
    return [...bias('k'), `y[${to},i,j] += weight[${to},c,u,v] * ${seen(from)}  (g < groups, o < ${outputs})`]
  },
  onnx: {
    write: ([channels], o) => ({
      steps: [
        ...(o.table ? [{ op: 'Mul', reads: ['weight', 'table'], writes: 'seen' }] : []),
        {
          op: 'Conv',
          reads: ['x', o.table ? 'seen' : 'weight', ...(o.bias ? ['bias'] : [])],
          attributes: { ...windowAttributes(o), dilations: o.dilation, group: o.groups },
        },
      ],
      ...(o.table && { constants: { table: floats([o.out, channels!, 1, 1], ...o.table.flat()) } }),
    }),
    read: {
      Conv: (node) => {
        const weight = node.array(1)
        const groups = node.number('group', 1)
        const [out, each, ...sides] = weight.shape
        if (each !== node.input[0]! / groups)
          node.refuse(`has weights [${weight.shape}] for ${node.input[0]} channels in ${groups} groups`)
        return {
          given: {
            out,
            ...readConvolution(node, sides),
            ...(groups > 1 && { groups }),
            ...(node.has(2) ? {} : { bias: false }),
          },
          parameters: { weight, ...(node.has(2) ? { bias: node.array(2) } : {}) },
          channels: 'first',
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
    { input: [3, 6, 7], options: { out: 3, kernel: 3, padding: 1, groups: 3 }, title: 'depthwise' },
    { input: [4, 5, 5], options: { out: 6, kernel: 3, stride: 2, padding: 1, groups: 2 }, title: 'two groups' },
    { input: [2, 7, 9], options: { out: 3, kernel: 3, dilation: [2, 3], padding: 2 }, title: 'every second pixel' },
    { input: [2, 5, 5], options: { out: 9, kernel: 1, bias: false }, title: 'one pixel wide, without bias' },
  ],
})
