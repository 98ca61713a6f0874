// A compiled program at work: its memory, its instance, its threads.
import type { Variable } from '../../equation/variable.ts'
import { UsageError } from '../../errors.ts'
import type { Kernel } from '../compile/kernel.ts'
import { MachineMemory, tooLarge } from '../compile/memory.ts'
import { checkMeasurable, type MeasurableMachine } from '../measurable.ts'
import { type Machine, type Program, TILE } from '../program.ts'
import { assemble, f32x4, newBody, op } from './assemble.ts'
import { type Compiled, type CompileOptions, compile } from './compile.ts'
import { control, counters } from './driver.ts'
import { spawn, type Thread } from './threads.ts'

interface Exports {
  work(thread: number, maySleep: number): void
  join(maySleep: number): void
  /** Where samples meet with a share, the samples of the tile, and whether it is the share's first. */
  readonly [kernel: `kernel ${number}`]: (block: number, share?: number, present?: number, isFirst?: number) => void
}

type WasmOptions = Pick<CompileOptions, 'fast' | 'nearBytes'>

/** Runs a program on this thread alone. Ready at once. */
export function wasmMachine(program: Program, capacity: number, options: WasmOptions = {}): Machine {
  const compiled = compile(program, capacity, options)
  const memory = takeMemory(compiled, false)
  return new WasmMachine(program, compiled, capacity, memory, toModule(compiled.code), [])
}

/** Runs a program on several threads over shared memory, or on this one where the platform shares none. */
export async function threadedWasmMachine(
  program: Program,
  capacity: number,
  threads: number,
  options: WasmOptions = {},
): Promise<Machine> {
  if (threads <= 1 || !canShareMemory()) return wasmMachine(program, capacity, options)
  const compiled = compile(program, capacity, { ...options, threads, shared: true })
  const memory = takeMemory(compiled, true)
  const module = toModule(compiled.code)
  const others = await Promise.all(Array.from({ length: threads - 1 }, (_, index) => spawn(module, memory, index + 1)))
  return new WasmMachine(program, compiled, capacity, memory, module, others)
}

/** @throws UsageError where the platform has not as much. */
function takeMemory({ pages, bytes }: Compiled, shared: boolean): WebAssembly.Memory {
  if (typeof WebAssembly === 'undefined') throw noWebAssembly()
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge('wasm', bytes)
    throw error
  }
}

const noWebAssembly = () => new UsageError('engine wasm: this platform has no WebAssembly', "use engine 'reference'")

/** Whether the platform rounds a × b + c once (relaxed SIMD). */
export const canFuseInWasm = (): boolean =>
  typeof WebAssembly !== 'undefined' &&
  WebAssembly.validate(
    assemble([{ body: newBody([]), code: op('drop', op('f32x4.relaxed_madd', f32x4(1), f32x4(1), f32x4(1))) }], {
      initial: 1,
      maximum: 1,
      shared: false,
    }),
  )

/** Browsers share memory only with pages that are cross-origin isolated. */
export const canShareMemory = (): boolean =>
  typeof SharedArrayBuffer !== 'undefined' &&
  (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false

function toModule(code: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  if (typeof WebAssembly === 'undefined') throw noWebAssembly()
  try {
    return new WebAssembly.Module(code)
  } catch (error) {
    const reason = (error as Error).message
    if (/unsafe-eval|Content Security Policy|code generation|disallowed by embedder/i.test(reason))
      throw new UsageError(
        `engine wasm: this platform forbids making WebAssembly code (${reason})`,
        "in a page, the Content-Security-Policy needs script-src 'wasm-unsafe-eval'; edge workers have no way, there engine 'reference' works",
      )
    if (error instanceof WebAssembly.CompileError)
      throw new UsageError(
        `engine wasm: the code was refused (${reason})`,
        'WebAssembly SIMD is needed: Node 16.4, Chrome 91, Firefox 89, Safari 16.4 or later',
      )
    throw error
  }
}

/** Blocking is not allowed on a page's own thread. */
const maySleep = (): number => (typeof (globalThis as { document?: unknown }).document === 'undefined' ? 1 : 0)

class WasmMachine implements MeasurableMachine {
  readonly capacity: number
  readonly threads: number
  readonly #compiled: Compiled
  readonly #tensors: MachineMemory
  readonly #exports: Exports
  readonly #others: readonly Thread[]
  readonly #control: Int32Array
  #alone = true

  constructor(
    program: Program,
    compiled: Compiled,
    capacity: number,
    memory: WebAssembly.Memory,
    module: WebAssembly.Module,
    others: readonly Thread[],
  ) {
    this.capacity = capacity
    this.threads = others.length + 1
    this.#compiled = compiled
    this.#tensors = new MachineMemory(program, capacity, compiled, memory.buffer)
    this.#others = others
    this.#control = new Int32Array(memory.buffer, 0, control.bytes / 4)
    this.#exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports
  }

  get kernels(): readonly Kernel[] {
    return this.#compiled.kernels
  }

  runKernel(number: number, times: number): void {
    checkMeasurable(this)
    const { scratch, blockBytes, blockSamples, shares } = this.#compiled
    const run = this.#exports[`kernel ${number}`]!
    for (let time = 0; time < times; time++)
      if (this.kernels[number]!.meets) run(scratch, shares, TILE, 0)
      else for (let block = 0; block < TILE / blockSamples; block++) run(scratch + block * blockBytes)
  }

  input(tensor: Variable, slot?: 0 | 1): Uint8Array | Float32Array {
    return this.#tensors.input(tensor, slot)
  }

  output(tensor: Variable): Float32Array {
    return this.#tensors.output(tensor)
  }

  read(tensor: Variable): Float32Array {
    return this.#tensors.read(tensor)
  }

  write(tensor: Variable, values: ArrayLike<number>): void {
    this.#tensors.write(tensor, values)
  }

  start(samples: number, slot: 0 | 1 = 0): void {
    const words = this.#control
    words[control.samples / 4] = samples
    words[control.slot / 4] = slot
    for (const counter of counters) Atomics.store(words, counter / 4, 0)
    // Of a single block there is nothing to share: waking the others would cost more than they save.
    this.#alone = this.#others.length === 0 || samples <= this.#compiled.blockSamples
    words[control.threads / 4] = this.#alone ? 1 : this.threads
    if (this.#alone) return
    Atomics.add(words, control.generation / 4, 1)
    Atomics.notify(words, control.generation / 4)
  }

  finish(): void {
    this.#exports.work(0, maySleep())
    if (!this.#alone) this.#exports.join(maySleep())
  }

  close(): void {
    if (this.#others.length === 0) return
    this.#control[control.stop / 4] = 1
    Atomics.add(this.#control, control.generation / 4, 1)
    Atomics.notify(this.#control, control.generation / 4)
    for (const thread of this.#others) thread.end()
  }
}
