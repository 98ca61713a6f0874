// The end of a step: gradients are added share by share, then the optimizer's equations run on them, a vector of
// parameters at a time, in one walk.
import type { BoundAccess, Value } from '../../equation/bound.ts'
import type { Variable } from '../../equation/variable.ts'
import type { Update } from '../program.ts'
import { type Printing, printCall, splat } from './expression.ts'
import { block, type Lines } from './text.ts'

/** `addresses` are of the rows of parameters and gradients, each state and each setting. */
export function printUpdate({ equations, gradients }: Update, addresses: ReadonlyMap<Variable, number>): Lines {
  const known = new Map<Variable, string>([[gradients, 'n0']])
  const read = ({ tensor, indices }: BoundAccess): string => {
    const name = known.get(tensor)
    if (name !== undefined) return name
    const address = addresses.get(tensor)!
    return indices.length === 0 ? `splat(F(memory + ${address}))` : `W(memory + ${address} + at)`
  }
  const printing: Printing<Value> = {
    print: (value) => {
      if (value.kind === 'number') return splat(value.value)
      if (value.kind === 'call') return printCall(value.name, value.parts, printing)
      if (value.kind === 'index') throw new Error('an optimizer reads no index as a number')
      return read(value.access)
    },
    callOf: (value) => (value.kind === 'call' ? value : undefined),
  }
  const steps = equations.map(({ target: { tensor }, value }): Lines => {
    const printed = printing.print(value)
    const isNew = !known.has(tensor)
    const name = known.get(tensor) ?? `n${known.size}`
    known.set(tensor, name)
    const address = addresses.get(tensor)
    return [
      `${isNew ? 'V ' : ''}${name} = ${printed};`,
      address === undefined ? [] : `W(memory + ${address} + at) = ${name};`,
    ]
  })
  return block(
    'static void update(char *memory, const char *shares, long count, long from, long to)',
    block(
      'for (long at = from; at < to; at += sizeof(V))',
      'V n0 = W(shares + at);',
      'for (long n = 1; n < count; n++) n0 = n0 + W(shares + n * SHARE_BYTES + at);',
      `W(memory + ${addresses.get(gradients)!} + at) = n0;`,
      steps,
    ),
  )
}
