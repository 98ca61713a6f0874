// Joins equations that can share one walk over memory: an element-wise equation runs while the value that it reads is
// still in a register, and `y = bias` becomes the start of the sum that follows. Values and their order do not change.
import {
  type Affine,
  affine,
  aloneAxis,
  axesOf,
  type BoundAccess,
  type BoundEquation,
  call,
  load,
  loadsIn,
  mapValue,
  number,
  sameAccess,
  switchesOf,
  terms,
  type Value,
} from '../../equation/bound.ts'
import { coversEach, reachesAll } from '../../equation/reach.ts'
import type { Variable } from '../../equation/variable.ts'
import { type Program, type Step, sizeOf } from '../program.ts'
import { standsAlone, type Views } from './views.ts'

export interface Store {
  readonly target: BoundAccess
  /** Over the head's axes. A load of what this group stored before means that value. */
  readonly value: Value
}

/** A head equation and what runs with it, element by element. */
export interface Group {
  readonly head: BoundEquation
  /** Whether the head's tensor was written before: what its terms do not reach stays as it is. */
  readonly beside: boolean
  /** What the head's sum is added to: the target as it was, or the value that would have been stored there. */
  readonly onto?: Value
  readonly followers: readonly Store[]
}

/** Groups of steps, in order. Tensors that nobody reads any more are in `unread`. */
export function fuse(program: Program, { free, roots }: Views): { groups: Group[]; unread: ReadonlySet<Variable> } {
  const groups: Group[] = []
  const steps = program.sample.filter((step) => !free.has(step)).map(withChoice)
  const rootOf = (tensor: Variable): Variable => roots.get(tensor) ?? tensor
  for (const step of steps) {
    const last = groups.at(-1)
    const joined = last && (startWith(last, step) ?? follow(last, step, rootOf))
    if (joined !== undefined) groups[groups.length - 1] = joined
    else groups.push(groupOf(step))
  }
  return { groups, unread: unreadTensors(groups, program, rootOf) }
}

const groupOf = ({ equation, onto }: Step): Group => ({
  head: equation,
  beside: onto,
  ...(onto && equation.reduction === 'sum' && { onto: { kind: 'load', access: equation.target } as const }),
  followers: [],
})

/** Where each element has one term, a constant that switches it off chooses between the term and 0. */
export function withChoice({ equation, onto }: Step): Step {
  const { reduction, axes, target, value } = equation
  if ((reduction !== 'set' && reduction !== 'sum') || axes.length !== axesOf(target).size) return { equation, onto }
  const chosen = switchesOf(equation).reduce<Value>((term, access) => call('?', load(access), term, number(0)), value)
  return { equation: { ...equation, value: chosen }, onto }
}

type Names = ReadonlyMap<string, Affine>

/** `y = …; y += sum` in one: the first value waits in a register. */
function startWith(group: Group, { equation, onto }: Step): Group | undefined {
  const { head, followers, beside } = group
  if (!onto || followers.length > 0 || head.reduction !== 'set' || equation.reduction !== 'sum') return undefined
  if (head.target.tensor !== equation.target.tensor || !standsAlone(head) || !standsAlone(equation)) return undefined
  if (![head, equation].every(({ target, axes }) => reachesAll(target, axes))) return undefined
  const first = substitute(head.value, namesFor(head.target, equation.target))
  return { head: equation, beside, onto: first, followers: [] }
}

/** An element-wise step over exactly the elements that the group stores. */
function follow(group: Group, { equation, onto }: Step, rootOf: (tensor: Variable) => Variable): Group | undefined {
  if (equation.reduction !== 'set' && equation.reduction !== 'sum') return undefined
  if (!standsAlone(equation) || equation.axes.length !== equation.target.indices.length) return undefined
  // Only a step of its own clears what it does not reach.
  if (!onto && !reachesAll(equation.target, equation.axes)) return undefined
  const stored = [group.head.target, ...group.followers.map(({ target }) => target)]
  const read = loadsIn(equation.value)
  for (const target of stored) {
    const access = read.find(({ tensor }) => tensor === target.tensor)
    if (access === undefined) continue
    if (!coversEach(group.head, target) || !isWhole(access, equation)) return undefined
    const names = namesFor(access, target)
    const result = substitute(equation.value, names)
    const own = substituteAccess(equation.target, names)
    if (!agrees([...loadsIn(result), own], stored, rootOf)) return undefined
    const term =
      equation.reduction === 'sum' ? call('+', onto ? { kind: 'load', access: own } : number(0), result) : result
    return { ...group, followers: [...group.followers, { target: own, value: term }] }
  }
  return undefined
}

/** What is read from a tensor of the group is read where it was stored. */
const agrees = (
  accesses: readonly BoundAccess[],
  stored: readonly BoundAccess[],
  rootOf: (tensor: Variable) => Variable,
): boolean =>
  accesses.every((access) =>
    stored.every((target) => rootOf(target.tensor) !== rootOf(access.tensor) || sameAccess(target, access)),
  )

const isWhole = ({ tensor, indices }: BoundAccess, equation: BoundEquation): boolean => {
  const alone = indices.map(aloneAxis)
  return (
    alone.length === equation.axes.length &&
    new Set(alone).size === alone.length &&
    alone.every(
      (axis, at) => axis !== undefined && equation.axes.find(({ name }) => name === axis)!.extent === tensor.shape[at],
    ) &&
    terms(equation) === sizeOf(tensor.shape)
  )
}

/** Axes of `from`, which stand alone, in terms of the indices of `to`. */
const namesFor = (from: BoundAccess, to: BoundAccess): Names =>
  new Map(from.indices.map((index, at) => [aloneAxis(index)!, to.indices[at]!]))

function substituteAffine(index: Affine, names: Names): Affine {
  const sum = new Map<string, number>()
  let { constant } = index
  for (const [axis, coefficient] of index.terms) {
    const replaced = names.get(axis)!
    constant += coefficient * replaced.constant
    for (const [name, factor] of replaced.terms) sum.set(name, (sum.get(name) ?? 0) + coefficient * factor)
  }
  return affine(constant, [...sum])
}

const substituteAccess = (access: BoundAccess, names: Names): BoundAccess => ({
  ...access,
  indices: access.indices.map((index) => substituteAffine(index, names)),
})

const substitute = (value: Value, names: Names): Value =>
  mapValue(value, (node) => {
    if (node.kind === 'load') return { kind: 'load', access: substituteAccess(node.access, names) }
    return node.kind === 'index' ? { kind: 'index', index: substituteAffine(node.index, names) } : node
  })

/** Tensors whose only readers run in the group that stores them. */
function unreadTensors(
  groups: readonly Group[],
  program: Program,
  rootOf: (tensor: Variable) => Variable,
): Set<Variable> {
  const read = new Set(program.outputs.map(rootOf))
  const readBy = (value: Value | undefined, own: ReadonlySet<Variable>) => {
    for (const { tensor } of value ? loadsIn(value) : []) if (!own.has(tensor)) read.add(rootOf(tensor))
  }
  for (const { equation } of program.meet) readBy(equation.value, new Set())
  for (const { head, onto, followers } of groups) {
    readBy(head.value, new Set())
    readBy(onto, new Set())
    const own = new Set([head.target.tensor])
    for (const { target, value } of followers) {
      readBy(value, own)
      own.add(target.tensor)
    }
  }
  return new Set(program.tensors.filter((tensor) => !read.has(rootOf(tensor))))
}
