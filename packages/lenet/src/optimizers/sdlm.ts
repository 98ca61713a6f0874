// Stochastic diagonal Levenberg-Marquardt (LeCun et al. 1998, Appendix C): every weight has a learning rate of its own,
// lr / (damping + its curvature).
import type { Optimizer } from './optimizer.ts'
import { aboveZero, checkSettings, counting, fromZero } from './settings.ts'

export interface SdlmOptions {
  readonly lr?: number
  /** μ: keeps the rate finite where the curvature is small. */
  readonly damping?: number
  /** Training samples from which the curvature is estimated before each epoch. */
  readonly patterns?: number
}

/**
 * Meant for one sample a step, in a constant order, with the schedule `lecun1998`. The paper has lr 0.0005 and damping 0.02,
 * with which its LeNet-5 is unstable here; docs/paper.md has the trials.
 */
export function sdlm(options: SdlmOptions = {}): Optimizer {
  checkSettings('sdlm', options, { lr: fromZero, damping: aboveZero, patterns: counting })
  const { lr = 0.0003, damping = 0.1, patterns = 500 } = options
  return {
    name: 'sdlm',
    options: { lr, damping, patterns },
    lr,
    equations: ['p[i] = p[i] - lr[] * scale[i] * g[i]'],
    state: ['scale'],
    settings: (rate) => ({ lr: rate }),
    curvature: { patterns, damping },
    memory: [],
  }
}
