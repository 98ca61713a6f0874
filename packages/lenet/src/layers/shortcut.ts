// The shortcut of He et al. 2016, section 4.2, option A: no parameters; every second pixel, zeros for new channels.
import { ShapeError } from '../errors.ts'
import { axesOf, layer } from './layer.ts'
import { count, pair } from './options.ts'

/** Takes every `stride`-th pixel, and puts the channels into the middle of `channels` of them; the others are zero. */
export const shortcut = layer({
  name: 'shortcut',
  summary: 'Every second pixel, and zeros for channels that are new: a residual connection without parameters.',
  options: { channels: count('output channels'), stride: pair('distance of the pixels', 2) },
  output: (input, { channels: out, stride }) => {
    const [channels, rows, columns] = axesOf(input, 'channels', 'rows', 'columns')
    if (out < channels) throw new ShapeError(`makes ${out} channels of ${channels}; as many or more are accepted`)
    if (stride.some((side) => side < 1))
      throw new ShapeError(`has a stride of [${stride}]; whole numbers from 1 are accepted`)
    return [out, Math.ceil(rows / stride[0]), Math.ceil(columns / stride[1])]
  },
  equations: ([channels], { channels: out }) => {
    const before = Math.floor((out - channels!) / 2)
    const behind = out - channels! - before
    return [
      ...(before > 0 ? [`y[f+0,i,j] = 0  (f < ${before})`] : []),
      `y[c+${before},i,j] = x[c, i*stride0, j*stride1]`,
      ...(behind > 0 ? [`y[b+${before + channels!},i,j] = 0  (b < ${behind})`] : []),
    ]
  },
  examples: [
    { input: [2, 4, 4], options: { channels: 4 } },
    { input: [3, 5, 4], options: { channels: 8, stride: [2, 1] }, title: 'an odd number of new channels' },
  ],
})
