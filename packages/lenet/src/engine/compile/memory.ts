// Where a machine's memory holds what: fixed tensors, gradients, the batch on its way in and out, the blocks in which
// samples are computed. And the arrays through which JavaScript sees them.
import type { Variable } from '../../equation/variable.ts'
import { UsageError } from '../../errors.ts'
import {
  bytesOf,
  checkValues,
  type Element,
  type Machine,
  type Program,
  rowSize,
  SHARES,
  sizeOf,
  TILE,
} from '../program.ts'
import type { Storage } from './plan-storage.ts'
import { align, LINE, type Place } from './storage.ts'

export interface Fixed {
  readonly address: number
  /** Elements. */
  readonly size: number
  /** Where it does not lie row-major: its axes, and the bytes along each. */
  readonly layout?: { readonly shape: readonly number[]; readonly strides: readonly number[] }
}

export interface BatchInput extends Fixed {
  /** Distance of the second slot; where there is none, the bytes of the first. */
  readonly slotBytes: number
  readonly element: Element
}

export interface MemoryMap {
  /** Parameters, gradients, constants, state, settings. */
  readonly fixed: ReadonlyMap<Variable, Fixed>
  /** Address of sample 0, and elements of a sample. */
  readonly inputs: ReadonlyMap<Variable, BatchInput>
  readonly outputs: ReadonlyMap<Variable, Fixed>
  /** Gradients of each share. */
  readonly shares: number
  /** Blocks of the threads' tiles, one tile a thread; a batch of one tile has its own blocks and no more. */
  readonly scratch: number
  readonly blockBytes: number
  readonly blockSamples: number
  readonly blocks: number
  /** Borders that are not zero: fill value and places within each block. */
  readonly fills: readonly { readonly value: number; readonly place: Place }[]
  readonly bytes: number
}

export interface MemoryOptions {
  readonly capacity: number
  readonly threads: number
  /** Where the program's fixed tensors begin. */
  readonly firstByte: number
  /** Where there is but one share of gradients, it is `g` itself. */
  readonly isOneShare?: boolean
  /** Places for a batch on its way in; default 2, so that one is filled while the other is computed. */
  readonly slots?: 1 | 2
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

export function planMemory(program: Program, storage: Storage, options: MemoryOptions): MemoryMap {
  const { blockBytes, shareBytes, end, places, lanes } = storage
  const { capacity, threads, firstByte, isOneShare = false, slots = 2 } = options
  const { update } = program
  const area = new Area(end)
  const blockSamples = lanes.samples
  // Whole blocks come in and go out.
  const rows = Math.ceil(capacity / blockSamples) * blockSamples
  const fixed = planFixed(program, storage, firstByte, area)
  const gradients = isOneShare && update ? fixed.get(update.gradients)!.address : undefined
  const shares = gradients ?? area.take(update ? shareBytes * Math.min(SHARES, Math.ceil(capacity / TILE)) : 0)
  const inputs = new Map(
    program.inputs.map(({ tensor, element }) => {
      const size = sizeOf(tensor.shape)
      // The last sample is read in vectors, which may end behind it.
      const slotBytes = align(rows * size * bytesOf[element] + LINE)
      return [tensor, { address: area.take(slots * slotBytes), slotBytes, size, element }]
    }),
  )
  const outputs = new Map(
    program.outputs.map((tensor) => {
      const size = sizeOf(tensor.shape)
      return [tensor, { address: area.take(rows * size * bytesOf.float32), size }]
    }),
  )
  const blocks = capacity > TILE ? threads * (TILE / blockSamples) : Math.ceil(capacity / blockSamples)
  // Elements are read in vectors, and to be turned sixteen vectors at once, also of a tensor that ends before.
  const scratch = area.take(blocks * blockBytes + TILE * TILE * bytesOf.float32)
  const fills = [...storage.fills].map(([tensor, value]) => ({ value, place: places.get(tensor)! }))
  return { fixed, inputs, outputs, shares, scratch, blockBytes, blockSamples, blocks, fills, bytes: area.end }
}

const mebibytes = (bytes: number): string => Math.ceil(bytes / 2 ** 20).toLocaleString('en')

export const tooLarge = (engine: string, bytes: number, most?: number): UsageError =>
  new UsageError(
    `engine ${engine}: it wants ${mebibytes(bytes)} MiB of memory; there ${most === undefined ? 'is less' : `are ${mebibytes(most)}`}`,
    'give a smaller batch or fewer threads, or take a smaller model',
  )

/** @throws UsageError where a machine wants more than there can be. */
export function checkBytes(engine: string, bytes: number, most: number): void {
  if (bytes > most) throw tooLarge(engine, bytes, most)
}

/** Tensors with an address of their own, and what an update works on. */
function planFixed(program: Program, { places }: Storage, firstByte: number, area: Area): Map<Variable, Fixed> {
  const { trained, update } = program
  const fixed = new Map<Variable, Fixed>()
  for (const [tensor, { start, space, strides }] of places)
    if (space === 'fixed') {
      const { shape } = tensor
      const isRowMajor = strides.every((stride, at) => stride === bytesOf.float32 * sizeOf(shape.slice(at + 1)))
      fixed.set(tensor, { address: start, size: sizeOf(shape), ...(!isRowMajor && { layout: { shape, strides } }) })
    }
  if (update === undefined) return fixed
  const { parameters, gradients, state, settings } = update
  const size = rowSize(program)
  fixed.set(parameters, { address: firstByte, size })
  for (const row of [gradients, ...state.values()]) fixed.set(row, { address: area.take(size * bytesOf.float32), size })
  for (const setting of settings.values()) fixed.set(setting, { address: area.take(bytesOf.float32), size: 1 })
  const { address } = fixed.get(gradients)!
  for (const { gradient } of trained)
    fixed.set(gradient, { address: address + places.get(gradient)!.offset, size: sizeOf(gradient.shape) })
  return fixed
}

/** The tensors of a machine in its memory. */
export class MachineMemory implements Pick<Machine, 'capacity' | 'input' | 'output' | 'read' | 'write'> {
  readonly capacity: number
  readonly #map: MemoryMap
  readonly #buffer: ArrayBufferLike
  readonly #places = new Map<Variable, Int32Array>()

  constructor(program: Program, capacity: number, map: MemoryMap, buffer: ArrayBufferLike) {
    this.capacity = capacity
    this.#map = map
    this.#buffer = buffer
    for (const tensor of program.tensors) if (tensor.data !== undefined) this.write(tensor, tensor.data)
    for (const { value, place } of map.fills)
      for (let block = 0; block < map.blocks; block++)
        new Float32Array(
          buffer,
          map.scratch + block * map.blockBytes + place.start,
          place.bytes / bytesOf.float32,
        ).fill(value)
  }

  input(tensor: Variable, slot: 0 | 1 = 0): Uint8Array | Float32Array {
    const { address, slotBytes, size, element } = this.#map.inputs.get(tensor)!
    const place = [this.#buffer, address + slot * slotBytes, this.capacity * size] as const
    return element === 'uint8' ? new Uint8Array(...place) : new Float32Array(...place)
  }

  output(tensor: Variable): Float32Array {
    const { address, size } = this.#map.outputs.get(tensor)!
    return new Float32Array(this.#buffer, address, this.capacity * size)
  }

  read(tensor: Variable): Float32Array {
    const { address, size, layout } = this.#map.fixed.get(tensor)!
    const values = new Float32Array(this.#buffer, address, size)
    if (layout === undefined) return values.slice()
    const places = this.#placesOf(tensor, layout)
    const inOrder = new Float32Array(size)
    for (let n = 0; n < size; n++) inOrder[n] = values[places[n]!]!
    return inOrder
  }

  write(tensor: Variable, values: ArrayLike<number>): void {
    const place = this.#map.fixed.get(tensor)
    checkValues(tensor, values, place?.size)
    const { address, size, layout } = place!
    const own = new Float32Array(this.#buffer, address, size)
    if (layout === undefined) {
      own.set(values)
      return
    }
    const places = this.#placesOf(tensor, layout)
    for (let n = 0; n < size; n++) own[places[n]!] = values[n]!
  }

  #placesOf(tensor: Variable, layout: NonNullable<Fixed['layout']>): Int32Array {
    const known = this.#places.get(tensor) ?? placesOf(layout)
    this.#places.set(tensor, known)
    return known
  }
}

/** Where each element lies, in row-major order. */
function placesOf({ shape, strides }: NonNullable<Fixed['layout']>): Int32Array {
  const places = new Int32Array(sizeOf(shape))
  let below = places.length
  for (const [axis, extent] of shape.entries()) {
    below /= extent
    for (let n = 0; n < places.length; n++)
      places[n]! += ((Math.floor(n / below) % extent) * strides[axis]!) / bytesOf.float32
  }
  return places
}
