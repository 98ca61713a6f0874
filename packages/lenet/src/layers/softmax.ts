// Softmax: scores become probabilities. The peak is taken away first, so that no power overflows.
import { axesOf, layer } from './layer.ts'

/** eˣ of each score over their sum. */
export const softmax = layer({
  name: 'softmax',
  summary: 'Turns scores into probabilities that add up to 1.',
  options: {},
  output: (input) => [axesOf(input, 'classes')[0]],
  equations: ['peak[] max= x[k]', 'e[k] = exp(x[k] - stop(peak[]))', 'z[] += e[k]', 'y[k] = e[k] / z[]'],
  reading: { best: 'largest', probability: 'itself' },
  onnx: {
    write: () => ({ steps: [{ op: 'Softmax', reads: ['x'], attributes: { axis: 1 } }] }),
    read: {
      Softmax: (node) => {
        if (![1, -1].includes(node.number('axis', -1))) node.refuse('runs along another axis; 1 is accepted')
        return { given: {} }
      },
    },
  },
  examples: [{ input: [5], options: {} }],
})
