// Text meets numbers: options become constants, '...' becomes axes, every axis gets its extent from where it stands alone
// in a tensor (or from its range), and every index becomes affine. Disagreements are the shape errors that a user sees.
import { ShapeError, UsageError } from '../errors.ts'
import { type Affine, type Axis, affine, type BoundAccess, type BoundEquation, number, type Value } from './bound.ts'
import { foldCall } from './fold.ts'
import { reach } from './reach.ts'
import { arity } from './scalar.ts'
import type { Access, Equation, Expression, Reduction } from './syntax.ts'
import { sampleVariable, type Variable } from './variable.ts'

export interface Setting {
  /** Who is speaking, for messages: `conv2d 'conv2'`. */
  readonly who: string
  readonly layer: string
  readonly options: Readonly<Record<string, number>>
  /** What the names of the text stand for. A target that is not among them becomes a new variable. */
  readonly variables: ReadonlyMap<string, Variable>
  /** Makes the variable of a new target, whose shape its indices say. */
  readonly create?: (name: string, shape: readonly number[]) => Variable
}

export interface Bound {
  readonly equations: readonly BoundEquation[]
  /** Every name of the text, new ones included. */
  readonly variables: ReadonlyMap<string, Variable>
}

/** Binds the equations of one layer together: an axis has one extent in all of them. */
export function bind(equations: readonly Equation[], setting: Setting): Bound {
  // A pair 'a' is a0 and a1, as axes are called that '...' stands for.
  for (const name of Object.keys(setting.options))
    if (/^.\d*$/.test(name))
      throw new UsageError(
        `${setting.who}: an option is called '${name}'; one letter, with or without a number, is an axis; an option has two or more`,
      )
  const variables = new Map(setting.variables)
  const extents = new Map<string, { extent: number; from: string }>()
  const binders = equations.map((equation) => new Binder(equation, setting, variables, extents))
  for (const binder of binders) binder.readExtents()
  const bound = binders.map((binder) => binder.bind())
  return { equations: bound, variables }
}

/** The axes that `...` stands for, by rank; the usual letters where there are any. */
function ellipsisAxes(rank: number): string[] {
  const usual: Record<number, string[]> = { 0: [], 1: ['k'], 2: ['i', 'j'], 3: ['c', 'i', 'j'] }
  return usual[rank] ?? Array.from({ length: rank }, (_, at) => `a${at}`)
}

class Binder {
  readonly #equation: Equation
  readonly #setting: Setting
  readonly #variables: Map<string, Variable>
  readonly #extents: Map<string, { extent: number; from: string }>
  #ellipsis: readonly string[] = []

  constructor(
    equation: Equation,
    setting: Setting,
    variables: Map<string, Variable>,
    extents: Map<string, { extent: number; from: string }>,
  ) {
    this.#equation = equation
    this.#setting = setting
    this.#variables = variables
    this.#extents = extents
  }

  /** Takes from this equation what its ranges and known tensors say, for all equations of the layer. */
  readExtents(): void {
    this.#readRanges()
    const accesses = this.#accesses
    if (
      this.#usesEllipsis &&
      !accesses.some(({ tensor, indices }) => indices.includes('...') && this.#variables.has(tensor))
    )
      return
    this.#ellipsis = this.#expandEllipsis(accesses)
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
    const indices = this.#indices(target).map((index) => this.#affine(index))
    const boundValue = this.#value(value)
    const targetAxes = namesIn(indices)
    const summed = [...valueAxes(boundValue), ...this.#rangeAxes()].filter((axis) => !targetAxes.includes(axis))
    if (reduction === 'set' && summed.length > 0)
      throw this.#error(
        `axis ${summed[0]} is not in the target, so '=' cannot tell which value to keep; '+=' would add them`,
      )
    const axes = [...new Set([...summed, ...targetAxes])].map((name) => this.#axis(name))
    const tensor = this.#variables.get(target.tensor) ?? this.#declare(target.tensor, indices, axes)
    return {
      text,
      layer: this.#setting.layer,
      target: { tensor, indices },
      reduction,
      value: boundValue,
      outside: outside(reduction),
      axes,
    }
  }

  #error(problem: string): ShapeError {
    return new ShapeError(`${this.#setting.who}: ${problem} (in '${this.#equation.text}')`)
  }

  #expandEllipsis(accesses: readonly Access[]): readonly string[] {
    for (const { tensor, indices } of accesses) {
      const shape = this.#variables.get(tensor)?.shape
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
    const shape = this.#variables.get(access.tensor)?.shape
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
    if (!Number.isSafeInteger(extent) || extent < 1)
      throw this.#error(`axis ${axis} has ${extent} values by ${from}; it needs a whole number of at least one`)
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

  #declare(name: string, indices: readonly Affine[], axes: readonly Axis[]): Variable {
    const shape = indices.map((index) => reach(index, axes)[1] + 1)
    const variable = (this.#setting.create ?? sampleVariable)(name, shape)
    this.#variables.set(name, variable)
    return variable
  }

  #access(access: Access): BoundAccess {
    const tensor = this.#variables.get(access.tensor)
    if (tensor === undefined) throw this.#error(`nothing is called ${access.tensor}`)
    return { tensor, indices: this.#indices(access).map((index) => this.#affine(index)) }
  }

  #affine(index: Expression): Affine {
    const value = this.#value(index)
    if (value.kind === 'number' && Number.isSafeInteger(value.value)) return affine(value.value)
    if (value.kind === 'index') return value.index
    throw this.#error('an index is a sum of axes, each times a whole number')
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
}

/** Nothing that is added, nothing that wins. */
const outside = (reduction: Reduction): number =>
  reduction === 'max' || reduction === 'first' ? Number.NEGATIVE_INFINITY : 0

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
