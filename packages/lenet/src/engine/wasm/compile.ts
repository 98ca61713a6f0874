// Program → one wasm module and the map of its memory.
import { calledFunctions } from '../compile/called-functions.ts'
import type { CodeFunction, Target } from '../compile/code/code.ts'
import { lowerScalar } from '../compile/code/expressions.ts'
import { lowerKernel } from '../compile/code/lower-kernel.ts'
import { lowerPack, lowerUnpack } from '../compile/code/lower-transfer.ts'
import { lowerUpdate } from '../compile/code/lower-update.ts'
import type { Kernel } from '../compile/kernel.ts'
import { lowerProgram } from '../compile/loops.ts'
import { checkBytes, MachineMemory, type MemoryMap, type MemoryOptions, planMemory } from '../compile/memory.ts'
import { planStorage } from '../compile/plan-storage.ts'
import type { Lanes } from '../compile/storage.ts'
import { wasmCosts } from '../compile/tile.ts'
import { bytesOf, type Program, TILE } from '../program.ts'
import { assemble, call, i32, LANES, newBody, type OwnMemory, PAGE, type WasmFunction } from './assemble.ts'
import {
  control,
  type DriverPlan,
  printJoin,
  printSegment,
  printServe,
  printWait,
  printWork,
  type Transfer,
} from './driver.ts'
import { printFunction } from './print.ts'

/** Addresses have 32 bits. */
const MOST_PAGES = 65536

export interface Compiled extends MemoryMap {
  readonly code: Uint8Array<ArrayBuffer>
  readonly pages: number
  readonly kernels: readonly Kernel[]
}

export interface CompileOptions {
  readonly threads?: number
  readonly shared?: boolean
  /** See `EngineOptions.fast`. */
  readonly fast?: boolean | undefined
  /** Default: what suits the platform. */
  readonly nearBytes?: number
}

export function compile(program: Program, capacity: number, options: CompileOptions = {}): Compiled {
  const { shared = false } = options
  const { map, functions, kernels, firstKernel, plan, add } = printProgram(program, capacity, options)
  for (const kernel of kernels.keys())
    functions[firstKernel + kernel] = { ...functions[firstKernel + kernel]!, name: `kernel ${kernel}` }
  const wait = add(printWait())
  const segments = plan.segments.map((_, at) => add(printSegment(plan, at)))
  const work = add(printWork(plan, segments, wait))
  add(printJoin(wait))
  if (shared) add(printServe(work))
  const pages = Math.ceil(map.bytes / PAGE)
  return { ...map, code: assemble(functions, { initial: pages, maximum: pages, shared }), pages, kernels }
}

/**
 * A module that needs nothing from outside and predicts one sample: its memory holds what `fill` writes, at the start.
 * It exports `memory`, the addresses `input` and `output`, and `predict()`.
 */
export function compileAlone(
  program: Program,
  fill: (tensors: Pick<MachineMemory, 'write'>) => void,
  note: OwnMemory['note'],
): Uint8Array<ArrayBuffer> {
  const { map, functions, plan, add } = printProgram(program, 1, { slots: 1 })
  const block = add(printSegment(plan, 0))
  add({ body: newBody([]), code: [i32(map.scratch), i32(0), call(block)], name: 'predict' })
  const contents = new Uint8Array(map.bytes)
  fill(new MachineMemory(program, 1, map, contents.buffer))
  const [input] = map.inputs.values()
  const [output] = map.outputs.values()
  return assemble(functions, { contents, numbers: { input: input!.address, output: output!.address }, note })
}

/** The functions that compute, and how they are called. */
interface Printed {
  readonly map: MemoryMap
  readonly kernels: readonly Kernel[]
  readonly functions: WasmFunction[]
  /** The function of the first kernel; the others follow. */
  readonly firstKernel: number
  readonly plan: DriverPlan
  /** One more function; gives its number. */
  readonly add: (entry: WasmFunction) => number
}

function printProgram(
  program: Program,
  capacity: number,
  { threads = 1, fast = false, nearBytes, slots }: CompileOptions & Pick<MemoryOptions, 'slots'>,
): Printed {
  const lanes: Lanes = capacity === 1 ? { samples: 1, across: LANES } : { samples: LANES, across: 1 }
  const costs = wasmCosts(fast)
  const storage = planStorage(program, { firstByte: control.bytes, lanes, nearBytes: nearBytes ?? costs.nearBytes })
  const { places, blockBytes, shareBytes } = storage
  const map = planMemory(program, storage, {
    capacity,
    threads,
    firstByte: control.bytes,
    isOneShare: capacity <= TILE,
    slots,
  })
  checkBytes('wasm', map.bytes, MOST_PAGES * PAGE)
  const { fixed, inputs, outputs, shares, scratch } = map
  const { update } = program
  const { sample, meet, segments } = lowerProgram(storage, costs)
  const kernels = [...sample, ...meet]

  const functions: WasmFunction[] = []
  const add = (entry: WasmFunction): number => functions.push(entry) - 1
  const scalars = new Map<string, number>()
  const print = (code: CodeFunction): number => add(printFunction(code, (name) => scalars.get(name)!))
  for (const name of calledFunctions(kernels, program)) scalars.set(name, print(lowerScalar(name)))
  const target: Target = { lanes, blockBytes, pointers: 'moving', fuses: fast, wholeTiles: true }
  const firstKernel = functions.length
  for (const kernel of kernels) print(lowerKernel(kernel, target, ''))
  const plan: DriverPlan = {
    scratch,
    blockBytes,
    samples: lanes.samples,
    shares,
    shareBytes,
    segments: segments.map((segment) => ({
      sample: segment.sample.map((at) => firstKernel + at),
      units: segment.units.map((unit) =>
        unit.map((at) => ({ index: firstKernel + sample.length + at, onto: meet[at]!.onto })),
      ),
    })),
    packs: [...inputs].map(
      ([tensor, { address, slotBytes, size, element }]): Transfer => ({
        index: print(lowerPack('', element, tensor.shape, places.get(tensor)!, lanes)),
        address,
        slotBytes,
        sampleBytes: size * bytesOf[element],
      }),
    ),
    unpacks: [...outputs].map(
      ([tensor, { address, size }]): Transfer => ({
        index: print(lowerUnpack('', tensor.shape, places.get(tensor)!, lanes)),
        address,
        sampleBytes: size * bytesOf.float32,
        slotBytes: 0,
      }),
    ),
    update:
      update && fixed.get(update.parameters)!.size > 0
        ? {
            index: print(
              lowerUpdate(
                update,
                {
                  addresses: new Map([...fixed].map(([tensor, { address }]) => [tensor, address])),
                  shareBytes,
                  isOneShare: fixed.get(update.gradients)!.address === shares,
                },
                target,
              ),
            ),
            shares,
            bytes: fixed.get(update.parameters)!.size * bytesOf.float32,
          }
        : undefined,
  }
  return { map, kernels, functions, firstKernel, plan, add }
}
