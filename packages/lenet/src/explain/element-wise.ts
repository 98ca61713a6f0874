// An entry that works element by element, as a function of one number: what an activation is.
import { aloneAxis, loadsIn } from '../equation/bound.ts'
import { bindEntry } from '../model/bind-entry.ts'
import type { Entry } from '../model/model.ts'
import { termValue } from './unit.ts'

/** The function in float64, for showing; undefined for an entry that mixes elements, has parameters or changes nothing. */
export function elementWise(entry: Entry): ((x: number) => number) | undefined {
  if (entry.inputs.length !== 1 || entry.parameters.length > 0) return undefined
  const { equations, inputs, output } = bindEntry(entry, 'predict')
  const isAlone = equations.every(({ target, value, reduction, axes }) =>
    [target, ...loadsIn(value)].every(
      ({ tensor, indices }) =>
        reduction === 'set' &&
        indices.length === axes.length &&
        indices.every((index, at) => aloneAxis(index) === axes[at]!.name) &&
        tensor.kind !== 'constant',
    ),
  )
  if (!isAlone || equations.every(({ value }) => value.kind === 'load')) return undefined
  return (x) => {
    const values = new Map([[inputs[0]!, x]])
    for (const { target, value } of equations)
      values.set(
        target.tensor,
        termValue(
          value,
          loadsIn(value).map(({ tensor }) => values.get(tensor)!),
        ),
      )
    return values.get(output)!
  }
}
