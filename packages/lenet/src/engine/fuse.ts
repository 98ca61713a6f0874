// Joins equations that can share one walk over memory: an element-wise equation runs while the value that it reads is
// still in a register, and `y = bias` becomes the start of the sum that follows. Values and their order do not change.
import {
  type Affine,
  affine,
  aloneAxis,
  type BoundAccess,
  type BoundEquation,
  call,
  loadsIn,
  mapValue,
  number,
  reach,
  sameAccess,
  terms,
  type Value,
} from '../equation/bound.ts'
import { type Program, type Step, sizeOf } from './program.ts'
import { type Storage, standsAlone } from './storage.ts'

export interface Store {
  readonly target: BoundAccess
  /** Over the head's axes. A load of what this group stored before means that value. */
  readonly value: Value
}

/** A head equation and what runs with it, element by element. */
export interface Group {
  readonly head: BoundEquation
  /** What the head's sum is added to: the target as it was, or the value that would have been stored there. */
  readonly onto?: Value
  readonly followers: readonly Store[]
}

/** Groups of steps, in order. Tensors that nobody reads any more are in `unread`. */
export function fuse(
  program: Program,
  { free, roots }: Pick<Storage, 'free' | 'roots'>,
): { groups: Group[]; unread: ReadonlySet<string> } {
  const groups: Group[] = []
  const steps = program.sample.filter((step) => !free.has(step))
  const rootOf = (tensor: string): string => roots.get(tensor) ?? tensor
  for (const step of steps) {
    const last = groups.at(-1)
    const joined = last && (startWith(last, step) ?? follow(last, step, program, rootOf))
    if (joined !== undefined) groups[groups.length - 1] = joined
    else
      groups.push({
        head: step.equation,
        onto: step.onto ? { kind: 'load', access: step.equation.target } : undefined,
        followers: [],
      })
  }
  return { groups, unread: unreadTensors(groups, program, rootOf) }
}

type Names = ReadonlyMap<string, Affine>

/** `y = …; y += sum` in one: the first value waits in a register. */
function startWith(group: Group, { equation, onto }: Step): Group | undefined {
  const { head, followers } = group
  if (!onto || followers.length > 0 || head.reduction !== 'set' || equation.reduction !== 'sum') return undefined
  if (head.target.tensor !== equation.target.tensor || !standsAlone(head) || !standsAlone(equation)) return undefined
  return { head: equation, onto: substitute(head.value, namesFor(head.target, equation.target)), followers: [] }
}

/** An element-wise step over exactly the elements that the group stores. */
function follow(
  group: Group,
  { equation, onto }: Step,
  program: Program,
  rootOf: (tensor: string) => string,
): Group | undefined {
  if (equation.reduction !== 'set' && equation.reduction !== 'sum') return undefined
  if (!standsAlone(equation) || equation.axes.length !== equation.target.indices.length) return undefined
  const stored = [group.head.target, ...group.followers.map(({ target }) => target)]
  const read = loadsIn(equation.value)
  for (const target of stored) {
    const access = read.find(({ tensor }) => tensor === target.tensor)
    if (access === undefined) continue
    if (!coversEach(group.head, target, program) || !isWhole(access, equation, program)) return undefined
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
  rootOf: (tensor: string) => string,
): boolean =>
  accesses.every((access) =>
    stored.every((target) => rootOf(target.tensor) !== rootOf(access.tensor) || sameAccess(target, access)),
  )

/** Whether the head writes every element of the target's tensor, and each once. */
export function coversEach(head: BoundEquation, target: BoundAccess, program: Program): boolean {
  const { shape } = program.tensors.get(target.tensor)!
  const kept = head.axes.filter(({ name }) => target.indices.some(({ terms }) => terms.some(([axis]) => axis === name)))
  if (sizeOf(kept.map(({ extent }) => extent)) !== sizeOf(shape)) return false
  return target.indices.every((index, at) => {
    const [low, high] = reach(index, head.axes)
    return low === 0 && high === shape[at]! - 1 && windowAxes(index, kept).length === 0
  })
}

/**
 * The axes to walk outermost, so that the others give each index at most once: of a window that slides by less than its
 * width, the window's own axes.
 */
export function windowAxes(index: Affine, axes: BoundEquation['axes']): string[] {
  const order = axes.map(({ name }) => name)
  const open = index.terms.toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  const outer: string[] = []
  const collides = () => {
    let span = 0
    for (const [axis, coefficient] of open.toSorted(([, a], [, b]) => Math.abs(a) - Math.abs(b))) {
      if (Math.abs(coefficient) <= span) return true
      span += Math.abs(coefficient) * (axes.find(({ name }) => name === axis)!.extent - 1)
    }
    return false
  }
  while (collides()) outer.push(open.shift()![0])
  return outer
}

const isWhole = ({ tensor, indices }: BoundAccess, equation: BoundEquation, { tensors }: Program): boolean => {
  const { shape } = tensors.get(tensor)!
  const alone = indices.map(aloneAxis)
  return (
    alone.length === equation.axes.length &&
    new Set(alone).size === alone.length &&
    alone.every(
      (axis, at) => axis !== undefined && equation.axes.find(({ name }) => name === axis)!.extent === shape[at],
    ) &&
    terms(equation) === sizeOf(shape)
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
function unreadTensors(groups: readonly Group[], program: Program, rootOf: (tensor: string) => string): Set<string> {
  const read = new Set(program.outputs.map(rootOf))
  const readBy = (value: Value | undefined, own: ReadonlySet<string>) => {
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
  return new Set([...program.tensors.keys()].filter((name) => !read.has(rootOf(name))))
}
