// A program compiled to machine code, at work.
import type { Kernel } from '../loops.ts'
import type { MeasurableMachine } from '../measurable.ts'
import { MachineMemory, planMemory } from '../memory.ts'
import type { Program } from '../program.ts'
import { HEAD_BYTES } from './driver.ts'
import type { NativeSource } from './source.ts'

/** What a compiled source gives JavaScript. */
export interface NativeModule {
  /** Memory for one machine, its other threads at the ready. */
  open(layout: ArrayBuffer, bytes: number, threads: number): ArrayBuffer
  start(memory: ArrayBuffer, samples: number, slot: number): void
  finish(memory: ArrayBuffer): void
  close(memory: ArrayBuffer): void
  threads(memory: ArrayBuffer): number
  /** Runs one kernel on the first tile, for measuring. */
  kernel(memory: ArrayBuffer, number: number, times: number): void
}

export interface NativeOptions {
  readonly capacity: number
  readonly threads: number
}

export class NativeMachine extends MachineMemory implements MeasurableMachine {
  readonly threads: number
  readonly kernels: readonly Kernel[]
  readonly #module: NativeModule
  readonly #memory: ArrayBuffer

  constructor(program: Program, { storage, kernels }: NativeSource, module: NativeModule, options: NativeOptions) {
    const { capacity, threads } = options
    const map = planMemory(program, storage, { capacity, threads, firstByte: HEAD_BYTES })
    const layout = Float64Array.of(
      map.scratch,
      map.shares,
      ...[...map.inputs.values()].flatMap(({ address, slotBytes }) => [address, slotBytes]),
      ...[...map.outputs.values()].map(({ address }) => address),
    )
    const memory = module.open(layout.buffer, map.bytes, threads)
    super(program, capacity, map, memory)
    this.#module = module
    this.#memory = memory
    this.kernels = kernels
    this.threads = module.threads(memory)
  }

  start(samples: number, slot: 0 | 1 = 0): void {
    this.#module.start(this.#memory, samples, slot)
  }

  finish(): void {
    this.#module.finish(this.#memory)
  }

  runKernel(number: number, times: number): void {
    this.#module.kernel(this.#memory, number, times)
  }

  close(): void {
    this.#module.close(this.#memory)
  }
}
