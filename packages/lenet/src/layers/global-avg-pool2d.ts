// Global average pooling: one number for each feature map. It stands where fully connected layers used to.
import { axesOf, layer } from './layer.ts'

/** Averages each channel of [channels, rows, columns] to [channels]. */
export const globalAvgPool2d = layer({
  name: 'globalAvgPool2d',
  summary: 'Averages each channel to one number.',
  options: {},
  output: (input) => [axesOf(input, 'channels', 'rows', 'columns')[0]],
  equations: ['s[c] += x[c,i,j]', 'y[c] = s[c] / (size(i) * size(j))'],
  onnx: {
    write: () => ({
      steps: [
        { op: 'GlobalAveragePool', reads: ['x'], writes: 'mean' },
        { op: 'Flatten', reads: ['mean'], attributes: { axis: 1 } },
      ],
    }),
    read: {
      GlobalAveragePool: ({ input }) => ({ given: {}, output: [input[0]!, 1, 1] }),
      ReduceMean: (node) => {
        const axes = node.has(1) ? node.extents(1) : node.ints('axes', [])
        const places = axes.map((axis) => (typeof axis === 'number' && axis < 0 ? axis + node.input.length + 1 : axis))
        if (node.input.length !== 3 || places.sort().join() !== '2,3')
          node.refuse(`takes the mean of [batch,${node.input}] along [${axes}]; rows and columns, [2,3], are accepted`)
        node.only('noop_with_empty_axes', 0)
        const channels = node.input[0]!
        return { given: {}, output: node.number('keepdims', 1) === 0 ? [channels] : [channels, 1, 1] }
      },
    },
  },
  examples: [{ input: [3, 4, 5], options: {} }],
})
