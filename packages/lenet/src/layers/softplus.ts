// Softplus: a ReLU without a corner.
import { layer } from './layer.ts'

/**
 * ln(1 + eˣ), as in PyTorch's `nn.Softplus`. Written as max(x, 0) + ln(1 + e) with e = e^−|x|; what 1 + e loses in rounding is
 * put back, so that small values keep all their digits.
 */
export const softplus = layer({
  name: 'softplus',
  summary: 'A smooth ReLU: the logarithm of one plus the power of e.',
  options: {},
  output: (input) => input,
  equations: [
    'e[...] = exp(-abs(x[...]))',
    's[...] = 1 + e[...]',
    'y[...] = max(x[...], 0) + (log(s[...]) + (stop(e[...]) - (stop(s[...]) - 1)) / stop(s[...]))',
  ],
  onnx: { write: () => ({ steps: [{ op: 'Softplus', reads: ['x'] }] }), read: { Softplus: () => ({ given: {} }) } },
  examples: [
    { input: [7], options: {} },
    { input: [2, 3, 4], options: {} },
  ],
})
