// Layer norm: each sample is brought to mean 0 and variance 1 by itself.

import { sizeOf } from '../engine/program.ts'
import { ShapeError } from '../errors.ts'
import { layer, type ParameterSpec } from './layer.ts'
import { normEquations } from './norm.ts'
import { count, flag, real } from './options.ts'

/** Normalises over the last `axes` axes, as PyTorch's `nn.LayerNorm` does over a shape of as many extents. */
export const layerNorm = layer({
  name: 'layerNorm',
  summary: 'Brings the last axes of each sample to mean 0 and variance 1, then scales and shifts each place.',
  options: {
    axes: count('how many of the last axes are normalised together'),
    eps: real('added to the variance', 1e-5, (eps) => eps > 0, 'a number above 0'),
    affine: flag('a factor and a number to add for each place', true),
  },
  output: (input, { axes }) => {
    if (axes > input.length) throw new ShapeError(`normalises ${axes} axes of [${input}]`)
    return input
  },
  parameters: (input, { axes, affine }): Record<string, ParameterSpec> => {
    const shape = input.slice(input.length - axes)
    return affine
      ? { weight: { shape, fan: sizeOf(shape), start: 1 }, bias: { shape, fan: sizeOf(shape), start: 0 } }
      : {}
  },
  equations: (input, { axes, affine }) => {
    const names = input.map((_, at) => `a${at}`)
    const [all, lead, last] = [names, names.slice(0, -axes), names.slice(-axes)].map((part) => part.join(','))
    const size = sizeOf(input.slice(input.length - axes))
    return normEquations({ all: all!, group: lead!, own: last!, size, affine })
  },
  examples: [
    { input: [4, 3, 2], options: { axes: 3 } },
    { input: [5, 6], options: { axes: 1 }, title: 'each row by itself' },
    { input: [6], options: { axes: 1, affine: false }, title: 'without factors' },
  ],
})
