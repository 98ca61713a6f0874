// Picks the engine.
import { UsageError } from '../errors.ts'
import type { Machine, Program } from './program.ts'
import { referenceMachine } from './reference.ts'
import { canShareMemory, threadedWasmMachine, wasmMachine } from './wasm/machine.ts'

export const engines = ['auto', 'wasm', 'reference'] as const
export type EngineName = (typeof engines)[number]

export interface EngineOptions {
  /** `auto` takes the fastest that this platform has. */
  readonly engine?: EngineName
  /** Threads, this one included; results do not depend on it. */
  readonly threads?: number
}

export async function createMachine(
  program: Program,
  capacity: number,
  { engine = 'auto', threads = 1 }: EngineOptions,
): Promise<Machine> {
  if (!engines.includes(engine)) throw new UsageError(`engine: there is no '${engine}'; there is ${engines.join(', ')}`)
  if (!Number.isInteger(threads) || threads < 1 || threads > 64)
    throw new UsageError(`engine: threads is ${threads}; give a whole number from 1 to 64`)
  return engine === 'reference' ? referenceMachine(program, capacity) : threadedWasmMachine(program, capacity, threads)
}

/** A machine on this thread, ready at once. */
export const createMachineNow = (program: Program, capacity: number, engine: EngineName = 'auto'): Machine =>
  engine === 'reference' ? referenceMachine(program, capacity) : wasmMachine(program, capacity)

export { canShareMemory }
