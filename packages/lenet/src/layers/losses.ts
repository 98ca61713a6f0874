// Losses are layers: they read scores and a row of targets, and give one number a sample.
import { axesOf, layer } from './layer.ts'

/**
 * Cross entropy of logits with targets as rows of weights (one-hot, or smoothed labels), as in PyTorch's
 * `nn.CrossEntropyLoss`. The peak is taken away before anything else: exact for logits of ±10⁴.
 */
export const crossEntropy = layer({
  name: 'crossEntropy',
  summary: 'Minus the log of the probability that the softmax of the scores gives to the target.',
  options: {},
  inputs: ['x', 'target'],
  output: (input) => {
    axesOf(input, 'classes')
    return []
  },
  equations: [
    'peak[] max= x[k]',
    's[k] = x[k] - stop(peak[])',
    'e[k] = exp(s[k])',
    'z[] += e[k]',
    'l[] = log(z[])',
    'y[] += target[k] * (l[] - s[k])',
  ],
  examples: [{ input: [5], options: {} }],
})

/** Mean squared error between scores and targets, as in PyTorch's `nn.MSELoss`. */
export const meanSquaredError = layer({
  name: 'meanSquaredError',
  summary: 'The mean of the squared differences between scores and targets.',
  options: {},
  inputs: ['x', 'target'],
  output: (input) => {
    axesOf(input, 'classes')
    return []
  },
  equations: ['s[] += (x[k] - target[k]) * (x[k] - target[k])', 'y[] = s[] / size(k)'],
  examples: [{ input: [5], options: {} }],
})
