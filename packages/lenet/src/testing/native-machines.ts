// The native engine in tests: on a machine without a C compiler there is none, and the tests say so.
import type { Machine, Program } from '../engine/program.ts'
import { findCompiler } from '../node/compiler.ts'
import { nativeMachine } from '../node/native-engine.ts'

export const hasCompiler = ((): boolean => {
  try {
    findCompiler()
    return true
  } catch (error) {
    console.warn(`the native engine is not tested: ${(error as Error).message}`)
    return false
  }
})()

/** One machine for each number of threads, or none. Compiled without optimisation: there are many. */
export const nativeMachinesHere = (program: Program, capacity: number, threads: readonly number[]): Machine[] =>
  hasCompiler ? threads.map((count) => nativeMachine(program, capacity, { threads: count, optimisation: 0 })) : []
