// A program compiled to machine code, at work.
import type { Kernel } from '../compile/kernel.ts'
import { MachineMemory, type MemoryMap, planMemory, tooLarge } from '../compile/memory.ts'
import { checkMeasurable, type MeasurableMachine } from '../measurable.ts'
import type { Program } from '../program.ts'
import { HEAD_BYTES } from './driver.ts'
import type { NativeSource } from './source.ts'

/** What a compiled source gives JavaScript. */
export interface NativeModule {
  /** Memory for one machine, its other threads at the ready; nothing where the system has too little. */
  open(layout: ArrayBuffer, bytes: number, threads: number): ArrayBuffer | undefined
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

/** Where everything lies, before anything is compiled or taken. */
export const nativeMemory = (program: Program, { storage }: NativeSource, options: NativeOptions): MemoryMap =>
  planMemory(program, storage, { ...options, firstByte: HEAD_BYTES })

export class NativeMachine extends MachineMemory implements MeasurableMachine {
  readonly threads: number
  readonly kernels: readonly Kernel[]
  readonly #module: NativeModule
  readonly #memory: ArrayBuffer

  /** @throws UsageError where the system does not give the memory. */
  constructor(program: Program, source: NativeSource, module: NativeModule, options: NativeOptions) {
    const { capacity, threads } = options
    const map = nativeMemory(program, source, options)
    const layout = Float64Array.of(
      map.scratch,
      map.shares,
      ...[...map.inputs.values()].flatMap(({ address, slotBytes }) => [address, slotBytes]),
      ...[...map.outputs.values()].map(({ address }) => address),
    )
    const memory = module.open(layout.buffer, map.bytes, threads)
    if (memory === undefined) throw tooLarge('native', map.bytes)
    super(program, capacity, map, memory)
    this.#module = module
    this.#memory = memory
    this.kernels = source.kernels
    this.threads = module.threads(memory)
  }

  start(samples: number, slot: 0 | 1 = 0): void {
    this.#module.start(this.#memory, samples, slot)
  }

  finish(): void {
    this.#module.finish(this.#memory)
  }

  runKernel(number: number, times: number): void {
    checkMeasurable(this)
    this.#module.kernel(this.#memory, number, times)
  }

  close(): void {
    this.#module.close(this.#memory)
  }
}
