// What a pixel means to the model: (value − mean) / standard deviation, one pair for each channel. Part of every saved
// model, so that predictions see what training saw.
import type { Machine } from '../engine/program.ts'
import { UsageError } from '../errors.ts'
import { readNormalisation } from '../files/facts.ts'
import type { Plan } from '../model/plan.ts'

export interface Normalisation {
  /** In the units of the pixels after bytes were divided by 255. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

/** Tells a machine how to read its pixels. @throws UsageError for a deviation that is not above 0. */
export function writeNormalisation(
  machine: Pick<Machine, 'write'>,
  { scale, shift }: Pick<Plan, 'scale' | 'shift'>,
  given: Normalisation,
  isBytes: boolean,
): void {
  const { mean, std } = readNormalisation(
    given,
    given.std.length,
    (problem) => new UsageError(`normalisation: ${problem}`),
  )
  const unit = isBytes ? 255 : 1
  machine.write(
    scale,
    std.map((deviation) => 1 / (unit * deviation)),
  )
  machine.write(
    shift,
    std.map((deviation, channel) => -mean[channel]! / deviation),
  )
}
