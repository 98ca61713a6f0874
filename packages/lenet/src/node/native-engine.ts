// The native engine: a program's C source, compiled, at work. Importing this file offers it to the library.
import { totalmem } from 'node:os'
import { checkBytes } from '../engine/compile/memory.ts'
import { offerNativeEngine } from '../engine/create-machine.ts'
import { NativeMachine, nativeMemory } from '../engine/native/machine.ts'
import { lanesFor, printSource } from '../engine/native/source.ts'
import type { Machine, Program } from '../engine/program.ts'
import { UsageError } from '../errors.ts'
import { type CompileOptions, compileModule, findCompiler } from './compiler.ts'

export interface NativeMachineOptions extends Partial<CompileOptions> {
  readonly threads?: number
  /** Floats in a vector; default: those of this machine. Results do not depend on it. */
  readonly lanes?: number
  /** The largest tile whose samples meet at its end; default: what suits the machine. */
  readonly nearBytes?: number
}

/**
 * A program as machine code. Compiled the first time, in three seconds for LeNet and fifteen for ResNet-18, and then taken
 * from the user's cache.
 * @throws UsageError where it cannot be compiled, or wants more memory than the machine has.
 */
export function nativeMachine(program: Program, capacity: number, options: NativeMachineOptions = {}): Machine {
  const { threads = 1, fast = false, lanes = findCompiler().lanes, nearBytes } = options
  const source = printSource(program, lanesFor(capacity, lanes), nearBytes)
  const { bytes } = nativeMemory(program, source, { capacity, threads })
  checkBytes('native', bytes, Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY))
  return new NativeMachine(program, source, compileModule(source.text, { ...options, fast }), { capacity, threads })
}

function problem(): UsageError | undefined {
  try {
    findCompiler()
    return undefined
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
}

offerNativeEngine({ problem, createMachine: nativeMachine })
