// A unit's equations with their numbers: what was read, what each term gives, and what comes out.
import { type Net, termValue, type UnitEquation, type UnitLoad, unitEquations, type Weights } from 'lenet'
import { mostOf } from '../../parts/raster.ts'
import type { Stage } from './stages.ts'

export interface Reckoned {
  readonly entry: string
  readonly equation: UnitEquation
  /** For each load the numbers of all terms, and the largest of the whole tensor: what colours are measured by. */
  readonly reads: readonly Float64Array[]
  readonly scales: readonly number[]
  readonly terms: Float64Array
  /** What this equation adds, or what it sets. */
  readonly result: number
  /** What equations before it have put there, where it adds to that. */
  readonly before?: number
  /** Index of the term that won, for a maximum. */
  readonly winner: number
}

interface Numbers {
  readonly values: ReadonlyMap<string, Float32Array>
  readonly weights: Weights
}

/** Every equation on the way to a unit of a stage, in the order in which they are computed. */
export function reckon(net: Net, stage: Stage, unit: number, numbers: Numbers): readonly Reckoned[] {
  const own = new Map<UnitLoad['tensor'], number>()
  const sums = new Map<UnitLoad['tensor'], number>()
  return stage.entries.flatMap((entry) =>
    unitEquations(net, entry, unit).map((equation) => {
      const whole = ({ tensor, source }: UnitLoad): ArrayLike<number> | undefined =>
        source.kind === 'entry' ? numbers.values.get(source.name) : (tensor.data ?? numbers.weights.get(tensor.name))
      const read = (load: UnitLoad, at: number): number => {
        if (at < 0) return equation.reduction === 'max' ? Number.NEGATIVE_INFINITY : 0
        return own.get(load.tensor) ?? whole(load)?.[at] ?? 0
      }
      const scales = equation.loads.map((load) => mostOf(whole(load) ?? [own.get(load.tensor) ?? 0]))
      const before = sums.get(equation.tensor)
      const reckoned: Reckoned = {
        ...reckonOne(entry, equation, read),
        scales,
        ...(before !== undefined && equation.reduction === 'sum' && { before }),
      }
      const sum = (before ?? 0) + reckoned.result
      sums.set(equation.tensor, sum)
      // Values on the way are kept; an entry's own output is what the engine computed.
      if (!equation.isOutput) own.set(equation.tensor, sum)
      return reckoned
    }),
  )
}

function reckonOne(
  entry: string,
  equation: UnitEquation,
  read: (load: UnitLoad, at: number) => number,
): Omit<Reckoned, 'scales' | 'before'> {
  const { loads, value, reduction, off } = equation
  const count = loads[0]?.at.length ?? 1
  const reads = loads.map((load) => Float64Array.from(load.at, (index) => read(load, index)))
  const terms = Float64Array.from({ length: count }, (_, term) =>
    off?.[term] === 1
      ? 0
      : termValue(
          value,
          reads.map((values) => values[term]!),
        ),
  )
  const winner = terms.reduce((best, term, at) => (term > terms[best]! ? at : best), 0)
  const result = reduction === 'max' ? terms[winner]! : terms.reduce((sum, term) => sum + term, 0)
  return { entry, equation, reads, terms, result, winner }
}

/** The equation's text with the target's indices put in: `i*stride0+u-padding0` becomes `10*1+u-0`. */
export function withPlace(
  { text }: UnitEquation,
  place: readonly number[],
  options: Readonly<Record<string, unknown>>,
): string {
  const target =
    /\[([^\]]*)\]/
      .exec(text)?.[1]
      ?.split(',')
      .map((part) => part.trim()) ?? []
  const numbers = new Map<string, number>()
  for (const [at, name] of target.entries()) if (/^[a-z]\d*$/.test(name)) numbers.set(name, place[at]!)
  for (const [name, option] of Object.entries(options)) {
    if (typeof option === 'number') numbers.set(name, option)
    else if (Array.isArray(option))
      for (const [at, side] of option.entries()) if (typeof side === 'number') numbers.set(`${name}${at}`, side)
  }
  const filled = text.replace(/[A-Za-z_]\w*(?!\w*[[(])/g, (name) => `${numbers.get(name) ?? name}`)
  return shortened(tidy(filled))
}

/** Constants with as many digits as anyone reads. */
export const shortened = (text: string): string =>
  text.replace(/\d+\.\d{5,}/g, (long) => `${Number(Number(long).toPrecision(4))}`)

/** `10*1+u-0` is 10+u. */
const tidy = (text: string): string =>
  text
    .replace(/(\d+)\*(\d+)/g, (_, a, b) => `${a * b}`)
    .replace(/([+-])0(?![\d.])(?=[^\w]|$)/g, '')
    .replace(/\[0\+/g, '[')
    .replace(/, 0\+/g, ', ')
