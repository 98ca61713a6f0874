// SiLU, or swish: the value times its own sigmoid.
import { layer } from './layer.ts'

/** x·sigmoid(x), as in PyTorch's `nn.SiLU`. */
export const silu = layer({
  name: 'silu',
  summary: 'The value times its own sigmoid.',
  options: {},
  output: (input) => input,
  equations: ['s[...] = sigmoid(x[...])', 'y[...] = x[...] * s[...]'],
  onnx: {
    write: () => ({
      steps: [
        { op: 'Sigmoid', reads: ['x'], writes: 's' },
        { op: 'Mul', reads: ['x', 's'] },
      ],
    }),
  },
  examples: [
    { input: [7], options: {} },
    { input: [2, 3, 4], options: {} },
  ],
})
