// The sum of two entries of equal shape: the joint of a residual connection.
import { layer } from './layer.ts'

/** Adds two entries, element by element: `sum: from(['conv1', 'conv3'], add())`. */
export const add = layer({
  name: 'add',
  summary: 'Adds two entries of the model, element by element.',
  options: {},
  inputs: ['x', 'other'],
  output: (input) => input,
  equations: ['y[...] = x[...] + other[...]'],
  onnx: { write: () => ({ steps: [{ op: 'Add', reads: ['x', 'other'] }] }), read: { Add: () => ({ given: {} }) } },
  examples: [{ input: [2, 3, 3], options: {} }],
})
