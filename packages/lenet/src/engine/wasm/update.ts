// The end of a step: gradients are added share by share, then the optimizer's equations run on them, four parameters at
// a time, in one walk.
import type { BoundAccess, Value } from '../../equation/bound.ts'
import type { Variable } from '../../equation/variable.ts'
import type { Update } from '../program.ts'
import {
  type Code,
  call,
  f32x4,
  get,
  i32,
  load,
  newBody,
  op,
  repeat,
  set,
  store,
  tee,
  type WasmFunction,
  when,
} from './assemble.ts'
import { type Printing, printCall } from './expression.ts'

export interface UpdatePlaces {
  /** Of the rows of parameters and gradients, each state and each setting. */
  readonly addresses: ReadonlyMap<Variable, number>
  readonly shares: number
  readonly shareBytes: number
}

const FROM = 0
const TO = 1
const SHARES = 2

/** (first byte, last byte, number of shares): updates a part of the parameters, which is not empty. */
export function printUpdate(
  { equations, gradients }: Update,
  { addresses, shares, shareBytes }: UpdatePlaces,
  functionIndex: (name: string) => number,
): WasmFunction {
  const body = newBody(['i32', 'i32', 'i32'])
  const [sum, from, left] = [body.local('v128'), body.local('i32'), body.local('i32')]
  const known = new Map<Variable, number>([[gradients, sum]])
  const goal = addresses.get(gradients)!
  const nextShare: Code = [op('i32.add', get(from), i32(shareBytes)), set(from)]
  const addShares: Code = [
    get(FROM),
    load.v128(shares),
    set(sum),
    get(FROM),
    set(from),
    op('i32.sub', get(SHARES), i32(1)),
    set(left),
    when(
      get(left),
      repeat(nextShare, op('f32x4.add', get(sum), [get(from), load.v128(shares)]), set(sum), [
        op('i32.sub', get(left), i32(1)),
        tee(left),
      ]),
    ),
    goal === shares ? [] : [get(FROM), get(sum), store.v128(goal)],
  ]
  const printing: Printing<Value> = {
    print: (value) => {
      if (value.kind === 'number') return f32x4(value.value)
      if (value.kind === 'call') return printCall(value.name, value.parts, printing)
      if (value.kind === 'index') throw new Error('an optimizer reads no index as a number')
      return read(value.access)
    },
    callOf: (value) => (value.kind === 'call' ? value : undefined),
    apply: (name, parts) => [...parts, call(functionIndex(name))],
    local: () => body.local('v128'),
  }
  const read = ({ tensor, indices }: BoundAccess): Code => {
    if (indices.length === 0) return [i32(0), load.splat(addresses.get(tensor)!)]
    const local = known.get(tensor)
    return local === undefined ? [get(FROM), load.v128(addresses.get(tensor)!)] : get(local)
  }
  const steps = equations.map(({ target, value }) => {
    const printed = printing.print(value)
    const local = body.local('v128')
    known.set(target.tensor, local)
    const address = addresses.get(target.tensor)
    return [printed, set(local), address === undefined ? [] : [get(FROM), get(local), store.v128(address)]]
  })
  const next: Code = [op('i32.add', get(FROM), i32(16)), tee(FROM)]
  return { body, code: repeat(addShares, steps, op('i32.lt_u', next, get(TO))) }
}
