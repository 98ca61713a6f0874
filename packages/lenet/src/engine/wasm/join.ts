// The lanes of sums are added as (0+2)+(1+3), and the result goes onto the share; four neighbours at once.
import { type Body, type Code, get, load, op, set, shuffleLanes, store, storeLane } from './assemble.ts'

/** Where joined totals go: a pointer, and a mask of what the share holds already: nothing in its first tile. */
export interface Goal {
  readonly pointer: number
  readonly held: number
}

/** Joins the lanes of each total and adds it at the goal plus its offset; four neighbours at once. */
export function joinLanes(body: Body, totals: readonly number[], goal: Goal, offsets: readonly number[]): Code {
  const code: Code[] = []
  for (let n = 0; n < totals.length; ) {
    const four = [1, 2, 3].every((next) => offsets[n + next] === offsets[n]! + 4 * next)
    code.push(
      four ? joinFour(body, totals.slice(n, n + 4), goal, offsets[n]!) : joinOne(body, totals[n]!, goal, offsets[n]!),
    )
    n += four ? 4 : 1
  }
  return code
}

/** What the share holds, or +0 before it holds anything. */
export const before = (loaded: Code, held: number): Code => op('v128.and', loaded, get(held))

function joinOne(body: Body, total: number, { pointer, held }: Goal, offset: number): Code {
  const half = body.local('v128')
  const halves: Code = [op('f32x4.add', get(total), [get(total), get(total), shuffleLanes(2, 3, 0, 1)]), set(half)]
  const whole = op('f32x4.add', get(half), [get(half), get(half), shuffleLanes(1, 0, 3, 2)])
  return [
    halves,
    get(pointer),
    op('f32x4.add', before([get(pointer), load.zero(offset)], held), whole),
    storeLane(0, offset),
  ]
}

function joinFour(body: Body, [a, b, c, d]: readonly number[], { pointer, held }: Goal, offset: number): Code {
  const halves = (x: number, y: number) =>
    op('f32x4.add', [get(x), get(y), shuffleLanes(0, 1, 4, 5)], [get(x), get(y), shuffleLanes(2, 3, 6, 7)])
  const [low, high] = [body.local('v128'), body.local('v128')]
  const whole = op(
    'f32x4.add',
    [get(low), get(high), shuffleLanes(0, 2, 4, 6)],
    [get(low), get(high), shuffleLanes(1, 3, 5, 7)],
  )
  return [
    [halves(a!, b!), set(low), halves(c!, d!), set(high), get(pointer)],
    [op('f32x4.add', before([get(pointer), load.v128(offset)], held), whole), store.v128(offset)],
  ]
}
