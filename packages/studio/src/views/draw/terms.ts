// What each unit of the stage before adds to a class's score: read from the equations of the last stage.
import { activity, shown, weights } from '../../state/looking.ts'
import { reckon } from './reckon.ts'
import { stages } from './selection.ts'

/** Unit of the stage before → its term. */
export function termsOf(unit: number): ReadonlyMap<number, number> {
  const [stage, before] = [stages.value.at(-1), stages.value.at(-2)]
  const [now, values, model] = [activity.value, weights.value, shown.value]
  if (!stage || !before || !now || !values || !model) return new Map()
  const terms = new Map<number, number>()
  for (const { equation, terms: each } of reckon(model.net, stage, unit, { values: now.values, weights: values })) {
    const load = equation.loads.find(({ source }) => source.kind === 'entry' && source.name === before.name)
    for (const [at, index] of load?.at.entries() ?? [])
      if (index >= 0) terms.set(index, (terms.get(index) ?? 0) + each[at]!)
  }
  return terms
}
