// ELU: negative values bend smoothly towards −alpha.
import { layer } from './layer.ts'
import { real } from './options.ts'

/** x for positive values, alpha·(eˣ − 1) for others, as in PyTorch's `nn.ELU`. With t = tanh(x/2), eˣ − 1 is 2t/(1 − t) to the last digits. */
export const elu = layer({
  name: 'elu',
  summary: 'The value itself where it is positive; below, a bend towards −alpha.',
  options: { alpha: real('how far negative values go', 1) },
  output: (input) => input,
  equations: [
    't[...] = tanh(0.5 * min(x[...], 0))',
    'y[...] = 0 < x[...] ? x[...] : alpha * (2 * t[...] / (1 - t[...]))',
  ],
  onnx: {
    write: (_, { alpha }) => ({ steps: [{ op: 'Elu', reads: ['x'], attributes: { alpha: { float: alpha } } }] }),
    read: { Elu: (node) => ({ given: { alpha: node.number('alpha', 1) } }) },
  },
  examples: [
    { input: [7], options: {} },
    { input: [2, 3, 4], options: { alpha: 0.5 } },
  ],
})
