// The product of two entries of equal shape: a gate.
import { ShapeError } from '../errors.ts'
import { layer } from './layer.ts'

/** Multiplies two entries, element by element: `gated: from(['values', 'gate'], multiply())`. */
export const multiply = layer({
  name: 'multiply',
  summary: 'Multiplies two entries of the model, element by element.',
  options: {},
  inputs: ['x', 'other'],
  output: (input, _, other) => {
    if (other && other.join() !== input.join())
      throw new ShapeError(`multiplies [${input}] by [${other}]; equal shapes are accepted`)
    return input
  },
  equations: ['y[...] = x[...] * other[...]'],
  onnx: { write: () => ({ steps: [{ op: 'Mul', reads: ['x', 'other'] }] }), read: { Mul: () => ({ given: {} }) } },
  examples: [{ input: [2, 3, 3], options: {} }],
})
