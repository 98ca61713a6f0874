// First weights, from the seed alone.
import { sizeOf } from '../engine/program.ts'
import { UsageError } from '../errors.ts'
import { type Net, parametersOf } from '../model/model.ts'
import { createRandom } from '../random/random.ts'

export type Weights = ReadonlyMap<string, Float32Array>

/**
 * Half-widths of the uniform distributions. `pytorch`: ±1/√fanIn (its default for Conv2d and Linear). `lecun1998`:
 * ±2.4/fanIn (LeCun et al. 1998, Appendix A). `he`: weights ±√(6/fanIn), biases 0.
 */
const halfWidths = {
  pytorch: (fan: number) => 1 / Math.sqrt(fan),
  lecun1998: (fan: number) => 2.4 / fan,
  he: (fan: number, isBias: boolean) => (isBias ? 0 : Math.sqrt(6 / fan)),
} as const

export type Initialisation = keyof typeof halfWidths

/** Draws every parameter's first values, in model order. */
export function initialise(net: Net, seed: number, scheme: Initialisation = 'pytorch'): Weights {
  const halfWidth = halfWidths[scheme]
  if (halfWidth === undefined)
    throw new UsageError(`initialise: there is no scheme '${scheme}'; there is ${Object.keys(halfWidths).join(', ')}`)
  return new Map(
    parametersOf(net).map(({ name, shape, fan }, index) => {
      const random = createRandom(seed, 'initial', 0, index)
      const width = halfWidth(fan, shape.length === 1)
      return [name, Float32Array.from({ length: sizeOf(shape) }, () => (2 * random() - 1) * width)]
    }),
  )
}
