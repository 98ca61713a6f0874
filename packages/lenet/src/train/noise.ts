// The noise that layers ask for in training, such as which units dropout leaves out.
import { type Machine, sizeOf } from '../engine/program.ts'
import type { TrainingPlan } from '../model/plan.ts'
import { createRandom } from '../random/random.ts'

export interface Batch {
  readonly seed: number
  readonly epoch: number
  /** Of each row, the sample's number in the training set. */
  readonly indices: Iterable<number>
  readonly slot?: 0 | 1
}

/** A sample's noise depends on the sample and the epoch, not on where in the batch it stands. */
export function drawNoise(
  machine: Machine,
  { noise }: Pick<TrainingPlan, 'noise'>,
  { seed, epoch, indices, slot = 0 }: Batch,
): void {
  if (noise.size === 0) return
  const inputs = [...noise].map(([tensor, { shape, value }]) => ({
    values: machine.input(tensor, slot),
    size: sizeOf(shape),
    value,
  }))
  let row = 0
  for (const index of indices) {
    const random = createRandom(seed, 'noise', epoch, index)
    for (const { values, size, value } of inputs)
      for (let at = 0; at < size; at++) values[row * size + at] = value(random())
    row++
  }
}
