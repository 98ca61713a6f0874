// Euclidean radial basis functions (LeCun et al. 1998, Eq. 7): the squared distance to each class's code. The nearest wins.
import { axesOf, fanIn, type Layer, layer } from './layer.ts'
import { integers } from './onnx.ts'
import { count } from './options.ts'

const definition = layer({
  name: 'rbf',
  summary: 'The squared distance between the input and the code of each class; the smallest wins.',
  options: { out: count('classes') },
  output: (_, o) => [o.out],
  parameters: (input, o) => ({ weight: fanIn([o.out, axesOf(input, 'features')[0]]) }),
  equations: ['y[k] += (x[i] - weight[k,i]) * (x[i] - weight[k,i])'],
  reading: { best: 'smallest', probability: 'softmax of negatives' },
  onnx: {
    write: () => ({
      steps: [
        { op: 'Unsqueeze', reads: ['x', 'axis1'], writes: 'row' },
        { op: 'Sub', reads: ['row', 'weight'], writes: 'difference' },
        { op: 'Mul', reads: ['difference', 'difference'], writes: 'square' },
        { op: 'ReduceSum', reads: ['square', 'axis2'], attributes: { keepdims: 0 } },
      ],
      constants: { axis1: integers(1), axis2: integers(2) },
    }),
  },
  examples: [{ input: [6], options: { out: 3 } }],
})

/** Squared distances to one code a class: `rbf(10)`. */
export const rbf = Object.assign(
  (options: number | { readonly out: number }): Layer =>
    definition(typeof options === 'number' ? { out: options } : options),
  { definition: definition.definition },
)
