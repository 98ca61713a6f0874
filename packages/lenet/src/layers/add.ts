// The sum of two entries of equal shape: the joint of a residual connection.
import { ShapeError } from '../errors.ts'
import { layer } from './layer.ts'

/** Adds two entries, element by element: `sum: from(['conv1', 'conv3'], add())`. */
export const add = layer({
  name: 'add',
  summary: 'Adds two entries of the model, element by element.',
  options: {},
  inputs: ['x', 'other'],
  output: (input, _, other) => {
    if (other && other.join() !== input.join())
      throw new ShapeError(`adds [${other}] to [${input}]; equal shapes are accepted`)
    return input
  },
  equations: ['y[...] = x[...] + other[...]'],
  onnx: { write: () => ({ steps: [{ op: 'Add', reads: ['x', 'other'] }] }), read: { Add: () => ({ given: {} }) } },
  examples: [{ input: [2, 3, 3], options: {} }],
})
