// Concatenation: the channels of several entries behind each other. GoogLeNet's branches meet in it.
import { ShapeError } from '../errors.ts'
import { layer } from './layer.ts'

/** Puts the channels of entries behind each other: `join: from(['branch1', 'branch2', 'branch3'], concat())`. */
export const concat = layer({
  name: 'concat',
  summary: 'Puts the channels of several entries behind each other.',
  options: {},
  inputs: (count) => Array.from({ length: Math.max(1, count) }, (_, at) => (at === 0 ? 'x' : `x${at}`)),
  output: (input, _, ...others) => {
    const different = others.find((other) => other.slice(1).join() !== input.slice(1).join() || other.length === 0)
    if (different || input.length === 0)
      throw new ShapeError(`puts [${different ?? input}] behind [${input}]; channels may differ, nothing else`)
    return [others.reduce((sum, other) => sum + other[0]!, input[0]!), ...input.slice(1)]
  },
  equations: (input, _, ...others) => {
    let before = 0
    return [input, ...others].map(([channels, ...rest], at) => {
      // An axis of its own for each, because their extents differ.
      const [from, axes] = [before, rest.map((_, axis) => `,a${axis}`).join('')]
      before += channels!
      return `y[c${at}+${from}${axes}] = ${at === 0 ? 'x' : `x${at}`}[c${at}${axes}]`
    })
  },
  onnx: {
    write: (_, __, ...others) => ({
      steps: [{ op: 'Concat', reads: ['x', ...others.map((_, at) => `x${at + 1}`)], attributes: { axis: 1 } }],
    }),
    read: {
      Concat: (node) => {
        const axis = node.number('axis', 1)
        if (axis !== 1 && axis !== -node.input.length)
          node.refuse(`joins along axis ${axis}; 1, the channels, is accepted`)
        return { given: {} }
      },
    },
  },
  examples: [
    {
      input: [2, 3, 3],
      others: [
        [1, 3, 3],
        [3, 3, 3],
      ],
      options: {},
      title: 'three branches',
    },
    { input: [4], others: [[3]], options: {}, title: 'two rows' },
  ],
})
