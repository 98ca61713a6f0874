// In which order a tile is computed. Samples meet either when all of them are through (`late`: one walk over each block, one
// wait), or each gradient right after what it is the sum of (`early`: what only the gradient reads is needed no longer).
//
//     late     block 0: all groups, block 1: all groups, …; all meetings
//     early    blocks: groups up to the first meeting; that meeting; blocks: the next groups; …
import { type BoundAccess, loadsIn, type Value } from '../../equation/bound.ts'
import type { Variable } from '../../equation/variable.ts'
import type { Step } from '../program.ts'
import type { Group } from './fuse.ts'
import type { Moment } from './liveness.ts'

/** What is computed of every block of a tile, before samples meet. */
export interface Segment {
  readonly groups: readonly Group[]
  /** Meetings by what they add to: one thread runs those of a unit, one after the other. */
  readonly units: readonly (readonly Step[])[]
}

export function lateSchedule(groups: readonly Group[], meets: readonly Step[]): Segment[] {
  return [{ groups, units: unitsOf(meets) }]
}

/** @param rootOf the tensor in whose place another one lies. */
export function earlySchedule(
  groups: readonly Group[],
  meets: readonly Step[],
  rootOf: (tensor: Variable) => Variable,
): Segment[] {
  const written = new Map<Variable, number>()
  for (const [at, group] of groups.entries()) for (const { tensor } of targetsOf(group)) written.set(rootOf(tensor), at)
  const readyAt = ({ equation }: Step): number =>
    Math.max(-1, ...loadsIn(equation.value).map(({ tensor }) => written.get(rootOf(tensor)) ?? -1))
  const ready = unitsOf(meets).map((unit) => ({ unit, at: Math.max(...unit.map(readyAt)) }))
  const ends = new Set([...ready.map(({ at }) => at), groups.length - 1])
  let from = 0
  return [...ends]
    .toSorted((a, b) => a - b)
    .map((end) => {
      const segment = {
        groups: groups.slice(from, end + 1),
        units: ready.filter(({ at }) => at === end).map(({ unit }) => unit),
      }
      from = end + 1
      return segment
    })
}

/** Meetings that add to one tensor keep their order. */
function unitsOf(meets: readonly Step[]): Step[][] {
  const units = new Map<Variable, Step[]>()
  for (const step of meets) {
    const { tensor } = step.equation.target
    units.set(tensor, [...(units.get(tensor) ?? []), step])
  }
  return [...units.values()]
}

/** One moment for each group, and for all meetings after it. */
export function momentsOf(schedule: readonly Segment[], rootOf: (tensor: Variable) => Variable): Moment<Variable>[] {
  const inBlock = (tensors: readonly Variable[]): Variable[] =>
    tensors.filter(({ kind }) => kind === 'sample').map(rootOf)
  const readsIn = (value: Value | undefined): Variable[] => (value ? loadsIn(value) : []).map(({ tensor }) => tensor)
  return schedule.flatMap(({ groups, units }) => [
    ...groups.map((group) => ({
      reads: inBlock([group.head.value, group.onto, ...group.followers.map(({ value }) => value)].flatMap(readsIn)),
      writes: inBlock(targetsOf(group).map(({ tensor }) => tensor)),
    })),
    ...(units.length === 0
      ? []
      : [{ reads: inBlock(units.flat().flatMap(({ equation }) => readsIn(equation.value))), writes: [] }]),
  ])
}

export const targetsOf = ({ head, followers }: Group): BoundAccess[] => [
  head.target,
  ...followers.map(({ target }) => target),
]
