// One entry's equations, with a variable for every name in them.
import { sizeOf } from '../engine/program.ts'
import { bind } from '../equation/bind.ts'
import type { BoundEquation } from '../equation/bound.ts'
import { checkEquations } from '../equation/check.ts'
import { parseEquation } from '../equation/parse.ts'
import { derive, sampleVariable, sharedVariable, type Variable } from '../equation/variable.ts'
import { ShapeError, UsageError } from '../errors.ts'
import { inputNames, type NoiseSpec } from '../layers/layer.ts'
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
      ? definition.equations(inputShapes[0]!, options as never, ...inputShapes.slice(1))
      : definition.equations)
  const texts = mode === 'curvature' ? [...forward, ...definition.curvature!] : forward
  const { parameters, noise, given } = givenOf(entry, inputs, training !== undefined)
  const output = outputVariable(entry)
  const seed = mode === 'curvature' ? derive(inputs[0]!, 'gradient') : undefined
  const who = titleOf(name, layer)
  const results: readonly Named[] = [['y', output], ...(seed ? [['h', seed] as const] : [])]
  checkNames([...given, ...results], who)
  const { equations } = bind(texts.map(parseEquation), {
    who,
    layer: name,
    options: numericOptions(options),
    variables: new Map([...given, ...results]),
    create: (own, shape) => sampleVariable(`${name}.${own}`, shape),
  })
  const variableOf = ([, variable]: Named) => variable
  const known = new Set(given.map(variableOf))
  checkEquations(equations, { who, given: known, results: results.map(variableOf) })
  return {
    equations,
    inputs,
    output,
    parameters: new Map(parameters.map(([, variable]) => [variable.name, variable])),
    noise: new Map(noise.map(({ variable, spec }) => [variable, spec])),
    ...(seed && { seed }),
  }
}

type Named = readonly [own: string, variable: Variable]

/** What is there before the equations run, under the names that they give to it. */
function givenOf(entry: Entry, inputs: readonly Variable[], drawn: boolean) {
  const { layer, name, inputShapes, parameters: specs } = entry
  const { definition, options } = layer
  const full = (own: string): string => `${name}.${own}`
  const read = inputNames(definition, inputs.length).map((own, at): Named => [own, inputs[at]!])
  const parameters = specs.map(
    ({ name: whole, shape }): Named => [whole.slice(full('').length), sharedVariable(whole, shape)],
  )
  const noise = Object.entries((drawn && definition.noise?.(inputShapes[0]!, options as never)) || {}).map(
    ([own, spec]) => ({
      own,
      spec,
      variable: sampleVariable(full(own), spec.shape),
    }),
  )
  const masks = noise.map(({ own, variable }): Named => [own, variable])
  return { parameters, noise, given: [...read, ...parameters, ...constantsOf(entry), ...masks] }
}

function constantsOf({ name, layer, inputShapes }: Entry): Named[] {
  const { definition, options } = layer
  return Object.entries(definition.constants?.(inputShapes[0]!, options as never) ?? {}).map(
    ([own, { shape, data }]): Named => {
      if (data.length !== sizeOf(shape))
        throw new ShapeError(
          `${titleOf(name, layer)}: its constant ${own} is [${shape}], but it has ${data.length} numbers`,
        )
      return [own, { name: `${name}.${own}`, kind: 'constant', shape, data }]
    },
  )
}

/** A name in the equations means one thing. */
function checkNames(named: readonly Named[], who: string): void {
  const names = named.map(([name]) => name)
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice !== undefined)
    throw new UsageError(
      `${who}: ${twice} stands for two things; inputs, parameters, constants, noise and results have names of their own`,
    )
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
