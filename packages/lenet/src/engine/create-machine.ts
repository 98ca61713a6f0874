// Picks the engine.
import { UsageError } from '../errors.ts'
import { tooLarge } from './compile/memory.ts'
import { type Machine, type Program, sizeOf } from './program.ts'
import { referenceMachine } from './reference.ts'
import { canFuseInWasm, canShareMemory, threadedWasmMachine, wasmMachine } from './wasm/machine.ts'

export const engines = ['auto', 'native', 'wasm', 'reference'] as const
export type EngineName = (typeof engines)[number]

export interface EngineOptions {
  /**
   * `auto` trains with the native engine where there is one (Node with a C compiler, and `lenet/node` imported), and else
   * takes wasm. All give the same result, to the last bit.
   */
  readonly engine?: EngineName
  /** Threads, this one included; results do not depend on it. */
  readonly threads?: number
  /** Rounds a multiplication and the addition after it once: faster, and the results are this machine's own. */
  readonly fast?: boolean
  /** Told why `auto` goes on with wasm where the native engine was to be had and fails. */
  readonly onFallback?: (reason: UsageError) => void
}

/** The native engine, as `lenet/node` brings it. */
export interface NativeEngine {
  /** Why this machine cannot compile, where it cannot. */
  problem(): UsageError | undefined
  /** @throws UsageError where it cannot. */
  createMachine(program: Program, capacity: number, options: { threads: number; fast: boolean }): Machine
}

let native: NativeEngine | undefined

export function offerNativeEngine(engine: NativeEngine): void {
  native = engine
}

/** The engine that training takes. */
export function trainingEngine(engine: EngineName = 'auto'): Exclude<EngineName, 'auto'> {
  if (engine !== 'auto') return engine
  return canCompile() ? 'native' : 'wasm'
}

const canCompile = (): boolean => native !== undefined && native.problem() === undefined

export async function createMachine(program: Program, capacity: number, options: EngineOptions): Promise<Machine> {
  const { threads = 1, fast = false, onFallback } = options
  const engine = checkEngine(options)
  if (engine === 'reference') return interpret(program, capacity)
  if (engine === 'native') return nativeMachine(program, capacity, options)
  const wasm = () => threadedWasmMachine(program, capacity, threads, { fast })
  if (engine === 'wasm' || native === undefined) return wasm()
  // What only predicts is over before a compiler has begun.
  if (program.update === undefined) return wasm().catch((reason) => orNative(reason, program, capacity, options))
  try {
    return nativeMachine(program, capacity, options)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    onFallback?.(error)
    return wasm()
  }
}

/** The native engine has more memory than wasm; where it has none either, wasm's reason stands. */
function orNative(reason: unknown, program: Program, capacity: number, options: EngineOptions): Machine {
  if (!(reason instanceof UsageError)) throw reason
  try {
    return nativeMachine(program, capacity, options)
  } catch {
    throw reason
  }
}

function interpret(program: Program, capacity: number): Machine {
  try {
    return referenceMachine(program, capacity)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const samples = [...program.inputs.map(({ tensor }) => tensor), ...program.outputs]
    const elements = samples.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    throw tooLarge('reference', 4 * capacity * elements)
  }
}

/** A machine on this thread, ready at once. */
export function createMachineNow(program: Program, capacity: number, options: EngineOptions = {}): Machine {
  const engine = checkEngine(options)
  if (engine === 'reference') return interpret(program, capacity)
  return engine === 'native'
    ? nativeMachine(program, capacity, options)
    : wasmMachine(program, capacity, { fast: options.fast })
}

function nativeMachine(program: Program, capacity: number, { threads = 1, fast = false }: EngineOptions): Machine {
  if (native === undefined)
    throw new UsageError(
      'engine native: it is not here',
      "import 'lenet/node' first; a browser has none: use engine 'wasm'",
    )
  return native.createMachine(program, capacity, { threads, fast })
}

/** @throws UsageError for what no engine can do here. */
export function checkEngine({ engine = 'auto', threads = 1, fast = false }: EngineOptions): EngineName {
  if (!engines.includes(engine)) throw new UsageError(`engine: there is no '${engine}'; there is ${engines.join(', ')}`)
  if (!Number.isInteger(threads) || threads < 1 || threads > 64)
    throw new UsageError(`engine: threads is ${threads}; give a whole number from 1 to 64`)
  if (fast && engine === 'reference')
    throw new UsageError('engine reference: it is the definition, and has no fast arithmetic', "use engine 'wasm'")
  if (fast && (engine === 'wasm' || (engine === 'auto' && !canCompile())) && !canFuseInWasm())
    throw new UsageError('engine wasm: this platform has no fused arithmetic (relaxed SIMD)', 'leave fast away')
  return engine
}

export { canShareMemory }
