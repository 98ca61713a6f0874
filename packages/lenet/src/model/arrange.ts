// Equations → what an engine runs. What one walk over memory cannot do goes by a tensor of its own: a maximum that wants
// another border than its neighbours, a maximum without terms, terms that are scattered over what is already there.
import type { Step } from '../engine/program.ts'
import {
  along,
  type BoundAccess,
  type BoundEquation,
  call,
  keptAxes,
  load,
  loadsIn,
  mapValue,
  number,
  switchesOf,
} from '../equation/bound.ts'
import { coversEach, isOverEdge, windowAxes } from '../equation/reach.ts'
import { derive, type Variable } from '../equation/variable.ts'

/** A tensor, element by element. */
const whole = (tensor: Variable): BoundAccess => ({ tensor, indices: tensor.shape.map((_, at) => along(`a${at}`)) })

const axesOver = ({ shape }: Variable) => shape.map((extent, at) => ({ name: `a${at}`, extent }))

/** `to` element by element from `from`, as a step of the entry that `like` belongs to. */
const copy = (to: Variable, from: Variable, reduction: 'set' | 'sum', like: BoundEquation): BoundEquation => ({
  text: `${to.name} ${reduction === 'set' ? '=' : '+='} ${from.name}`,
  layer: like.layer,
  target: whole(to),
  reduction,
  value: load(whole(from)),
  outside: 0,
  axes: axesOver(to),
})

/** Forward equations that mean the same and that every engine can run. */
export const arrangeForward = (equations: readonly BoundEquation[]): BoundEquation[] =>
  separateBorders(equations).flatMap(withoutEmptyMaxima)

/**
 * A maximum finds −∞ outside of what it reads. Where another reader looks there, too, and wants 0, or where whoever writes
 * the tensor clears all of it, the maximum reads a copy.
 */
function separateBorders(equations: readonly BoundEquation[]): BoundEquation[] {
  const copies = new Map<Variable, Variable>()
  const looksOut = (equation: BoundEquation, tensor: Variable): boolean =>
    loadsIn(equation.value).some((access) => access.tensor === tensor && isOverEdge(access, equation.axes))
  const isShared = (tensor: Variable): boolean =>
    equations.some(
      (other) =>
        (other.outside === 0 && looksOut(other, tensor)) ||
        (other.target.tensor === tensor && !coversEach(other, other.target)),
    )
  for (const { outside, value, axes } of equations)
    if (outside !== 0)
      for (const access of loadsIn(value))
        if (access.tensor.kind === 'sample' && isOverEdge(access, axes) && isShared(access.tensor))
          copies.set(access.tensor, copies.get(access.tensor) ?? derive(access.tensor, 'bordered'))
  if (copies.size === 0) return [...equations]
  const made = new Set<Variable>()
  return equations.flatMap((equation) => {
    if (equation.outside === 0) return [equation]
    const before: BoundEquation[] = []
    const value = mapValue(equation.value, (node) => {
      const to = node.kind === 'load' && isOverEdge(node.access, equation.axes) && copies.get(node.access.tensor)
      if (!to) return node
      if (!made.has(to)) before.push(copy(to, node.access.tensor, 'set', equation))
      made.add(to)
      return load({ ...node.access, tensor: to })
    })
    return [...before, { ...equation, value }]
  })
}

/** An element for which constants switch every term off is +0, and not the −∞ that a maximum begins with. */
function withoutEmptyMaxima(equation: BoundEquation): BoundEquation[] {
  const { target } = equation
  if (equation.reduction !== 'max' || switchesOf(equation).length === 0) return [equation]
  const data = presence(equation)
  if (!data.includes(0)) return [equation]
  const part = derive(target.tensor, 'part')
  const some: Variable = {
    name: `${target.tensor.name} (has terms)`,
    kind: 'constant',
    shape: target.tensor.shape,
    data,
  }
  const chosen: BoundEquation = {
    ...equation,
    reduction: 'set',
    value: call('?', load({ ...target, tensor: some }), load({ ...target, tensor: part }), number(0)),
    axes: keptAxes(equation),
  }
  return [{ ...equation, target: { ...target, tensor: part } }, chosen]
}

/** 1 for each element of the target that has a term. */
function presence(equation: BoundEquation): Float32Array {
  const { target, axes } = equation
  const data = new Float32Array(target.tensor.shape.reduce((size, extent) => size * extent, 1))
  const switches = switchesOf(equation)
  const at = new Map(axes.map(({ name }) => [name, 0]))
  const placeOf = ({ tensor, indices }: BoundAccess): number =>
    indices.reduce(
      (place, { constant, terms }, axis) =>
        place * tensor.shape[axis]! + terms.reduce((sum, [name, factor]) => sum + factor * at.get(name)!, constant),
      0,
    )
  const walk = (depth: number): void => {
    const axis = axes[depth]
    if (axis === undefined) {
      if (switches.every((access) => access.tensor.data![placeOf(access)] !== 0)) data[placeOf(target)] = 1
      return
    }
    for (let index = 0; index < axis.extent; index++) {
      at.set(axis.name, index)
      walk(depth + 1)
    }
  }
  walk(0)
  return data
}

/** Per-sample equations in order. A sum that is scattered over what is there is collected apart, and then added. */
export function arrangeSteps(equations: readonly BoundEquation[]): Step[] {
  const written = new Set<Variable>()
  return equations.flatMap((equation): Step[] => {
    const { tensor } = equation.target
    const onto = written.has(tensor)
    written.add(tensor)
    if (!onto || equation.reduction !== 'sum' || coversEach(equation, equation.target)) return [{ equation, onto }]
    return apart(equation, onto)
  })
}

function apart(equation: BoundEquation, onto: boolean): Step[] {
  const { target } = equation
  const part = derive(target.tensor, 'part')
  return [
    { equation: { ...equation, target: { ...target, tensor: part } }, onto: false },
    { equation: copy(target.tensor, part, 'sum', equation), onto },
  ]
}

/**
 * Equations that add up over the samples: the steps before them, for each sample, and those where samples meet. Windows
 * that overlap are summed for each sample first; so is what reaches a part of a tensor to which others add as well.
 */
export function arrangeMeetings(equations: readonly BoundEquation[]): { before: Step[]; meet: Step[] } {
  const before: Step[] = []
  const seen = new Set<Variable>()
  const meet = equations.map((equation): Step => {
    const { target, axes } = equation
    const onto = seen.has(target.tensor)
    seen.add(target.tensor)
    const isShared = equations.some((other) => other !== equation && other.target.tensor === target.tensor)
    const overlaps = target.indices.some((index) => windowAxes(index, axes).length > 0)
    if (!overlaps && !(isShared && !coversEach(equation, target))) return { equation, onto }
    const [collect, add] = apart(equation, onto) as [Step, Step]
    before.push(collect)
    return add
  })
  return { before, meet }
}
