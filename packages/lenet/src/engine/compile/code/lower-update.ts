// The end of a step: gradients are added share by share, then the optimizer's equations run on them, a vector of
// parameters at a time, in one walk.
import type { Value as EquationValue } from '../../../equation/bound.ts'
import type { Variable } from '../../../equation/variable.ts'
import type { Update } from '../../program.ts'
import { type CodeFunction, parametersOf, type Spread, type Statement, type Target, type Value } from './code.ts'
import { lowerCall, named, numeral, sum } from './expressions.ts'

export interface UpdatePlaces {
  /** Of the rows of parameters and gradients, each state and each setting. */
  readonly addresses: ReadonlyMap<Variable, number>
  readonly shareBytes: number
  /** Whether the only share is the row of gradients itself. */
  readonly isOneShare: boolean
}

/** (memory, shares, number of shares, first byte, last byte): updates a part of the parameters, which is not empty. */
export function lowerUpdate({ equations, gradients }: Update, places: UpdatePlaces, { lanes }: Target): CodeFunction {
  const { addresses, shareBytes, isOneShare } = places
  const floats = lanes.samples * lanes.across
  const row: Spread = {
    reach: 'neighbours',
    isShared: lanes.samples === 1,
    count: lanes.across,
    stride: 4 * lanes.samples,
  }
  const load = (pointer: string, offset: number, spread: Spread = row): Value => ({
    kind: 'load',
    from: { pointer, offset },
    spread,
  })
  const names = new Map<Variable, string>([[gradients, 'g']])
  const vectorOf = (value: EquationValue): Value => {
    if (value.kind === 'number') return numeral(value.value)
    if (value.kind === 'call') return lowerCall(value, vectorOf)
    if (value.kind === 'index') throw new Error('an optimizer reads no index as a number')
    const { tensor, indices } = value.access
    const name = names.get(tensor)
    if (name !== undefined) return named(name)
    const address = addresses.get(tensor)!
    return indices.length === 0
      ? load('settings', address, { ...row, reach: 'broadcast', isShared: true })
      : load('row', address)
  }
  const keep = (tensor: Variable, name: string): Statement[] => {
    const offset = addresses.get(tensor)
    return offset === undefined
      ? []
      : [{ kind: 'store', to: { pointer: 'row', offset }, spread: row, value: named(name) }]
  }
  const steps = equations.flatMap(({ target: { tensor }, value }, at): Statement[] => {
    const name = `n${at}`
    const next: Statement = { kind: 'let', name, value: vectorOf(value) }
    names.set(tensor, name)
    return [next, ...keep(tensor, name)]
  })
  const point = (name: string, origin: string, moving: readonly (readonly [string, number])[]): Statement => ({
    kind: 'point',
    name,
    origin,
    offset: 0,
    moving,
  })
  const turn: Statement[] = [
    point('row', 'memory', [['at', 1]]),
    point('share', 'shares', [['at', 1]]),
    { kind: 'var', name: 'g', value: load('share', 0) },
    {
      kind: 'count',
      counter: 'n',
      first: 1,
      end: 'count',
      body: [
        { kind: 'move', name: 'share', bytes: shareBytes },
        { kind: 'set', name: 'g', value: sum(named('g'), load('share', 0)) },
      ],
    },
    ...(isOneShare ? [] : keep(gradients, 'g')),
    ...steps,
  ]
  const body: Statement[] = [
    point('settings', 'memory', []),
    { kind: 'walk', from: 'at', end: 'end', step: 4 * floats, body: turn },
  ]
  return { name: 'update', about: '', role: 'update', parameters: parametersOf.update, body }
}
