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
    read: { GlobalAveragePool: () => ({ given: {} }) },
  },
  examples: [{ input: [3, 4, 5], options: {} }],
})
