// The native engine: a program's C source, compiled, at work. Importing this file offers it to the library.
import { offerNativeEngine } from '../engine/create-machine.ts'
import { NativeMachine } from '../engine/native/machine.ts'
import { lanesFor, printSource } from '../engine/native/source.ts'
import type { Machine, Program } from '../engine/program.ts'
import { type CompileOptions, compileModule, findCompiler } from './compiler.ts'

export interface NativeMachineOptions extends Partial<CompileOptions> {
  readonly threads?: number
  /** Floats in a vector; default: those of this machine. Results do not depend on it. */
  readonly lanes?: number
}

/** A program as machine code. Compiled in about three seconds the first time, and then taken from the user's cache. */
export function nativeMachine(program: Program, capacity: number, options: NativeMachineOptions = {}): Machine {
  const { threads = 1, fast = false, optimisation = 3, lanes = findCompiler().lanes } = options
  const source = printSource(program, lanesFor(capacity, lanes))
  return new NativeMachine(program, source, compileModule(source.text, { fast, optimisation }), { capacity, threads })
}

function isThere(): boolean {
  try {
    findCompiler()
    return true
  } catch {
    return false
  }
}

offerNativeEngine({ isThere, createMachine: nativeMachine })
