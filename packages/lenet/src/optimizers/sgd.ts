// Stochastic gradient descent, with PyTorch's momentum: v ← μ·v + g, p ← p − η·v.
import { UsageError } from '../errors.ts'
import type { Optimizer } from './optimizer.ts'
import { checkSettings, fromZero, zeroToOne } from './settings.ts'

export interface SgdOptions {
  readonly lr?: number
  readonly momentum?: number
  readonly nesterov?: boolean
  readonly weightDecay?: number
}

const ranges = { lr: fromZero, momentum: zeroToOne, nesterov: 'flag', weightDecay: fromZero } as const

/**
 * `torch.optim.SGD`: learning rate, momentum, Nesterov momentum, weight decay (added to the gradient).
 * @throws UsageError for an option out of its range.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkSettings('sgd', options, ranges)
  const { lr = 0.05, momentum = 0.9, nesterov = false, weightDecay = 0 } = options
  if (nesterov && momentum === 0) throw new UsageError('sgd: nesterov needs momentum, and momentum is 0')
  const decayed = weightDecay === 0 ? 'g[i]' : 'd[i]'
  return {
    name: 'sgd',
    options: { lr, momentum, nesterov, weightDecay },
    lr,
    equations: [
      ...(weightDecay === 0 ? [] : ['d[i] = g[i] + weightDecay[] * p[i]']),
      ...(momentum === 0 ? [] : [`velocity[i] = momentum[] * velocity[i] + ${decayed}`]),
      ...(momentum !== 0 && nesterov ? [`step[i] = ${decayed} + momentum[] * velocity[i]`] : []),
      `p[i] = p[i] - lr[] * ${momentum === 0 ? decayed : nesterov ? 'step[i]' : 'velocity[i]'}`,
    ],
    state: momentum === 0 ? [] : ['velocity'],
    settings: (rate) => ({
      lr: rate,
      ...(momentum === 0 ? {} : { momentum }),
      ...(weightDecay === 0 ? {} : { weightDecay }),
    }),
    memory: [],
  }
}
