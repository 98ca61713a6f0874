// Program → one wasm module and the map of its memory.
import { calledFunctions } from '../called-functions.ts'
import { type Kernel, lowerProgram } from '../loops.ts'
import { type MemoryMap, planMemory } from '../memory.ts'
import type { Program } from '../program.ts'
import { type Lanes, planStorage } from '../storage.ts'
import { wasmCosts } from '../tile.ts'
import { assemble, LANES, type WasmFunction } from './assemble.ts'
import {
  control,
  type DriverPlan,
  printBlock,
  printJoin,
  printServe,
  printWait,
  printWork,
  type Transfer,
} from './driver.ts'
import { scalarFunction } from './expression.ts'
import { printKernel } from './kernel.ts'
import { printPack, printUnpack } from './transfer.ts'
import { printUpdate } from './update.ts'

export interface Compiled extends MemoryMap {
  readonly code: Uint8Array<ArrayBuffer>
  readonly pages: number
  readonly kernels: readonly Kernel[]
}

export interface CompileOptions {
  readonly threads?: number
  readonly shared?: boolean
  /** See `EngineOptions.fast`. */
  readonly fast?: boolean
}

export function compile(program: Program, capacity: number, options: CompileOptions = {}): Compiled {
  const { threads = 1, shared = false, fast = false } = options
  const lanes: Lanes = capacity === 1 ? { samples: 1, across: LANES } : { samples: LANES, across: 1 }
  const storage = planStorage(program, control.bytes, lanes)
  const { places, blockBytes, shareBytes } = storage
  const map = planMemory(program, storage, { capacity, threads, firstByte: control.bytes })
  const { fixed, inputs, outputs, shares, scratch } = map
  const { update } = program
  const { sample: sampleKernels, meet: meetKernels } = lowerProgram(program, storage, wasmCosts)
  const kernels = [...sampleKernels, ...meetKernels]

  const list: WasmFunction[] = []
  const addFunction = (entry: WasmFunction): number => list.push(entry) - 1
  const scalars = new Map<string, number>()
  for (const name of calledFunctions(kernels, program))
    scalars.set(name, addFunction(scalarFunction(name, (inner) => scalars.get(inner)!)))
  const functionIndex = (name: string): number => scalars.get(name)!
  const print = (kernel: Kernel) =>
    addFunction({
      ...printKernel(kernel, { lanes, blockBytes, functionIndex, fast }),
      name: `kernel ${kernels.indexOf(kernel)}`,
    })
  const plan: DriverPlan = {
    scratch,
    blockBytes,
    samples: lanes.samples,
    shares,
    shareBytes,
    sampleKernels: sampleKernels.map(print),
    meetKernels: meetKernels.map(print),
    packs: [...inputs].map(
      ([name, { address, slotBytes, size, element }]): Transfer => ({
        index: addFunction(printPack(element, program.tensors.get(name)!.shape, places.get(name)!, lanes.samples)),
        address,
        slotBytes,
        sampleBytes: size * (element === 'uint8' ? 1 : 4),
      }),
    ),
    unpacks: [...outputs].map(
      ([name, { address, size }]): Transfer => ({
        index: addFunction(printUnpack(program.tensors.get(name)!.shape, places.get(name)!, lanes.samples)),
        address,
        sampleBytes: size * 4,
        slotBytes: 0,
      }),
    ),
    update:
      update && fixed.get('p')!.size > 0
        ? {
            index: addFunction(
              printUpdate(
                update,
                { tensors: new Map([...fixed].map(([name, { address }]) => [name, address])), shares, shareBytes },
                functionIndex,
              ),
            ),
            bytes: fixed.get('p')!.size * 4,
          }
        : undefined,
  }
  const wait = addFunction(printWait())
  const work = addFunction(printWork(plan, addFunction(printBlock(plan)), wait))
  addFunction(printJoin(wait))
  if (shared) addFunction(printServe(work))
  const pages = Math.ceil(map.bytes / 65536)
  return { ...map, code: assemble(list, { initial: pages, maximum: pages, shared }), pages, kernels }
}
