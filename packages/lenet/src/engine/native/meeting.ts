// Where samples meet: the quarters of a tile are added one after the other, absent samples as +0, then the lanes as
// (0+2)+(1+3), and the result goes onto the share. Many sums are joined at once by exchanging their lanes first.
import { counting } from './prelude.ts'
import { block, type Lines, plus } from './text.ts'

export interface Meeting {
  readonly lanes: number
  readonly blockBytes: number
  /** Names of the sums that `summing` declares, for one block. */
  readonly results: readonly string[]
  readonly summing: Lines
  /** Where the results go, and each one's offset. */
  readonly pointer: string
  readonly offsets: readonly number[]
}

/** Joins this many sums at once. */
const groupOf = (lanes: number): number => (lanes === 16 ? 16 : 4)

export function joinTotals({ lanes, blockBytes, results, summing, pointer, offsets }: Meeting): Lines {
  const padded = Math.ceil(results.length / 4) * 4
  const group = groupOf(lanes)
  const joins = Array.from({ length: Math.ceil(results.length / group) }, (_, n) =>
    results.length - n * group > 4 && group === 16
      ? `join16(total + ${n * 16}, joined + ${n * 16});`
      : `join4(total + ${n * group}, joined + ${n * group});`,
  )
  const room = Math.max(padded, joins.some((line) => line.startsWith('join16')) ? Math.ceil(padded / 16) * 16 : padded)
  return [
    `V total[${room}] = {};`,
    block(
      'for (long quarters = 0; quarters * LANES < present; quarters++)',
      `const I there = below(present - quarters * LANES);`,
      `char *const block = tile + quarters * ${blockBytes};`,
      summing,
      results.map((result, n) => `total[${n}] = add_quarters(total[${n}], keep(there, ${result}));`),
    ),
    `float joined[${room}];`,
    joins,
    runs(offsets).map(
      ({ from, count, offset }) => `add_onto(${pointer}${plus(offset)}, joined + ${from}, ${count}, isFirst);`,
    ),
  ]
}

/** Neighbours in memory. */
function runs(offsets: readonly number[]): { from: number; count: number; offset: number }[] {
  const list: { from: number; count: number; offset: number }[] = []
  offsets.forEach((offset, at) => {
    const last = list.at(-1)
    if (last && offset === last.offset + 4 * last.count) last.count++
    else list.push({ from: at, count: 1, offset })
  })
  return list
}

/** What the above calls, for a number of lanes. */
export const meetingFunctions = (lanes: number): Lines => [
  block(
    'INLINE void add_onto(char *to, const float *sums, long count, int isFirst)',
    'float *const total = (float *)to;',
    'for (long n = 0; n < count; n++) total[n] = (isFirst ? 0.0f : total[n]) + sums[n];',
  ),
  lanes === 16 ? wide : narrow(lanes),
]

/** Totals of four lanes, in the first lanes of a vector. */
const narrow = (lanes: number): Lines => [
  block(
    'INLINE V add_quarters(V total, V sum)',
    'total = total + sum;',
    lanes === 8 ? `total = total + SHUFFLE(sum, sum, ${counting(4, 4)}, ${counting(4)});` : [],
    'return total;',
  ),
  block(
    'INLINE void join4(const V *total, float *joined)',
    'for (int n = 0; n < 4; n++) joined[n] = (total[n][0] + total[n][2]) + (total[n][1] + total[n][3]);',
  ),
]

/** A total is the whole tile: its quarters are added where four totals meet. */
const wide: Lines = [
  'INLINE V add_quarters(V total, V sum) { return sum; }',
  '// Four totals → one vector; quarter n holds the four lanes of total n.',
  block(
    'INLINE V quarters(V a, V b, V c, V d)',
    'const V ab01 = SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);',
    'const V ab23 = SHUFFLE(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);',
    'const V cd01 = SHUFFLE(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);',
    'const V cd23 = SHUFFLE(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);',
    'const V q0 = SHUFFLE(ab01, cd01, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);',
    'const V q1 = SHUFFLE(ab01, cd01, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);',
    'const V q2 = SHUFFLE(ab23, cd23, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);',
    'const V q3 = SHUFFLE(ab23, cd23, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);',
    'return ((q0 + q1) + q2) + q3;',
  ),
  block(
    'INLINE void join4(const V *total, float *joined)',
    'const V sums = quarters(total[0], total[1], total[2], total[3]);',
    'const V halves = sums + SHUFFLE(sums, sums, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);',
    'const V all = halves + SHUFFLE(halves, halves, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);',
    'for (int n = 0; n < 4; n++) joined[n] = all[4 * n];',
  ),
  block(
    'INLINE V halves(V a, V b)',
    'return SHUFFLE(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +',
    '  SHUFFLE(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);',
  ),
  block(
    'INLINE void join16(const V *total, float *joined)',
    'V sums[4];',
    'for (int n = 0; n < 4; n++) sums[n] = quarters(total[n], total[n + 4], total[n + 8], total[n + 12]);',
    'const V low = halves(sums[0], sums[1]), high = halves(sums[2], sums[3]);',
    'const V all = SHUFFLE(low, high, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30) +',
    '  SHUFFLE(low, high, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31);',
    '*(U *)joined = all;',
  ),
]
