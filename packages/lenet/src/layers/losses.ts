// Losses are layers: they read scores and a row of targets, and give one number a sample.

import type { Shape } from '../tensor.ts'
import { axesOf, layer } from './layer.ts'
import { real } from './options.ts'

/** One number a sample, from its scores and a row of targets. */
const perSample = {
  inputs: ['x', 'target'],
  output: (input: Shape): Shape => {
    axesOf(input, 'classes')
    return []
  },
}

/**
 * Cross entropy of logits with targets as rows of weights (one-hot, or smoothed labels), as in PyTorch's
 * `nn.CrossEntropyLoss`. The peak is taken away before anything else: exact for logits of ±10⁴.
 */
export const crossEntropy = layer({
  ...perSample,
  name: 'crossEntropy',
  summary: 'Minus the log of the probability that the softmax of the scores gives to the target.',
  options: {},
  equations: [
    'peak[] max= x[k]',
    's[k] = x[k] - stop(peak[])',
    'e[k] = exp(s[k])',
    'z[] += e[k]',
    'l[] = log(z[])',
    'y[] += target[k] * (l[] - s[k])',
  ],
  curvature: ['h[k] = e[k] / z[] * (1 - e[k] / z[])'],
  examples: [{ input: [5], options: {} }],
})

/**
 * For scores that are probabilities already, as those of a model that ends in softmax. One below the smallest normal number
 * counts as that: the loss is then 87.3, not infinite.
 */
export const logLoss = layer({
  ...perSample,
  name: 'logLoss',
  summary: 'Minus the log of the probability that the scores give to the target.',
  options: { least: real('the smallest probability', 2 ** -126) },
  equations: ['y[] += target[k] * -log(max(x[k], least))'],
  examples: [{ input: [5], options: {} }],
})

/** Mean squared error between scores and targets, as in PyTorch's `nn.MSELoss`. */
export const meanSquaredError = layer({
  ...perSample,
  name: 'meanSquaredError',
  summary: 'The mean of the squared differences between scores and targets.',
  options: { low: real('target of the classes that are wrong, where the right one has 1', 0) },
  equations: (_, { low }) =>
    low === 0
      ? ['s[] += (x[k] - target[k]) * (x[k] - target[k])', 'y[] = s[] / size(k)']
      : ['e[k] = x[k] - (low + (1 - low) * target[k])', 's[] += e[k] * e[k]', 'y[] = s[] / size(k)'],
  curvature: ['h[k] = 2 / size(k)'],
  examples: [
    { input: [5], options: {} },
    { input: [5], options: { low: -1 }, title: 'targets of plus and minus one' },
  ],
})

/**
 * For one unit a class whose code is +1 at its own unit and −1 at the others: the cross entropy of Gaussians of unit width
 * around the codes (Eq. 9 of LeCun et al. 1998 with half the squared distances and without the rubbish class), and `pull`
 * times the squared distance to the right code, so that nothing is driven further than there.
 */
export const placeCodes = layer({
  ...perSample,
  name: 'placeCodes',
  summary: 'How much nearer the scores are to the code of the right class than to those of the others, and how near.',
  options: { pull: real('what the squared distance to the right code counts', 0.2) },
  equations: [
    'peak[] max= x[k]',
    's[k] = 2 * (x[k] - stop(peak[]))',
    'e[k] = exp(s[k])',
    'z[] += e[k]',
    'l[] = log(z[])',
    'd[k] = x[k] - (2 * target[k] - 1)',
    'right[] += target[k] * (l[] - s[k])',
    'far[] += d[k] * d[k]',
    'y[] = right[] + pull * far[]',
  ],
  curvature: ['h[k] = 4 * (e[k] / z[] * (1 - e[k] / z[])) + 2 * pull'],
  examples: [{ input: [5], options: {} }],
})

/** For scores that are distances: that to the target's code (LeCun et al. 1998, Eq. 8). */
export const maximumLikelihood = layer({
  ...perSample,
  name: 'maximumLikelihood',
  summary: 'The distance between the output and the code of the right class.',
  options: {},
  equations: ['y[] += target[k] * x[k]'],
  examples: [{ input: [5], options: {} }],
})

/**
 * For scores that are distances: Eq. 8, and what pushes the other codes away (LeCun et al. 1998, Eq. 9). A rubbish class
 * stands at the constant distance `rubbish`, j in the paper: far beyond it, nothing is pushed further.
 */
export const maximumAPosteriori = layer({
  ...perSample,
  name: 'maximumAPosteriori',
  summary: 'Minus the log of the probability of the right class, where probabilities fall off with the distance.',
  options: { rubbish: real('distance of the rubbish class', 20) },
  equations: [
    'n[k] = -x[k]',
    'near[] max= n[k]',
    'peak[] = max(near[], -rubbish)',
    'e[k] = exp(n[k] - stop(peak[]))',
    'z[] += e[k]',
    'all[] = z[] + exp(-rubbish - stop(peak[]))',
    't[] += target[k] * x[k]',
    'y[] = t[] + log(all[]) + stop(peak[])',
  ],
  examples: [
    { input: [5], options: { rubbish: 2 } },
    { input: [4], options: {} },
  ],
})
