// Optimizers are equations over the parameters: p[i] the parameters, g[i] the batch's gradient, state that lives as long
// as training, and numbers that change from step to step.
import type { Update } from '../engine/program.ts'
import { bind } from '../equation/bind.ts'
import { parseEquation } from '../equation/parse.ts'
import { sharedVariable } from '../equation/variable.ts'

export interface Optimizer {
  readonly name: string
  readonly options: Readonly<Record<string, number | boolean>>
  /** Learning rate before any schedule. */
  readonly lr: number
  readonly equations: readonly string[]
  readonly state: readonly string[]
  /** The numbers of one step, from its learning rate and what is kept from the step before. Steps count from 1. */
  readonly settings: (lr: number, memory: number[]) => Readonly<Record<string, number>>
  /** For state `scale`: 1 / (damping + curvature), computed anew before each epoch from so many training samples. */
  readonly curvature?: { readonly patterns: number; readonly damping: number }
  /** Running numbers before the first step, kept in checkpoints. */
  readonly memory: readonly number[]
}

/** The optimizer's equations for `size` parameters. They may read and write their own state and the parameters. */
export function planUpdate(optimizer: Optimizer, size: number): Update {
  const numbers = Object.keys(optimizer.settings(0, [...optimizer.memory]))
  const [parameters, gradients] = [sharedVariable('p', [size]), sharedVariable('g', [size])]
  const state = new Map(optimizer.state.map((name) => [name, sharedVariable(name, [size])]))
  const settings = new Map(numbers.map((name) => [name, sharedVariable(name, [])]))
  const { equations } = bind(optimizer.equations.map(parseEquation), {
    who: optimizer.name,
    layer: optimizer.name,
    options: {},
    variables: new Map([['p', parameters], ['g', gradients], ...state, ...settings]),
    create: sharedVariable,
  })
  return { equations, parameters, gradients, state, settings }
}
