// Adam (Kingma and Ba 2015), and AdamW (Loshchilov and Hutter 2019), whose weight decay shrinks the parameters themselves.
import type { Optimizer } from './optimizer.ts'
import { belowOne, checkSettings, fromZero } from './settings.ts'

export interface AdamOptions {
  readonly lr?: number
  readonly beta1?: number
  readonly beta2?: number
  readonly eps?: number
  readonly weightDecay?: number
}

/** `torch.optim.Adam`; weight decay is added to the gradient. */
export const adam = (options: AdamOptions = {}): Optimizer => adaptive('adam', options, 0)

/** `torch.optim.AdamW`; weight decay multiplies the parameters. */
export const adamw = (options: AdamOptions = {}): Optimizer => adaptive('adamw', options, 0.01)

const ranges = { lr: fromZero, beta1: belowOne, beta2: belowOne, eps: fromZero, weightDecay: fromZero } as const

function adaptive(name: 'adam' | 'adamw', options: AdamOptions, usualDecay: number): Optimizer {
  checkSettings(name, options, ranges)
  const { lr = 0.001, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weightDecay = usualDecay } = options
  const decays = weightDecay !== 0
  const gradient = decays && name === 'adam' ? 'd[i]' : 'g[i]'
  const before = name === 'adam' ? 'd[i] = g[i] + decay[] * p[i]' : 'p[i] = p[i] * decay[]'
  return {
    name,
    options: { lr, beta1, beta2, eps, weightDecay },
    lr,
    equations: [
      ...(decays ? [before] : []),
      `mean[i] = beta1[] * mean[i] + rest1[] * ${gradient}`,
      `square[i] = beta2[] * square[i] + rest2[] * (${gradient} * ${gradient})`,
      'p[i] = p[i] - rate[] * (mean[i] / (sqrt(square[i]) / root[] + eps[]))',
    ],
    state: ['mean', 'square'],
    // The bias corrections 1 − βᵗ are running products: powers differ between JavaScript engines.
    settings: (rate, memory) => {
      memory[0] = memory[0]! * beta1
      memory[1] = memory[1]! * beta2
      return {
        beta1,
        rest1: 1 - beta1,
        beta2,
        rest2: 1 - beta2,
        eps,
        rate: rate / (1 - memory[0]),
        root: Math.sqrt(1 - memory[1]),
        ...(decays ? { decay: name === 'adam' ? weightDecay : 1 - rate * weightDecay } : {}),
      }
    },
    memory: [1, 1],
  }
}
