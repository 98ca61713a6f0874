// What a model costs and sees, computed from its equations.

import { sizeOf } from '../engine/program.ts'
import { type BoundEquation, constantFactors, loadsIn, terms, type Value } from '../equation/bound.ts'
import { type BoundEntry, bindEntry, outputVariable } from '../model/bind-entry.ts'
import { INPUT, type Net } from '../model/model.ts'
import { type Fields, followEquations, ownPixel, sizeOfField } from './receptive-field.ts'
import type { LayerFacts, Summary } from './summary.ts'

/** Shapes, parameters, multiply-adds, connections, receptive fields and memory of every layer. */
export function summarise(net: Net): Summary {
  const values = new Map([[INPUT, outputVariable({ name: INPUT, output: net.input })]])
  const fields: Fields = new Map([[values.get(INPUT)!, net.input.length === 3 ? ownPixel : undefined]])
  const layers = net.entries.map((entry): LayerFacts => {
    const bound = bindEntry(
      entry,
      'predict',
      entry.inputs.map((input) => values.get(input)!),
    )
    values.set(entry.name, bound.output)
    followEquations(bound.equations, fields)
    const field = entry.output.length === 3 ? fields.get(bound.output) : undefined
    const bytes = 4 * sizeOf(entry.output)
    return {
      name: entry.name,
      layer: entry.layer.definition.name,
      output: entry.output,
      ...costOf(bound),
      ...(field && { receptiveField: sizeOfField(field), jump: [field[0].jump, field[1].jump] }),
      bytes,
    }
  })
  const total = (key: 'parameters' | 'multiplyAdds' | 'connections' | 'bytes') =>
    layers.reduce((sum, facts) => sum + facts[key], 0)
  return {
    input: net.input,
    layers,
    parameters: total('parameters'),
    multiplyAdds: total('multiplyAdds'),
    connections: total('connections'),
    bytes: total('bytes'),
  }
}

/** Parameters that some term uses, products that are summed, and links between units (a bias is one, as in the 1998 paper). */
function costOf({
  equations,
  parameters: variables,
}: BoundEntry): Pick<LayerFacts, 'parameters' | 'multiplyAdds' | 'connections'> {
  const own = new Set(variables.values())
  const parameters = [...own].reduce((sum, variable) => {
    const reader = equations.find(({ value }) => loadsIn(value).some(({ tensor }) => tensor === variable))
    return sum + sizeOf(variable.shape) * (reader ? presentShare(reader) : 1)
  }, 0)
  let multiplyAdds = 0
  let connections = 0
  for (const equation of equations) {
    const present = terms(equation) * presentShare(equation)
    const readsParameter = loadsIn(equation.value).some(({ tensor }) => own.has(tensor))
    if (equation.reduction === 'sum' && multiplies(equation.value)) multiplyAdds += present
    if (readsParameter || equation.reduction !== 'set') connections += present
  }
  return { parameters, multiplyAdds, connections }
}

/** The part of an equation's terms that a constant does not switch off. */
function presentShare({ value }: BoundEquation): number {
  return constantFactors(value)
    .map(({ tensor }) => tensor.data!)
    .reduce((share, data) => (share * data.filter((entry) => entry !== 0).length) / data.length, 1)
}

const multiplies = (value: Value): boolean => value.kind === 'call' && value.name === '*' && loadsIn(value).length > 1
