// Upsampling: every pixel becomes a block.
import { ShapeError } from '../errors.ts'
import { axesOf, layer } from './layer.ts'
import { floats } from './onnx.ts'
import { pair } from './options.ts'

/** Repeats every pixel `factor` times along rows and columns, as PyTorch's `nn.Upsample` does in mode 'nearest'. */
export const upsampleNearest2d = layer({
  name: 'upsampleNearest2d',
  summary: 'Repeats every pixel along rows and columns.',
  options: { factor: pair('how often a pixel stands along rows and columns') },
  output: (input, { factor }) => {
    const [channels, rows, columns] = axesOf(input, 'channels', 'rows', 'columns')
    if (factor.some((side) => side < 1))
      throw new ShapeError(`has a factor of [${factor}]; whole numbers from 1 are accepted`)
    return [channels, rows * factor[0], columns * factor[1]]
  },
  equations: ['y[c, i*factor0+u, j*factor1+v] = x[c,i,j]  (u, v < factor)'],
  onnx: {
    write: (_, { factor }) => ({
      steps: [
        {
          op: 'Resize',
          reads: ['x', '', 'scales'],
          attributes: { coordinate_transformation_mode: 'asymmetric', mode: 'nearest', nearest_mode: 'floor' },
        },
      ],
      constants: { scales: floats([4], 1, 1, ...factor) },
    }),
    read: {
      Resize: (node) => {
        const [mode, nearest] = [node.text('mode', 'nearest'), node.text('nearest_mode', 'round_prefer_floor')]
        const place = node.text('coordinate_transformation_mode', 'half_pixel')
        if (node.has(1)) node.array(1)
        if (mode !== 'nearest' || place !== 'asymmetric' || nearest !== 'floor')
          node.refuse(`is ${mode}, ${place}, ${nearest}; nearest, asymmetric, floor are accepted`)
        node.number('cubic_coeff_a', -0.75)
        node.only('exclude_outside', 0)
        node.number('extrapolation_value', 0)
        if (node.has(3)) node.refuse('is told sizes; scales are accepted')
        const scales = [...node.array(2).data].map(Number)
        const [samples, channels, ...factor] = scales
        if (
          scales.length !== 4 ||
          samples !== 1 ||
          channels !== 1 ||
          !factor.every((side) => Number.isInteger(side) && side > 0)
        )
          node.refuse(`has scales [${scales}]; [1, 1, rows, columns] with whole numbers is accepted`)
        return { given: { factor } }
      },
    },
  },
  examples: [
    { input: [2, 3, 2], options: { factor: 2 } },
    { input: [1, 2, 3], options: { factor: [3, 1] }, title: 'rows alone' },
  ],
})
