// First weights, from the seed alone.
import { sizeOf } from '../engine/program.ts'
import { UsageError } from '../errors.ts'
import { createRandom } from '../random/random.ts'
import { type Net, parametersOf } from './model.ts'

export type Weights = ReadonlyMap<string, Float32Array>

/**
 * Half-widths of the uniform distributions. `pytorch`: ±1/√fanIn (its default for Conv2d and Linear). `lecun1998`:
 * ±2.4/fanIn, to the letter of LeCun et al. 1998, Appendix A. `lecun1998sqrt`: ±1.1/√fanIn, biases 0 and subsampling
 * coefficients 0.55, which starts at the learning rates that the same paper reports (2.4/fanIn does not). `he`: weights
 * ±√(6/fanIn), biases 0.
 */
const halfWidths = {
  pytorch: (fan: number) => 1 / Math.sqrt(fan),
  lecun1998: (fan: number) => 2.4 / fan,
  lecun1998sqrt: (fan: number, own: string) => (own === 'bias' || own === 'coefficient' ? 0 : 1.1 / Math.sqrt(fan)),
  he: (fan: number, own: string) => (own === 'bias' || own === 'coefficient' ? 0 : Math.sqrt(6 / fan)),
} as const

/** What the values lie around. */
const centre = (scheme: Initialisation, own: string): number =>
  scheme === 'lecun1998sqrt' && own === 'coefficient' ? 0.55 : 0

export type Initialisation = keyof typeof halfWidths

/** Draws every parameter's first values, in model order. */
export function initialise(net: Net, seed: number, scheme: Initialisation = 'pytorch'): Weights {
  const halfWidth = Object.hasOwn(halfWidths, scheme) ? halfWidths[scheme] : undefined
  if (halfWidth === undefined)
    throw new UsageError(`initialise: there is no scheme '${scheme}'; there is ${Object.keys(halfWidths).join(', ')}`)
  return new Map(
    parametersOf(net).map(({ name, shape, fan, start }, index) => {
      if (start !== undefined) return [name, new Float32Array(sizeOf(shape)).fill(start)]
      const random = createRandom(seed, 'initial', 0, index)
      const own = name.slice(name.lastIndexOf('.') + 1)
      const width = halfWidth(fan, own)
      const middle = centre(scheme, own)
      return [name, Float32Array.from({ length: sizeOf(shape) }, () => middle + (2 * random() - 1) * width)]
    }),
  )
}
