// GELU: the value times the probability that a normal variable is smaller.
import { layer } from './layer.ts'
import { floats } from './onnx.ts'

/** x·Φ(x) = x·(1 + erf(x/√2))/2, as in PyTorch's `nn.GELU`. */
export const gelu = layer({
  name: 'gelu',
  summary: 'The value times the probability that a normally distributed one is smaller.',
  options: {},
  output: (input) => input,
  equations: ['e[...] = erf(0.70710678118654752 * x[...])', 'y[...] = 0.5 * x[...] * (1 + e[...])'],
  onnx: {
    write: () => ({
      steps: [
        { op: 'Mul', reads: ['x', 'root'], writes: 'inside' },
        { op: 'Erf', reads: ['inside'], writes: 'e' },
        { op: 'Add', reads: ['e', 'one'], writes: 'twice' },
        { op: 'Mul', reads: ['x', 'half'], writes: 'part' },
        { op: 'Mul', reads: ['part', 'twice'] },
      ],
      constants: { root: floats([], Math.SQRT1_2), one: floats([], 1), half: floats([], 0.5) },
    }),
    read: {
      Gelu: (node) => {
        const approximate = node.text('approximate', 'none')
        if (approximate !== 'none') node.refuse(`is approximated by ${approximate}; none is accepted`)
        return { given: {} }
      },
    },
  },
  examples: [
    { input: [7], options: {} },
    { input: [2, 3, 4], options: {} },
  ],
})
