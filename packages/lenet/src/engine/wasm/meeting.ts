// Where samples meet: the quarters of a tile are added one after the other, absent samples as +0, then the lanes as
// (0+2)+(1+3), and the result goes onto the share.
import {
  type Body,
  type Code,
  f32x4,
  get,
  i32,
  i32x4,
  LANES,
  load,
  op,
  repeat,
  set,
  shuffleLanes,
  store,
  storeLane,
  tee,
} from './assemble.ts'

/** Parameters of a kernel where samples meet: first block, share, samples present, and 0 in a share's first tile, −1 later. */
export const meeting = { share: 1, present: 2, first: 3 } as const

/** `summing` leaves each point's sum over one quarter in `sums`; `next` moves on to the next quarter. */
export function printQuarters(
  body: Body,
  sums: readonly number[],
  totals: readonly number[],
  summing: Code,
  next: Code,
): Code {
  const [left, mask] = [body.local('i32'), body.local('v128')]
  return [
    totals.map((total) => [f32x4(0), set(total)]),
    get(meeting.present),
    set(left),
    repeat(
      op('i32x4.lt_s', i32x4(0, 1, 2, 3), op('i32x4.splat', get(left))),
      set(mask),
      summing,
      totals.map((total, n) => [op('f32x4.add', get(total), op('v128.and', get(sums[n]!), get(mask))), set(total)]),
      next,
      op('i32.lt_s', i32(0), [op('i32.sub', get(left), i32(LANES)), tee(left)]),
    ),
  ]
}

/** Whole quarters whose sums have one term: `term` prints that of a point in a block; they need no loop and no mask. */
export function printWholeQuarters(
  totals: readonly number[],
  quarters: number,
  term: (point: number, quarter: number) => Code,
): Code {
  return Array.from({ length: quarters }, (_, quarter) =>
    totals.map((total, point) => {
      const value = term(point, quarter)
      return [quarter === 0 ? value : op('f32x4.add', get(total), value), set(total)]
    }),
  )
}

/** Where joined totals go: a pointer, and the local that `before` needs. */
export interface Goal {
  readonly pointer: number
  readonly mask: number
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

/** What `before` needs, set at the beginning of a kernel. */
export const setMask = (mask: number): Code => [op('i32x4.splat', get(meeting.first)), set(mask)]

/** What the share holds, or +0 before it holds anything. */
export const before = (loaded: Code, mask: number): Code => op('v128.and', loaded, get(mask))

function joinOne(body: Body, total: number, { pointer, mask }: Goal, offset: number): Code {
  const half = body.local('v128')
  const halves: Code = [op('f32x4.add', get(total), [get(total), get(total), shuffleLanes(2, 3, 0, 1)]), set(half)]
  const whole = op('f32x4.add', get(half), [get(half), get(half), shuffleLanes(1, 0, 3, 2)])
  return [
    halves,
    get(pointer),
    op('f32x4.add', before([get(pointer), load.zero(offset)], mask), whole),
    storeLane(0, offset),
  ]
}

function joinFour(body: Body, [a, b, c, d]: readonly number[], { pointer, mask }: Goal, offset: number): Code {
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
    [op('f32x4.add', before([get(pointer), load.v128(offset)], mask), whole), store.v128(offset)],
  ]
}
