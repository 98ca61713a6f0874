// A model's parts, checked together before they are written or used.
import { UsageError } from '../errors.ts'
import type { NamedArrays } from '../formats/arrays.ts'
import type { Refuse } from '../formats/json-fields.ts'
import { channelsOf, type Net, parametersOf } from '../model/model.ts'
import { checkWeights } from '../model/weights-for.ts'
import { type ModelFacts, readAllFacts, type Subject } from './facts.ts'

export interface ModelFile extends ModelFacts {
  readonly net: Net
  readonly weights: ReadonlyMap<string, Float32Array>
}

/** What a model's facts are about. */
export const subjectOf = (net: Net): Required<Subject> => ({
  channels: channelsOf(net),
  scores: net.entries.at(-1)!.output[0] ?? 1,
})

/** The parts of a model, checked before they are written or used. @throws UsageError, ShapeError. */
export function checkModel<T extends ModelFile>(model: T): T {
  const { net, weights, classes, normalisation, preparation } = model
  checkWeights(net, weights, 'model')
  const refuse: Refuse = (problem) => new UsageError(`model: ${problem}`)
  return { ...model, ...readAllFacts({ classes, normalisation, preparation }, subjectOf(net), refuse) }
}

/** The weights with their shapes, in the net's order. */
export const arraysOf = ({ net, weights }: Pick<ModelFile, 'net' | 'weights'>): NamedArrays =>
  new Map(parametersOf(net).map(({ name, shape }) => [name, { dtype: 'float32', shape, data: weights.get(name)! }]))
