// A machine whose kernels can be run one at a time, to measure them.

import { UsageError } from '../errors.ts'
import type { Kernel } from './compile/kernel.ts'
import { type Machine, TILE } from './program.ts'

export interface MeasurableMachine extends Machine {
  readonly kernels: readonly Kernel[]
  /** Runs one kernel on this thread's first tile of samples, so many times; what it leaves behind is no result. */
  runKernel(number: number, times: number): void
}

/** @throws UsageError for a machine without room for a whole tile, which a kernel would leave. */
export function checkMeasurable({ capacity }: Machine): void {
  if (capacity < TILE)
    throw new UsageError(`engine: it has room for ${capacity} samples; kernels are measured on ${TILE}`)
}

export const isMeasurable = (machine: Machine): machine is MeasurableMachine => 'runKernel' in machine
