// Learning-rate schedules: the factor on the optimizer's rate, from how far training is. Only + − × ÷ on the way, because
// powers and cosines differ between JavaScript engines.
import { UsageError } from '../errors.ts'
import { checkSettings, counting, fromZero, zeroToOne } from '../optimizers/settings.ts'

/** Factor on the learning rate for step `step` (from 0) of `steps`, in epoch `epoch` (from 0). */
export interface Schedule {
  readonly name: string
  readonly options: Readonly<Record<string, number>>
  readonly factor: (step: number, steps: number, epoch: number) => number
}

export const constant = (): Schedule => ({ name: 'constant', options: {}, factor: () => 1 })

/** Times `gamma` after every `every` epochs, as PyTorch's `StepLR`. */
export function stepwise(options: { readonly every?: number; readonly gamma?: number } = {}): Schedule {
  checkSettings('stepwise', options, { every: counting, gamma: fromZero })
  const { every = 1, gamma = 0.5 } = options
  return {
    name: 'step',
    options: { every, gamma },
    factor: (_, __, epoch) => {
      let factor = 1
      for (let drop = 0; drop < Math.floor(epoch / every); drop++) factor *= gamma
      return factor
    },
  }
}

/** Half a cosine from 1 to 0 over the whole run. */
export const cosine = (): Schedule => ({
  name: 'cosine',
  options: {},
  factor: (step, steps) => (1 + cosPi(step / steps)) / 2,
})

/** Up along a cosine during the first `warm` of the run, then down to nothing, as PyTorch's `OneCycleLR` (from 1/25 of the peak). */
export function oneCycle(options: { readonly warm?: number } = {}): Schedule {
  checkSettings('oneCycle', options, { warm: zeroToOne })
  const { warm = 0.3 } = options
  return {
    name: 'one-cycle',
    options: { warm },
    factor: (step, steps) => {
      const part = step / steps
      return part < warm ? 1 - 0.96 * ((1 + cosPi(part / warm)) / 2) : (1 + cosPi((part - warm) / (1 - warm))) / 2
    },
  }
}

/**
 * The paper's five rates over twenty passes (LeCun et al. 1998, III.B): 0.0005 twice, then 0.0002, 0.0001, 0.00005, 0.00001.
 * In a run of more or fewer epochs each rate lasts as much longer or shorter.
 */
export const lecun1998 = (): Schedule => ({
  name: 'lecun1998',
  options: {},
  factor: (step, steps) => {
    const pass = Math.floor((20 * step) / steps)
    return pass < 2 ? 1 : pass < 5 ? 0.4 : pass < 8 ? 0.2 : pass < 12 ? 0.1 : 0.02
  },
})

export const schedules = { constant, step: stepwise, cosine, 'one-cycle': oneCycle, lecun1998 } as const

export function scheduleNamed(name: string): Schedule {
  const make = Object.hasOwn(schedules, name) ? schedules[name as keyof typeof schedules] : undefined
  if (make === undefined)
    throw new UsageError(`train: there is no schedule '${name}'; there is ${Object.keys(schedules).join(', ')}`)
  return make()
}

/** cos(πx) for x from 0 to 1: the power series of the sine around the middle, to the last digits of float64. */
function cosPi(x: number): number {
  const t = Math.PI * (x - 0.5)
  const square = t * t
  let sum = 0
  for (let n = 25; n >= 3; n -= 2) sum = (sum + 1) * (-square / (n * (n - 1)))
  return -(t + t * sum)
}
