// A sample's elements as runs: what packing and unpacking walk.
import type { Place } from './storage.ts'

export interface Run {
  readonly count: number
  /** In bytes. */
  readonly stride: number
}

/** The axes of a place, joined where they follow each other without a border. `samples` are those of a block. */
export function runsOf(shape: readonly number[], { strides }: Place, samples: number): Run[] {
  return shape.reduceRight<Run[]>(
    (runs, count, at) => {
      const inner = runs[0]
      const stride = strides[at]!
      return inner && stride === inner.count * inner.stride
        ? [{ count: count * inner.count, stride: inner.stride }, ...runs.slice(1)]
        : [{ count, stride }, ...runs]
    },
    [{ count: 1, stride: 4 * samples }],
  )
}
