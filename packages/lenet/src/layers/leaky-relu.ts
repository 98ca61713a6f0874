// Leaky ReLU: negative values keep a small slope, so that no unit is silent for ever.
import { layer } from './layer.ts'
import { real } from './options.ts'

/** x for positive values, `slope`·x for others, as in PyTorch's `nn.LeakyReLU`. */
export const leakyRelu = layer({
  name: 'leakyRelu',
  summary: 'The value itself where it is positive, a small part of it elsewhere.',
  options: { slope: real('what is left of a negative value', 0.01) },
  output: (input) => input,
  equations: ['y[...] = 0 < x[...] ? x[...] : slope * x[...]'],
  onnx: {
    write: (_, { slope }) => ({ steps: [{ op: 'LeakyRelu', reads: ['x'], attributes: { alpha: { float: slope } } }] }),
    read: { LeakyRelu: (node) => ({ given: { slope: node.number('alpha', 0.01) } }) },
  },
  examples: [
    { input: [7], options: {} },
    { input: [2, 3, 4], options: { slope: 0.25 } },
  ],
})
