// What a model costs and sees, computed from its equations.

import { sizeOf } from '../engine/program.ts'
import { aloneAxis, type BoundEquation, constantFactors, loadsIn, terms, type Value } from '../equation/bound.ts'
import { type BoundEntry, bindEntry } from './bind-entry.ts'
import { type Entry, INPUT, type Net } from './model.ts'
import type { LayerFacts, Summary } from './summary.ts'

type Pair = readonly [number, number]

/** Rows and columns of the input that a unit sees, and how far apart two neighbours' are. */
interface Field {
  readonly size: Pair
  readonly jump: Pair
}

/** Shapes, parameters, multiply-adds, connections, receptive fields and memory of every layer. */
export function summarise(net: Net): Summary {
  const fields = new Map<string, Field | undefined>([
    [INPUT, net.input.length === 3 ? { size: [1, 1], jump: [1, 1] } : undefined],
  ])
  const layers = net.entries.map((entry): LayerFacts => {
    const bound = bindEntry(entry, 'predict')
    const field = fieldOf(entry, bound, fields.get(entry.inputs[0]!))
    fields.set(entry.name, field)
    const bytes = 4 * sizeOf(entry.output)
    return {
      name: entry.name,
      layer: entry.layer.definition.name,
      output: entry.output,
      ...costOf(bound),
      ...(field && { receptiveField: field.size, jump: field.jump }),
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

/** The window that one unit of the output sees in the entry's input, folded onto what that saw before. */
function fieldOf(entry: Entry, { equations, inputs }: BoundEntry, before: Field | undefined): Field | undefined {
  if (before === undefined || entry.output.length !== 3) return undefined
  for (const { target, value, axes } of equations)
    for (const access of loadsIn(value)) {
      if (access.tensor !== inputs[0] || access.indices.length !== 3 || target.indices.length !== 3) continue
      const side = (at: 1 | 2) => {
        const along = aloneAxis(target.indices[at]!)
        const stride = access.indices[at]!.terms.find(([axis]) => axis === along)?.[1] ?? 1
        const span = access.indices[at]!.terms.filter(([axis]) => axis !== along).reduce(
          (sum, [axis, coefficient]) =>
            sum + Math.abs(coefficient) * (axes.find(({ name }) => name === axis)!.extent - 1),
          1,
        )
        return { size: before.size[at - 1]! + (span - 1) * before.jump[at - 1]!, jump: before.jump[at - 1]! * stride }
      }
      const [rows, columns] = [side(1), side(2)]
      return { size: [rows.size, columns.size], jump: [rows.jump, columns.jump] }
    }
  return undefined
}
