// Text meets numbers: options become constants, '...' becomes axes, every axis gets its extent from where it stands alone
// in a tensor (or from its range), and every index becomes affine. Disagreements are the shape errors that a user sees.
import { ShapeError, UsageError } from '../errors.ts'
import {
  type Affine,
  type Axis,
  affine,
  type BoundAccess,
  type BoundEquation,
  number,
  reach,
  type Value,
} from './bound.ts'
import { foldCall } from './fold.ts'
import { arity } from './scalar.ts'
import type { Access, Equation, Expression } from './syntax.ts'

export interface Setting {
  /** Who is speaking, for messages: `conv2d 'conv2'`. */
  readonly who: string
  readonly layer: string
  readonly options: Readonly<Record<string, number>>
  /** Shapes of the tensors that exist; a target that is not among them gets its shape from its indices. */
  readonly shapes: ReadonlyMap<string, readonly number[]>
  /** The name that a tensor of the text has in the program. */
  readonly rename?: (tensor: string) => string
}

export interface Bound {
  readonly equations: readonly BoundEquation[]
  /** Every tensor of the text under its own name, new ones included. */
  readonly shapes: ReadonlyMap<string, readonly number[]>
}

/** Binds the equations of one layer together: an axis has one extent in all of them. */
export function bind(equations: readonly Equation[], setting: Setting): Bound {
  const shapes = new Map(setting.shapes)
  const extents = new Map<string, { extent: number; from: string }>()
  const binders = equations.map((equation) => new Binder(equation, setting, shapes, extents))
  for (const binder of binders) binder.readExtents()
  const bound = binders.map((binder) => binder.bind())
  return { equations: bound, shapes }
}

/** The axes that `...` stands for, by rank; the usual letters where there are any. */
function ellipsisAxes(rank: number): string[] {
  const usual: Record<number, string[]> = { 0: [], 1: ['k'], 2: ['i', 'j'], 3: ['c', 'i', 'j'] }
  return usual[rank] ?? Array.from({ length: rank }, (_, at) => `a${at}`)
}

class Binder {
  readonly #equation: Equation
  readonly #setting: Setting
  readonly #shapes: Map<string, readonly number[]>
  readonly #extents: Map<string, { extent: number; from: string }>
  #ellipsis: readonly string[] = []

  constructor(
    equation: Equation,
    setting: Setting,
    shapes: Map<string, readonly number[]>,
    extents: Map<string, { extent: number; from: string }>,
  ) {
    this.#equation = equation
    this.#setting = setting
    this.#shapes = shapes
    this.#extents = extents
  }

  /** Takes from this equation what its ranges and known tensors say, for all equations of the layer. */
  readExtents(): void {
    const accesses = this.#accesses
    if (
      this.#usesEllipsis &&
      !accesses.some(({ tensor, indices }) => indices.includes('...') && this.#shapes.has(tensor))
    )
      return
    this.#ellipsis = this.#expandEllipsis(accesses)
    this.#readRanges()
    for (const access of accesses) this.#readExtents(access)
  }

  get #accesses(): Access[] {
    return [this.#equation.target, ...accessesIn(this.#equation.value)]
  }

  get #usesEllipsis(): boolean {
    return this.#accesses.some(({ indices }) => indices.includes('...'))
  }

  bind(): BoundEquation {
    const { target, value, reduction, text } = this.#equation
    if (this.#usesEllipsis && this.#ellipsis.length === 0) this.#ellipsis = this.#expandEllipsis(this.#accesses)
    for (const access of this.#accesses) this.#readExtents(access)
    const boundTarget = this.#access(target, true)
    const boundValue = this.#value(value)
    const targetAxes = namesIn(boundTarget.indices)
    const summed = [...valueAxes(boundValue), ...this.#rangeAxes()].filter((axis) => !targetAxes.includes(axis))
    if (reduction === 'set' && summed.length > 0)
      throw this.#error(
        `axis ${summed[0]} is not in the target, so '=' cannot tell which value to keep; '+=' would add them`,
      )
    const axes = [...new Set([...summed, ...targetAxes])].map((name) => this.#axis(name))
    this.#declareTarget(target.tensor, boundTarget, axes)
    return {
      text,
      layer: this.#setting.layer,
      target: this.#renamed(boundTarget),
      reduction,
      value: this.#renamedValue(boundValue),
      axes,
    }
  }

  #error(problem: string): ShapeError {
    return new ShapeError(`${this.#setting.who}: ${problem} (in '${this.#equation.text}')`)
  }

  #expandEllipsis(accesses: readonly Access[]): readonly string[] {
    for (const { tensor, indices } of accesses) {
      const shape = this.#shapes.get(tensor)
      if (indices.includes('...') && shape !== undefined) return ellipsisAxes(shape.length - indices.length + 1)
    }
    if (this.#usesEllipsis) throw this.#error("no tensor here says how many axes '...' stands for")
    return []
  }

  #indices({ indices, column }: Access): Expression[] {
    const alone = this.#ellipsis.map((name): Expression => ({ kind: 'name', name, column }))
    return indices.flatMap((index) => (index === '...' ? alone : [index]))
  }

  #rangeAxes(): string[] {
    return this.#equation.ranges.flatMap(({ axes }) => axes)
  }

  #readRanges(): void {
    for (const { axes, bound } of this.#equation.ranges)
      axes.forEach((axis, at) => {
        // One option that is a pair gives the k-th axis its k-th number.
        const pair = bound.kind === 'name' ? this.#setting.options[`${bound.name}${at}`] : undefined
        this.#setExtent(axis, pair ?? this.#constant(bound), 'its range')
      })
  }

  #readExtents(access: Access): void {
    const shape = this.#shapes.get(access.tensor)
    if (shape === undefined) return
    const indices = this.#indices(access)
    if (indices.length !== shape.length)
      throw this.#error(
        `${access.tensor} has the shape [${shape}], which is ${shape.length} axes, not ${indices.length}`,
      )
    indices.forEach((index, at) => {
      const alone = index.kind === 'name' && this.#setting.options[index.name] === undefined ? index.name : undefined
      if (alone !== undefined) this.#setExtent(alone, shape[at]!, access.tensor)
    })
  }

  #setExtent(axis: string, extent: number, from: string): void {
    const known = this.#extents.get(axis)
    if (known === undefined) this.#extents.set(axis, { extent, from })
    else if (known.extent !== extent)
      throw this.#error(`axis ${axis} is ${known.extent} in ${known.from} but ${extent} in ${from}`)
  }

  #axis(name: string): Axis {
    const known = this.#extents.get(name)
    if (known === undefined)
      throw this.#error(
        `axis ${name} has no extent: it stands alone in no tensor and has no range such as (${name} < 3)`,
      )
    return { name, extent: known.extent }
  }

  #declareTarget(name: string, target: BoundAccess, axes: readonly Axis[]): void {
    if (this.#shapes.has(name)) return
    const shape = target.indices.map((index) => reach(index, axes)[1] + 1)
    this.#shapes.set(name, shape)
  }

  #access(access: Access, isTarget = false): BoundAccess {
    if (!isTarget && !this.#shapes.has(access.tensor)) throw this.#error(`nothing is called ${access.tensor}`)
    return { tensor: access.tensor, indices: this.#indices(access).map((index) => this.#affine(index)) }
  }

  #affine(index: Expression): Affine {
    const value = this.#value(index)
    if (value.kind === 'number') return affine(value.value)
    if (value.kind === 'index') return value.index
    throw this.#error('an index is a sum of axes, each times a constant')
  }

  #constant(bound: Expression): number {
    const value = this.#value(bound)
    if (value.kind !== 'number') throw this.#error('the bound of a range is a number')
    return value.value
  }

  #value(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
        return number(expression.value)
      case 'name': {
        const option = this.#setting.options[expression.name]
        return option === undefined ? { kind: 'index', index: affine(0, [[expression.name, 1]]) } : number(option)
      }
      case 'load':
        return { kind: 'load', access: this.#access(expression.access) }
      case 'call':
        return this.#call(expression)
    }
  }

  #call({ name, parts, column }: Expression & { kind: 'call' }): Value {
    if (name === 'size') {
      const axis = parts[0]
      if (parts.length !== 1 || axis?.kind !== 'name') throw this.#error(`column ${column}: size takes one axis`)
      return number(this.#axis(axis.name).extent)
    }
    const wanted = arity(name)
    if (wanted === undefined)
      throw new UsageError(`equation '${this.#equation.text}': column ${column}: there is no function '${name}'`)
    if (wanted !== parts.length)
      throw new UsageError(
        `equation '${this.#equation.text}': column ${column}: ${name} takes ${wanted} values, not ${parts.length}`,
      )
    return foldCall(
      name,
      parts.map((part) => this.#value(part)),
    )
  }

  #renamed(access: BoundAccess): BoundAccess {
    return { ...access, tensor: this.#setting.rename?.(access.tensor) ?? access.tensor }
  }

  #renamedValue(value: Value): Value {
    if (value.kind === 'load') return { kind: 'load', access: this.#renamed(value.access) }
    return value.kind === 'call' ? { ...value, parts: value.parts.map((part) => this.#renamedValue(part)) } : value
  }
}

function accessesIn(expression: Expression): Access[] {
  if (expression.kind === 'load') return [expression.access]
  return expression.kind === 'call' ? expression.parts.flatMap(accessesIn) : []
}

/** Names of axes in order of first appearance. An index that is read as a value counts too. */
function valueAxes(value: Value): string[] {
  if (value.kind === 'load') return namesIn(value.access.indices)
  if (value.kind === 'index') return namesIn([value.index])
  return value.kind === 'call' ? value.parts.flatMap(valueAxes) : []
}

const namesIn = (indices: readonly Affine[]): string[] => indices.flatMap(({ terms }) => terms.map(([axis]) => axis))
