// The sigmoid and the swish of small machines: straight lines between −3 and 3.
import { layer } from './layer.ts'

const examples = [
  { input: [7], options: {} },
  { input: [2, 3, 4], options: {} },
]

/** min(max(x/6 + 1/2, 0), 1), as in PyTorch's `nn.Hardsigmoid`: flat, also at −3 and 3 themselves. */
export const hardsigmoid = layer({
  name: 'hardsigmoid',
  summary: 'A straight line from 0 at −3 to 1 at 3, flat on both sides.',
  options: {},
  output: (input) => input,
  equations: ['t[...] = x[...] + 3', 'u[...] = relu(t[...])', 'y[...] = u[...] == 6 ? 1 : min(u[...], 6) / 6'],
  onnx: {
    write: () => ({
      steps: [{ op: 'HardSigmoid', reads: ['x'], attributes: { alpha: { float: 1 / 6 }, beta: { float: 0.5 } } }],
    }),
    read: {
      HardSigmoid: (node) => {
        const [alpha, beta] = [node.number('alpha', 0.2), node.number('beta', 0.5)]
        if (Math.fround(alpha) !== Math.fround(1 / 6) || beta !== 0.5)
          node.refuse(`has alpha ${alpha} and beta ${beta}; 1/6 and 0.5 are accepted`)
        return { given: {} }
      },
    },
  },
  examples,
})

/** x·min(max(x + 3, 0), 6)/6, as in PyTorch's `nn.Hardswish`. */
export const hardswish = layer({
  name: 'hardswish',
  summary: 'Zero below −3, the value itself above 3, a parabola between them.',
  options: {},
  output: (input) => input,
  equations: ['y[...] = x[...] < -3 ? 0 : (3 < x[...] ? x[...] : x[...] * (x[...] + 3) / 6)'],
  onnx: { write: () => ({ steps: [{ op: 'HardSwish', reads: ['x'] }] }), read: { HardSwish: () => ({ given: {} }) } },
  examples,
})
