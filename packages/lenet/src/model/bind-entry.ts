// One entry's equations, with a variable for every name in them.
import { bind } from '../equation/bind.ts'
import type { BoundEquation } from '../equation/bound.ts'
import { checkEquations } from '../equation/check.ts'
import { parseEquation } from '../equation/parse.ts'
import { derive, sampleVariable, sharedVariable, type Variable } from '../equation/variable.ts'
import { UsageError } from '../errors.ts'
import type { NoiseSpec } from '../layers/layer.ts'
import { type Entry, titleOf } from './model.ts'

export interface BoundEntry {
  readonly equations: readonly BoundEquation[]
  /** What it reads of other entries, as they come in `Entry.inputs`. */
  readonly inputs: readonly Variable[]
  readonly output: Variable
  /** By their full names. */
  readonly parameters: ReadonlyMap<string, Variable>
  readonly noise: ReadonlyMap<Variable, NoiseSpec>
  /** The second derivative of the first input, where it is asked for. */
  readonly seed?: Variable
  /** Every variable but the inputs. */
  readonly variables: readonly Variable[]
}

/** `curvature` predicts, and adds the seed that a layer declares, as the gradient of what it reads. */
export type Mode = 'train' | 'predict' | 'curvature'

/** What an entry gives, as a variable. */
export const outputVariable = ({ name, output }: Pick<Entry, 'name' | 'output'>): Variable =>
  sampleVariable(`${name}.y`, output)

/**
 * @param inputs what the entry's inputs are in the program; new variables unless they are given.
 * @throws UsageError or ShapeError where its equations have no single meaning.
 */
export function bindEntry(
  entry: Entry,
  mode: Mode,
  inputs: readonly Variable[] = entry.inputs.map((name, at) =>
    outputVariable({ name, output: entry.inputShapes[at]! }),
  ),
): BoundEntry {
  const { layer, name, inputShapes } = entry
  const { definition, options } = layer
  const training = mode === 'train' ? definition.training : undefined
  const forward =
    training ??
    (typeof definition.equations === 'function'
      ? definition.equations(inputShapes[0]!, options as never)
      : definition.equations)
  const texts = mode === 'curvature' ? [...forward, ...definition.curvature!] : forward
  const { parameters, noise, given } = givenOf(entry, inputs, training !== undefined)
  const output = outputVariable(entry)
  const seed = mode === 'curvature' ? derive(inputs[0]!, 'gradient') : undefined
  const who = titleOf(name, layer)
  const bound = bind(texts.map(parseEquation), {
    who,
    layer: name,
    options: numericOptions(options),
    variables: byName(who, [...given, ['y', output], ...(seed ? [['h', seed] as const] : [])]),
    create: (own, shape) => sampleVariable(`${name}.${own}`, shape),
  })
  const known = new Set(given.map(([, variable]) => variable))
  checkEquations(bound.equations, { who, given: known, results: seed ? [output, seed] : [output] })
  return {
    equations: bound.equations,
    inputs,
    output,
    parameters: new Map(parameters.map(([, variable]) => [variable.name, variable])),
    noise: new Map(noise.map(({ variable, spec }) => [variable, spec])),
    ...(seed && { seed }),
    variables: [...bound.variables.values()].filter((variable) => !inputs.includes(variable)),
  }
}

type Named = readonly [own: string, variable: Variable]

/** What is there before the equations run, under the names that they give to it. */
function givenOf({ layer, name, inputShapes, parameters: specs }: Entry, inputs: readonly Variable[], drawn: boolean) {
  const { definition, options } = layer
  const first = inputShapes[0]!
  const full = (own: string): string => `${name}.${own}`
  const read = (definition.inputs ?? ['x']).map((own, at): Named => [own, inputs[at]!])
  const parameters = specs.map(
    ({ name: whole, shape }): Named => [whole.slice(full('').length), sharedVariable(whole, shape)],
  )
  const constants = Object.entries(definition.constants?.(first, options as never) ?? {}).map(
    ([own, { shape, data }]): Named => [own, { name: full(own), kind: 'constant', shape, data }],
  )
  const noise = Object.entries((drawn && definition.noise?.(first, options as never)) || {}).map(([own, spec]) => ({
    own,
    spec,
    variable: sampleVariable(full(own), spec.shape),
  }))
  const masks = noise.map(({ own, variable }): Named => [own, variable])
  return { parameters, noise, given: [...read, ...parameters, ...constants, ...masks] }
}

function byName(who: string, named: readonly Named[]): ReadonlyMap<string, Variable> {
  const variables = new Map(named)
  const twice = named.find(([own, variable]) => variables.get(own) !== variable)
  if (twice !== undefined)
    throw new UsageError(`${who}: two of its tensors are called ${twice[0]}; give each one its own name`)
  return variables
}

/** Numbers go into equations by name; a pair `stride` as `stride0` and `stride1`. */
function numericOptions(options: Readonly<Record<string, unknown>>): Record<string, number> {
  const numbers: Record<string, number> = {}
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'number') numbers[name] = value
    else if (Array.isArray(value) && value.every((item) => typeof item === 'number'))
      for (const [at, item] of value.entries()) numbers[`${name}${at}`] = item
  }
  return numbers
}
