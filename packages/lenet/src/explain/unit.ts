// One unit of a network: the equations that make it, with the place of everything that they read, and the units before it
// that it sees. Both are read from the equations: the indices are evaluated, nothing else is known about a layer.
import { sizeOf } from '../engine/program.ts'
import {
  type Affine,
  type Axis,
  type BoundAccess,
  type BoundEquation,
  constantFactors,
  loadsIn,
  type Value,
} from '../equation/bound.ts'
import { functions, primitives } from '../equation/scalar.ts'
import type { Reduction } from '../equation/syntax.ts'
import type { Variable } from '../equation/variable.ts'
import { UsageError } from '../errors.ts'
import { type BoundEntry, bindEntry } from '../model/bind-entry.ts'
import { type Entry, INPUT, type Net } from '../model/model.ts'

/** Something that an equation reads, for every term. */
export interface UnitLoad {
  readonly tensor: Variable
  /** Whose it is: what another entry gives, a parameter or constant of this one, or a value on the way. */
  readonly source: Source
  /** For each term the index into the tensor, row after row; −1 where the term reads outside, in the padding. */
  readonly at: Int32Array
}

export type Source =
  | { readonly kind: 'entry'; readonly name: string }
  | { readonly kind: 'parameter' | 'constant' | 'value' }

/** An equation at one unit of its target. */
export interface UnitEquation {
  readonly text: string
  readonly tensor: Variable
  /** Whether it gives what the entry gives, and not a value on the way. */
  readonly isOutput: boolean
  readonly unit: number
  readonly reduction: Reduction
  readonly value: Value
  /** The axes that are summed up (or of which the largest is taken); terms run over them, the last fastest. */
  readonly over: readonly Axis[]
  /** As they stand in `value`, from left to right. */
  readonly loads: readonly UnitLoad[]
  /** 1 for a term that a constant switches off; absent where there is none. */
  readonly off?: Uint8Array
}

/**
 * What computes one unit of an entry's output, in order; intermediate values of the entry come before it.
 * @param unit index into the output, row after row. @throws UsageError for a unit or entry that is not there.
 */
export function unitEquations(net: Net, entry: string, unit: number): readonly UnitEquation[] {
  const room = roomOf(net, entry)
  const size = sizeOf(room.entry.output)
  if (!Number.isInteger(unit) || unit < 0 || unit >= size)
    throw new UsageError(`unit of '${entry}': there is no ${unit}; give a whole number from 0 to ${size - 1}`)
  return equationsOf(room, room.bound.output, unit)
}

/** An entry with its equations. */
interface Room {
  readonly entry: Entry
  readonly bound: BoundEntry
}

function roomOf({ entries }: Net, name: string): Room {
  const entry = entries.find((one) => one.name === name)
  if (entry === undefined)
    throw new UsageError(`model: there is no entry '${name}'; there is ${entries.map((one) => one.name).join(', ')}`)
  return { entry, bound: bindEntry(entry, 'predict') }
}

function equationsOf(room: Room, tensor: Variable, unit: number): UnitEquation[] {
  const here = room.bound.equations
    .filter(({ target }) => target.tensor === tensor)
    .flatMap((equation) => equationAt(room, equation, unit))
  const before = here.flatMap(({ loads }) => loads.flatMap((load) => intermediate(room, load)))
  return [...before, ...here]
}

/** A value that the entry computes on its way, where a unit reads exactly one. */
function intermediate(room: Room, { tensor, at }: UnitLoad): UnitEquation[] {
  const isOwn = room.bound.equations.some(({ target }) => target.tensor === tensor)
  return isOwn && at.length === 1 ? equationsOf(room, tensor, at[0]!) : []
}

function equationAt(room: Room, equation: BoundEquation, unit: number): UnitEquation[] {
  const { axes, text, target, reduction, value } = equation
  const { outer, inner } = splitAxes(equation)
  const accesses = loadsIn(value)
  const constants = constantFactors(value)
  const over = inner.map((at) => axes[at]!)
  const count = over.reduce((product, { extent }) => product * extent, 1)
  const hit = indexer(target, axes)
  for (const place of places(axes, outer)) {
    if (hit(place) !== unit) continue
    const at = accesses.map(() => new Int32Array(count))
    const off = constants.length > 0 ? new Uint8Array(count) : undefined
    const readers = accesses.map((access) => indexer(access, axes))
    const isOff = switches(constants, axes)
    let term = 0
    for (const full of places(axes, inner, place)) {
      for (const [load, reader] of readers.entries()) at[load]![term] = reader(full)
      if (off && isOff(full)) off[term] = 1
      term++
    }
    const loads = accesses.map(
      ({ tensor }, load): UnitLoad => ({ tensor, source: sourceOf(tensor, room), at: at[load]! }),
    )
    const isOutput = target.tensor === room.bound.output
    return [{ text, tensor: target.tensor, isOutput, unit, reduction, value, over, loads, ...(off && { off }) }]
  }
  return []
}

function sourceOf(tensor: Variable, { entry, bound }: Room): Source {
  const at = bound.inputs.indexOf(tensor)
  if (at >= 0) return { kind: 'entry', name: entry.inputs[at]! }
  if (tensor === bound.output) return { kind: 'entry', name: entry.name }
  return { kind: tensor.kind === 'shared' ? 'parameter' : tensor.kind === 'constant' ? 'constant' : 'value' }
}

/** The target's axes, and those that are summed up. */
function splitAxes({ axes, target }: BoundEquation): { readonly outer: number[]; readonly inner: number[] } {
  const named = new Set(target.indices.flatMap(({ terms }) => terms.map(([axis]) => axis)))
  const all = axes.map((_, at) => at)
  return {
    outer: all.filter((at) => named.has(axes[at]!.name)),
    inner: all.filter((at) => !named.has(axes[at]!.name)),
  }
}

/** Every value of some axes, the last fastest; the others stay as they are. The array is the same each time. */
function* places(axes: readonly Axis[], moving: readonly number[], start?: Int32Array): Generator<Int32Array> {
  const place = start ? Int32Array.from(start) : new Int32Array(axes.length)
  for (;;) {
    yield place
    let at = moving.length - 1
    while (at >= 0 && place[moving[at]!]! + 1 === axes[moving[at]!]!.extent) place[moving[at--]!] = 0
    if (at < 0) return
    place[moving[at]!]!++
  }
}

type Indexer = (place: Int32Array) => number

/** From a place to the index into the tensor, or −1 outside of it. */
function indexer({ tensor: { shape }, indices }: BoundAccess, axes: readonly Axis[]): Indexer {
  const rows = indices.map(({ constant, terms }: Affine) => ({
    constant,
    terms: terms.map(([name, factor]) => [axes.findIndex((axis) => axis.name === name), factor] as const),
  }))
  return (place) => {
    let index = 0
    for (let dimension = 0; dimension < rows.length; dimension++) {
      const { constant, terms } = rows[dimension]!
      let value = constant
      for (const [axis, factor] of terms) value += factor * place[axis]!
      if (value < 0 || value >= shape[dimension]!) return -1
      index = index * shape[dimension]! + value
    }
    return index
  }
}

/** Whether a zero among the constants makes a term vanish. */
function switches(constants: readonly BoundAccess[], axes: readonly Axis[]) {
  const readers = constants.map((access) => ({
    data: access.tensor.data!,
    index: indexer(access, axes),
  }))
  return (place: Int32Array): boolean => readers.some(({ data, index }) => data[index(place)] === 0)
}

/** For each entry (and the input) a byte for every unit: 1 for those that are seen. */
export type Field = ReadonlyMap<string, Uint8Array>

/** The units before one unit that it depends on, back to the input; itself included. */
export const receptiveField = (net: Net, entry: string, unit: number): Field => createFieldFinder(net)(entry, unit)

/** Finds fields of many units: what a whole entry reads is followed once, and so are its equations. */
export function createFieldFinder(net: Net): (entry: string, unit: number) => Field {
  const rooms = new Map<string, Room>()
  const whole = new Map<string, Masks>()
  const readBy = (name: string, marked: Uint8Array): { readonly bound: BoundEntry; readonly read: Masks } => {
    const room = rooms.get(name) ?? roomOf(net, name)
    rooms.set(name, room)
    const { bound } = room
    if (marked.includes(0)) return { bound, read: spread(bound, marked) }
    const read = whole.get(name) ?? spread(bound, marked)
    whole.set(name, read)
    return { bound, read }
  }
  return (entry, unit) => fieldOf(net, { entry, unit }, readBy)
}

type Masks = ReadonlyMap<Variable, Uint8Array>
type Reader = (name: string, marked: Uint8Array) => { readonly bound: BoundEntry; readonly read: Masks }

function fieldOf(net: Net, { entry, unit }: { readonly entry: string; readonly unit: number }, readBy: Reader): Field {
  const seen = new Map<string, Uint8Array>()
  const maskOf = (name: string, shape: readonly number[]): Uint8Array => {
    if (!seen.has(name)) seen.set(name, new Uint8Array(sizeOf(shape)))
    return seen.get(name)!
  }
  if (entry === INPUT) {
    maskOf(INPUT, net.input)[unit] = 1
    return seen
  }
  const last = net.entries.findIndex(({ name }) => name === entry)
  maskOf(entry, net.entries[last]!.output)[unit] = 1
  for (const { name, inputs, inputShapes } of net.entries.slice(0, last + 1).reverse()) {
    const own = seen.get(name)
    if (own === undefined) continue
    const { bound, read } = readBy(name, own)
    for (const [at, input] of inputs.entries()) {
      const mask = maskOf(input, inputShapes[at]!)
      const bits = read.get(bound.inputs[at]!)
      if (bits === undefined) continue
      for (let index = 0; index < bits.length; index++) if (bits[index] === 1) mask[index] = 1
    }
  }
  return seen
}

/** From an entry's marked outputs back to what they read. */
function spread({ equations, output }: BoundEntry, marked: Uint8Array): Map<Variable, Uint8Array> {
  const masks = new Map([[output, marked]])
  for (const equation of equations.toReversed()) {
    const { target, axes, value } = equation
    const mine = masks.get(target.tensor)
    if (mine === undefined) continue
    const { outer, inner } = splitAxes(equation)
    const hit = indexer(target, axes)
    const isOff = switches(constantFactors(value), axes)
    const reads = loadsIn(value)
      .filter(({ tensor }) => tensor.kind === 'sample')
      .map((access) => {
        const mask = masks.get(access.tensor) ?? new Uint8Array(sizeOf(access.tensor.shape))
        masks.set(access.tensor, mask)
        return { mask, index: indexer(access, axes) }
      })
    for (const place of places(axes, outer)) {
      if (mine[hit(place)] !== 1) continue
      for (const full of places(axes, inner, place)) {
        if (isOff(full)) continue
        for (const { mask, index } of reads) {
          const at = index(full)
          if (at >= 0) mask[at] = 1
        }
      }
    }
  }
  return masks
}

/** A term's value in float64, from what its loads read (left to right): for showing, on no path to a weight. */
export function termValue(value: Value, loads: readonly number[]): number {
  let next = 0
  const read = (part: Value): number => {
    if (part.kind === 'number') return part.value
    if (part.kind === 'load') return loads[next++]!
    if (part.kind === 'index') return part.index.constant
    const [a = 0, b = 0, c = 0] = part.parts.map(read)
    return (primitives[part.name] ?? functions[part.name])!.exact(a, b, c)
  }
  return read(value)
}
