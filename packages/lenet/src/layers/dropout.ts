// Dropout: while training, each value is dropped with a given probability and the others grow to make up for it.
import { type Layer, layer } from './layer.ts'
import { real } from './options.ts'

const definition = layer({
  name: 'dropout',
  summary: 'While training, drops each value with a given probability; otherwise does nothing.',
  options: {
    rate: real('probability of dropping a value', 0.5, (rate) => rate >= 0 && rate < 1, 'a number from 0, below 1'),
  },
  output: (input) => input,
  equations: ['y[...] = x[...]'],
  training: ['y[...] = keep[...] * x[...]'],
  noise: (input, { rate }) => ({ keep: { shape: input, value: (uniform) => (uniform < rate ? 0 : 1 / (1 - rate)) } }),
  onnx: { write: () => ({ steps: [{ op: 'Identity', reads: ['x'] }] }) },
  examples: [{ input: [2, 3, 3], options: { rate: 0.25 } }],
})

/** Dropout, as in PyTorch's `nn.Dropout`: `dropout(0.5)`. */
export const dropout = Object.assign((rate = 0.5): Layer => definition({ rate }), { definition: definition.definition })
