// Group norm: groups of channels of each sample are brought to mean 0 and variance 1, whatever the batch.
import { ShapeError } from '../errors.ts'
import { axesOf, layer, type ParameterSpec } from './layer.ts'
import { normEquations } from './norm.ts'
import { count, flag, real } from './options.ts'

/** Normalises each of `groups` groups of channels, as PyTorch's `nn.GroupNorm`. */
export const groupNorm = layer({
  name: 'groupNorm',
  summary: 'Brings groups of channels of each sample to mean 0 and variance 1, then scales and shifts each channel.',
  options: {
    groups: count('groups of channels'),
    eps: real('added to the variance', 1e-5, (eps) => eps > 0, 'a number above 0'),
    affine: flag('a factor and a number to add for each channel', true),
  },
  output: (input, { groups }) => {
    const [channels] = axesOf(input, 'channels', 'rows', 'columns')
    if (channels % groups !== 0)
      throw new ShapeError(`makes ${groups} groups of ${channels} channels, which do not divide`)
    return input
  },
  parameters: ([channels], { affine }): Record<string, ParameterSpec> => {
    const one = { shape: [channels!], fan: channels! }
    return affine ? { weight: { ...one, start: 1 }, bias: { ...one, start: 0 } } : {}
  },
  equations: ([channels, rows, columns], { groups, affine }) => {
    const each = channels! / groups
    const c = `g*${each}+c`
    return normEquations({
      all: `${c},i,j`,
      group: 'g',
      own: c,
      size: each * rows! * columns!,
      affine,
      range: `  (g < groups, c < ${each})`,
    })
  },
  examples: [
    { input: [6, 3, 2], options: { groups: 3 } },
    { input: [4, 2, 2], options: { groups: 1, affine: false }, title: 'one group, without factors' },
  ],
})
