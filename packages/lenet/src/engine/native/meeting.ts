// How C adds the lanes of sums as (0+2)+(1+3), after the quarters where a vector is a whole tile, and brings the result onto
// the share. Many sums are joined at once by exchanging their lanes first.
import type { Statement } from '../compile/code/code.ts'
import type { Lanes } from '../compile/storage.ts'
import { counting } from './prelude.ts'
import { block, type Lines, plus } from './text.ts'

export function printJoin(join: Statement & { kind: 'join' }, { samples, across }: Lanes): Lines {
  const { totals, pointer, offsets, count, stride } = join
  // Totals are joined in groups; the last group may have room to spare.
  const group = across > 1 ? 1 : samples === 16 && totals.length > 4 ? 16 : 4
  const room = Math.ceil(totals.length / group) * group
  const elements = offsets.flatMap((offset) => Array.from({ length: count }, (_, at) => offset + at * stride))
  const part = (from: number): string =>
    Array.from({ length: group }, (_, at) => totals[from + at] ?? 'splat(0.0f)').join(', ')
  return block(
    '',
    `float joined[${room * across}${across > 1 ? ' + LANES' : ''}];`,
    Array.from(
      { length: room / group },
      (_, n) => `join${group}((const V[]){${part(n * group)}}, joined + ${n * group * across});`,
    ),
    runs(elements, across, count).map(
      ({ from, count, offset }) => `add_onto(${pointer}${plus(offset)}, joined + ${from}, ${count}, isFirst);`,
    ),
  )
}

/** Neighbours in memory. Every vector takes the room of `across` elements, of which `active` are there. */
function runs(offsets: readonly number[], across: number, active: number) {
  const list: { from: number; count: number; offset: number }[] = []
  offsets.forEach((offset, n) => {
    const at = Math.floor(n / active) * across + (n % active)
    const last = list.at(-1)
    if (last && offset === last.offset + 4 * last.count && at === last.from + last.count) last.count++
    else list.push({ from: at, count: 1, offset })
  })
  return list
}

/** What the above calls, for a number of lanes. */
export const meetingFunctions = ({ samples, across }: Lanes): Lines => [
  'INLINE void onto(char *to, V sum, int isFirst) { N(to) = (isFirst ? splat(0.0f) : N(to)) + sum; }',
  block(
    'INLINE void add_onto(char *to, const float *sums, long count, int isFirst)',
    'float *const total = (float *)to;',
    'for (long n = 0; n < count; n++) total[n] = (isFirst ? 0.0f : total[n]) + sums[n];',
  ),
  across > 1 ? grouped({ samples, across }) : samples === 16 ? wide : narrow(samples),
]

/** Totals of four lanes, in the first lanes of a vector; of eight, the upper four are another quarter. */
const narrow = (lanes: number): Lines => [
  lanes === 8 ? `INLINE V upper(V a) { return SHUFFLE(a, a, ${counting(4, 4)}, ${counting(4)}); }` : [],
  block(
    'INLINE void join4(const V *total, float *joined)',
    'for (int n = 0; n < 4; n++) joined[n] = (total[n][0] + total[n][2]) + (total[n][1] + total[n][3]);',
  ),
]

/** A total holds several elements, each of one sample or of four. */
const grouped = ({ samples, across }: Lanes): Lines => {
  const order = (lane: (at: number) => number): string =>
    Array.from({ length: samples * across }, (_, at) => lane(at)).join(', ')
  return [
    block(
      'INLINE void join1(const V *total, float *joined)',
      samples === 1
        ? 'N(joined) = *total;'
        : [
            `const V halves = *total + SHUFFLE(*total, *total, ${order((at) => at ^ 2)});`,
            `const V all = halves + SHUFFLE(halves, halves, ${order((at) => at ^ 1)});`,
            `N(joined) = SHUFFLE(all, all, ${order((at) => (at % across) * samples)});`,
          ],
    ),
  ]
}

/** A total is the whole tile: its quarters are added where four totals meet. */
const wide: Lines = [
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
