// Program → one wasm module and the map of its memory.
import { functions as scalarFunctions } from '../../equation/scalar.ts'
import type { Expression } from '../../equation/syntax.ts'
import { fuse } from '../fuse.ts'
import { type Kernel, lowerGroup, lowerMeeting, type Term } from '../loops.ts'
import { type Program, SHARES, sizeOf, TILE } from '../program.ts'
import { align, LANES, type Place, planStorage } from '../storage.ts'
import { assemble, type WasmFunction } from './assemble.ts'
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

export interface Compiled {
  readonly code: Uint8Array<ArrayBuffer>
  readonly pages: number
  /** Address and elements of every fixed tensor: parameters, gradients, constants, state, settings. */
  readonly fixed: ReadonlyMap<string, { readonly address: number; readonly size: number }>
  readonly inputs: ReadonlyMap<
    string,
    {
      readonly address: number
      readonly slotBytes: number
      readonly size: number
      readonly element: 'uint8' | 'float32'
    }
  >
  readonly outputs: ReadonlyMap<string, { readonly address: number; readonly size: number }>
  /** Borders that are not zero: fill value and places within each block. */
  readonly fills: readonly { readonly value: number; readonly place: Place }[]
  readonly scratch: number
  readonly blockBytes: number
  readonly kernels: readonly Kernel[]
}

/** Adds areas one after the other, each on a cache line of its own. */
class Area {
  end: number
  constructor(start: number) {
    this.end = align(start)
  }
  take(bytes: number): number {
    const address = this.end
    this.end = align(address + bytes)
    return address
  }
}

export function compile(program: Program, capacity: number, threads: number, shared: boolean): Compiled {
  const storage = planStorage(program, control.bytes)
  const { places, blockBytes, shareBytes } = storage
  const area = new Area(storage.end)
  const rows = Math.ceil(capacity / TILE) * TILE
  const elements = (name: string) => sizeOf(program.tensors.get(name)!.shape)
  const fixed = new Map<string, { address: number; size: number }>()
  for (const [name, { start, space }] of places)
    if (space === 'fixed') fixed.set(name, { address: start, size: elements(name) })
  const { update } = program
  const size = program.parameters.reduce((sum, name) => sum + elements(name), 0)
  const flat = new Map<string, number>([['p', control.bytes]])
  if (update) for (const name of ['g', ...update.state]) flat.set(name, area.take(size * 4))
  for (const [name, address] of flat) fixed.set(name, { address, size })
  for (const name of update?.settings ?? []) fixed.set(name, { address: area.take(4), size: 1 })
  if (update)
    for (const name of program.parameters)
      fixed.set(`d_${name}`, { address: flat.get('g')! + places.get(`d_${name}`)!.offset, size: elements(name) })
  const shares = area.take(update ? shareBytes * Math.min(SHARES, rows / TILE) : 0)
  const inputs = new Map(
    program.inputs.map(({ tensor, element }) => {
      const slotBytes = align(rows * elements(tensor) * (element === 'uint8' ? 1 : 4) + 16)
      return [tensor, { address: area.take(2 * slotBytes), slotBytes, size: elements(tensor), element }]
    }),
  )
  const outputs = new Map(
    program.outputs.map((name) => [name, { address: area.take(rows * elements(name) * 4), size: elements(name) }]),
  )
  const scratch = area.take(threads * (TILE / LANES) * blockBytes)

  const { groups, unread } = fuse(program, storage)
  const sampleKernels = groups.map((group) => lowerGroup(group, program, places, unread))
  const meetKernels = update ? program.meet.map(({ equation }) => lowerMeeting(equation, program, places)) : []
  const kernels = [...sampleKernels, ...meetKernels]

  const list: WasmFunction[] = []
  const addFunction = (entry: WasmFunction): number => list.push(entry) - 1
  const scalars = new Map<string, number>()
  for (const name of calledFunctions(kernels, program))
    scalars.set(name, addFunction(scalarFunction(name, (inner) => scalars.get(inner)!)))
  const functionIndex = (name: string): number => scalars.get(name)!
  const print = (kernel: Kernel) =>
    addFunction({ ...printKernel(kernel, blockBytes, functionIndex), name: `kernel ${kernels.indexOf(kernel)}` })
  const plan: DriverPlan = {
    scratch,
    blockBytes,
    shares,
    shareBytes,
    sampleKernels: sampleKernels.map(print),
    meetKernels: meetKernels.map(print),
    packs: [...inputs].map(
      ([name, { address, slotBytes, size, element }]): Transfer => ({
        index: addFunction(printPack(element, program.tensors.get(name)!.shape, places.get(name)!)),
        address,
        slotBytes,
        sampleBytes: size * (element === 'uint8' ? 1 : 4),
      }),
    ),
    unpacks: [...outputs].map(
      ([name, { address, size }]): Transfer => ({
        index: addFunction(printUnpack(program.tensors.get(name)!.shape, places.get(name)!)),
        address,
        sampleBytes: size * 4,
        slotBytes: 0,
      }),
    ),
    update:
      update && size > 0
        ? {
            index: addFunction(
              printUpdate(
                update,
                { tensors: new Map([...fixed].map(([name, { address }]) => [name, address])), shares, shareBytes },
                functionIndex,
              ),
            ),
            bytes: size * 4,
          }
        : undefined,
  }
  const wait = addFunction(printWait())
  const work = addFunction(printWork(plan, addFunction(printBlock(plan)), wait))
  addFunction(printJoin(wait))
  if (shared) addFunction(printServe(work))
  const pages = Math.ceil(area.end / 65536)
  const fills = [...program.tensors].flatMap(([name, { fill = 0 }]) =>
    fill === 0 ? [] : [{ value: fill, place: places.get(name)! }],
  )
  return {
    code: assemble(list, { initial: pages, maximum: pages, shared }),
    pages,
    fixed,
    inputs,
    outputs,
    fills,
    scratch,
    blockBytes,
    kernels,
  }
}

/** Functions of the scalar table that a program needs, the ones that others call first. */
function calledFunctions(kernels: readonly Kernel[], program: Program): string[] {
  const names = new Set<string>()
  const visit = (name: string): void => {
    const entry = scalarFunctions[name]
    if (entry === undefined) return
    for (const [, expression] of entry.steps) visitExpression(expression)
    names.add(name)
  }
  const visitExpression = (expression: Expression): void => {
    if (expression.kind !== 'call') return
    visit(expression.name)
    expression.parts.forEach(visitExpression)
  }
  const visitTerm = (
    term: Term | { readonly kind: string; readonly name?: string; readonly parts?: readonly unknown[] },
  ): void => {
    if (term.kind !== 'call') return
    const { name, parts } = term as Term & { kind: 'call' }
    visit(name)
    parts.forEach(visitTerm)
  }
  for (const { value, stores } of kernels)
    for (const term of [value, ...stores.map((entry) => entry.value)]) visitTerm(term)
  for (const { value } of program.update?.equations ?? []) visitTerm(value)
  return [...names]
}
