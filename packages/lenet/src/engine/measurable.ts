// A machine whose kernels can be run one at a time, to measure them.
import type { Kernel } from './loops.ts'
import type { Machine } from './program.ts'

export interface MeasurableMachine extends Machine {
  readonly kernels: readonly Kernel[]
  /** Runs one kernel on this thread's first tile of samples, so many times; what it leaves behind is no result. */
  runKernel(number: number, times: number): void
}

export const isMeasurable = (machine: Machine): machine is MeasurableMachine => 'runKernel' in machine
