// Equations → loop program: what is walked in which order, what is summed in registers, what is done side by side.
// Plain data; a printer (wasm, C) only writes it down. The order in which an element's terms are added is the equation's:
// tiles and merged axes change where a value is computed, never what is added to it next.
import {
  type Axis,
  type BoundAccess,
  type BoundEquation,
  keptAxes,
  number,
  sameAccess,
  switchesOf,
  type Value,
} from '../../equation/bound.ts'
import { reachesAll, windowAxes } from '../../equation/reach.ts'
import type { Variable } from '../../equation/variable.ts'
import { type Step, sizeOf } from '../program.ts'
import type { Border } from './borders.ts'
import { type Group, withChoice } from './fuse.ts'
import { addressesIn, indexAxes, isGuarded, type Kernel, type KernelStore, type Term } from './kernel.ts'
import type { Storage } from './plan-storage.ts'
import { type Address, addressOf, type Place } from './storage.ts'
import { chooseTile, type TileCosts } from './tile.ts'

/** The kernels of a segment, as numbers: those of every block, then those where samples meet (see `Segment`). */
export interface KernelSegment {
  readonly sample: readonly number[]
  readonly units: readonly (readonly number[])[]
}

export interface Lowered {
  /** Per sample. */
  readonly sample: readonly Kernel[]
  /** Where samples meet, which only training needs. */
  readonly meet: readonly Kernel[]
  /** When they run. */
  readonly segments: readonly KernelSegment[]
}

/** Every kernel of a program. */
export function lowerProgram({ schedule, borders, places, unread, lanes }: Storage, costs: TileCosts): Lowered {
  const tiled = (untiled: Untiled, { sums }: TileCosts = costs): Kernel => {
    const kernel = writeOut(untiled, costs.turns)
    return { ...kernel, ...chooseTile(kernel, { ...costs, sums }, lanes) }
  }
  // What only writes gains nothing from tiles.
  const strips = (of: readonly Border[] = [], { layer }: BoundEquation): Kernel[] =>
    of.flatMap((border) => lowerBorder(border, layer)).map((strip) => tiled(strip, { ...costs, sums: 1 }))
  const sample: Kernel[] = []
  const meet: Kernel[] = []
  const add = (kernels: Kernel[], kernel: Kernel): number => kernels.push(kernel) - 1
  const segments = schedule.map(({ groups, units }) => ({
    sample: groups
      .flatMap((group) => [
        ...strips(borders.before.get(group), group.head),
        tiled(lowerGroup(group, places, unread)),
        ...strips(borders.after.get(group), group.head),
      ])
      .map((kernel) => add(sample, kernel)),
    units: units.map((unit) => unit.map((step) => add(meet, tiled(lowerMeeting(withChoice(step), places))))),
  }))
  return { sample, meet, segments }
}

/** One number everywhere in each part of a border. */
function lowerBorder({ tensor, value, strips }: Border, layer: string): Untiled[] {
  return strips.map(({ address, axes }) =>
    finish({
      text: `${tensor.name}[…] = ${value} beyond its edges`,
      layer,
      meets: false,
      onto: false,
      outer: [],
      kept: axes,
      summed: [],
      value: { kind: 'number', value },
      guards: [],
      stores: [{ address, value: { kind: 'result' }, kept: true }],
    }),
  )
}

/** A group of per-sample equations as one kernel. */
function lowerGroup(
  { head, beside, onto, followers }: Group,
  places: ReadonlyMap<Variable, Place>,
  unread: ReadonlySet<Variable>,
): Untiled {
  const address = (value: Value): Term => lower(value, places)
  const { outer, kept, summed } = classify(head)
  const { tensor } = head.target
  const place = places.get(tensor)!
  const resumes = outer.length > 0
  const covers = reachesAll(head.target, head.axes)
  const result: Term = { kind: 'result' }
  const first = onto === undefined || resumes ? result : add(address(onto), result)
  return finish({
    text: head.text,
    layer: head.layer,
    meets: false,
    onto: false,
    outer,
    kept,
    summed,
    ...body(head, resumes, places),
    stores: [
      { address: addressOf(head.target, places), value: first, kept: !unread.has(tensor) },
      ...followers.map(({ target, value }) => ({
        address: addressOf(target, places),
        value: address(value),
        kept: !unread.has(target.tensor),
      })),
    ],
    // A sum that goes on in memory starts from 0; so does what no term reaches.
    zero: !beside && (resumes || !covers) ? { start: place.start, bytes: place.bytes } : undefined,
  })
}

/** An equation to which every sample adds. */
function lowerMeeting({ equation, onto }: Step, places: ReadonlyMap<Variable, Place>): Untiled {
  const { outer, kept, summed } = classify(equation)
  if (outer.length > 0) throw new Error(`'${equation.text}' adds samples into overlapping windows of a shared tensor`)
  const stores: KernelStore[] = [{ address: addressOf(equation.target, places), value: { kind: 'result' }, kept: true }]
  const { text, layer } = equation
  return finish({
    text,
    layer,
    meets: true,
    onto,
    outer,
    kept,
    summed,
    ...body(equation, true, places),
    stores,
  })
}

type Untiled = Omit<Kernel, 'tile' | 'lane'>
type Draft = Omit<Untiled, 'unrolled'>

function finish(draft: Draft): Untiled {
  const merged = mergeAxes(draft)
  const unrolled =
    merged.guards.length === 0 && sizeOf(merged.summed.map(({ extent }) => extent)) <= UNROLL && !merged.meets
      ? merged.summed
      : []
  return { ...merged, unrolled, summed: unrolled.length > 0 ? [] : merged.summed }
}

/** Sums of so few terms (pooling windows) are written out. */
const UNROLL = 9

const add = (a: Term, b: Term): Term => ({ kind: 'call', name: '+', parts: [a, b] })

/** The value of a term, how terms are put together, and what switches a term off. */
function body(
  equation: BoundEquation,
  needsSum: boolean,
  places: ReadonlyMap<Variable, Place>,
): Pick<Kernel, 'value' | 'reduction' | 'guards'> {
  const { reduction, value, axes } = equation
  if (reduction === 'set') return { value: lower(value, places), guards: [] }
  const switches = switchesOf(equation)
  const guards = switches.map((access) => addressOf(access, places))
  const term = lower(withoutOnes(value, switches), places)
  // A sum of one term is +0 plus the term.
  if (reduction === 'sum' && keptAxes(equation).length === axes.length && !needsSum && guards.length === 0)
    return { value: add({ kind: 'number', value: 0 }, term), guards }
  return { value: term, reduction, guards }
}

/** A switch whose other values are all 1 is no factor where it is on. */
function withoutOnes(value: Value, switches: readonly BoundAccess[]): Value {
  const isOne = (part: Value): boolean =>
    part.kind === 'load' &&
    switches.some((access) => sameAccess(access, part.access)) &&
    part.access.tensor.data!.every((entry) => entry === 0 || entry === 1)
  if (isOne(value)) return number(1)
  if (value.kind !== 'call' || value.name !== '*') return value
  const rest = value.parts.filter((part) => !isOne(part)).map((part) => withoutOnes(part, switches))
  return rest.length === 0 ? number(1) : rest.length === 1 ? rest[0]! : { ...value, parts: rest }
}

export function lower(value: Value, places: ReadonlyMap<Variable, Place>): Term {
  if (value.kind === 'load') return { kind: 'load', address: addressOf(value.access, places) }
  return value.kind === 'call' ? { ...value, parts: value.parts.map((part) => lower(part, places)) } : value
}

/** Outer axes (see `windowAxes`), the target's others, and the summed ones. A summed axis before an outer one is outer too. */
function classify({ axes, target }: BoundEquation): Pick<Kernel, 'outer' | 'kept' | 'summed'> {
  const windows = new Set(target.indices.flatMap((index) => windowAxes(index, axes)))
  const inTarget = new Set(target.indices.flatMap(({ terms }) => terms.map(([axis]) => axis)))
  const lastOuter = axes.findLastIndex(({ name }) => windows.has(name))
  const isOuter = ({ name }: Axis, at: number) => windows.has(name) || (at < lastOuter && !inTarget.has(name))
  return {
    outer: axes.filter(isOuter),
    kept: axes.filter((axis, at) => inTarget.has(axis.name) && !isOuter(axis, at)),
    summed: axes.filter((axis, at) => !inTarget.has(axis.name) && !isOuter(axis, at)),
  }
}

/** Writes out a few turns of the innermost loop: `most`, or the largest number below that divides them. */
function writeOut(kernel: Untiled, most: number): Untiled {
  const axis = kernel.summed.at(-1)
  if (axis === undefined || kernel.unrolled.length > 0 || isGuarded(kernel, axis.name)) return kernel
  let turns = most
  while (axis.extent % turns !== 0) turns--
  if (turns === 1) return kernel
  const { name } = axis
  const inner = `${name}'`
  const split = (terms: Iterable<readonly [string, number]>): [string, number][] =>
    [...terms].flatMap(([axis, step]): [string, number][] =>
      axis === name
        ? [
            [name, step * turns],
            [inner, step],
          ]
        : [[axis, step]],
    )
  const change = (term: Term): Term => {
    if (term.kind === 'load')
      return { kind: 'load', address: { ...term.address, strides: new Map(split(term.address.strides)) } }
    if (term.kind === 'index') return { kind: 'index', index: { ...term.index, terms: split(term.index.terms) } }
    return term.kind === 'call' ? { ...term, parts: term.parts.map(change) } : term
  }
  return {
    ...kernel,
    summed: [...kernel.summed.slice(0, -1), { name, extent: axis.extent / turns }],
    unrolled: [{ name: inner, extent: turns }],
    value: change(kernel.value),
  }
}

/** Neighbouring axes along which every address moves as along one become one. */
function mergeAxes(draft: Draft): Draft {
  const values = [draft.value, ...draft.stores.map(({ value }) => value)]
  const addresses = [...values.flatMap(addressesIn), ...draft.stores.map(({ address }) => address), ...draft.guards]
  const asValue = new Set(values.flatMap(indexAxes))
  const guarded = new Set(draft.guards.flatMap(({ strides }) => [...strides.keys()]))
  const replaced = new Map<Address, Address>(addresses.map((address) => [address, address]))
  const merge = (axes: readonly Axis[]): Axis[] => {
    const merged: Axis[] = []
    for (const axis of axes) {
      const before = merged.at(-1)
      const joins = before && ![before.name, axis.name].some((name) => asValue.has(name) || guarded.has(name))
      const inStep =
        joins &&
        [...replaced.values()].every(
          ({ strides }) => (strides.get(before.name) ?? 0) === (strides.get(axis.name) ?? 0) * axis.extent,
        )
      if (!inStep) merged.push(axis)
      else merged[merged.length - 1] = { name: axis.name, extent: before.extent * axis.extent }
      if (inStep)
        for (const [key, { strides, ...rest }] of replaced)
          replaced.set(key, { ...rest, strides: new Map([...strides].filter(([name]) => name !== before.name)) })
    }
    return merged
  }
  const [outer, kept, summed] = [draft.outer, merge(draft.kept), merge(draft.summed)]
  const change = (term: Term): Term => {
    if (term.kind === 'load') return { kind: 'load', address: replaced.get(term.address)! }
    return term.kind === 'call' ? { ...term, parts: term.parts.map(change) } : term
  }
  const stores = draft.stores.map((store) => ({
    ...store,
    address: replaced.get(store.address)!,
    value: change(store.value),
  }))
  return { ...draft, outer, kept, summed, value: change(draft.value), stores }
}
