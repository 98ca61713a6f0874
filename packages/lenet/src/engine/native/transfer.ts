// Samples lie one after the other outside, side by side inside: these functions turn one into the other.
import { sizeOf } from '../program.ts'
import type { Place } from '../storage.ts'
import { block, type Lines, plus } from './text.ts'

interface Run {
  readonly count: number
  readonly stride: number
}

/** name(block, samples): reads as many samples of a shape as there are lanes. */
export function printPack(
  name: string,
  element: 'uint8' | 'float32',
  shape: readonly number[],
  place: Place,
  lanes: number,
): Lines {
  const size = sizeOf(shape)
  const [vector, transpose, width] = element === 'uint8' ? ['C', 'transpose_bytes', 1] : ['U', 'transpose', 4]
  const store = element === 'uint8' ? '__builtin_convertvector(rows[e], V)' : 'rows[e]'
  const inner = element === 'uint8' ? 'B' : 'V'
  const row = (count: number): Lines =>
    block(
      `for (long at = 0; at < ${count}; at += LANES)`,
      `${inner} rows[LANES];`,
      `for (int l = 0; l < LANES; l++) rows[l] = *(const ${vector} *)(from + (l * ${size} + at) * ${width});`,
      `${transpose}(rows);`,
      count % lanes === 0
        ? `const int some = LANES;`
        : `const int some = ${count} - at < LANES ? ${count} - at : LANES;`,
      `for (int e = 0; e < some; e++) W(to + (at + e) * sizeof(V)) = ${store};`,
    )
  const lines = overRows(runsOf(shape, place, lanes), row, width as number)
  return block(`static void ${name}(char *block, const char *from)`, `char *to = block${plus(place.offset)};`, lines)
}

/** name(block, samples): writes lanes out as samples of float32. */
export function printUnpack(name: string, shape: readonly number[], place: Place, lanes: number): Lines {
  const row = (count: number): Lines =>
    block(
      `for (long at = 0; at < ${count}; at++)`,
      `for (int l = 0; l < LANES; l++) ((float *)from)[l * ${sizeOf(shape)} + at] = F(to + (at * LANES + l) * 4);`,
    )
  return block(
    `static void ${name}(char *block, char *from)`,
    `char *to = block${plus(place.offset)};`,
    overRows(runsOf(shape, place, lanes), row, 4),
  )
}

/** The axes of a place, joined where they follow each other without a border. */
function runsOf(shape: readonly number[], { strides }: Place, lanes: number): Run[] {
  return shape.reduceRight<Run[]>(
    (runs, count, at) => {
      const inner = runs[0]
      const stride = strides[at]!
      return inner && stride === inner.count * inner.stride
        ? [{ count: count * inner.count, stride: inner.stride }, ...runs.slice(1)]
        : [{ count, stride }, ...runs]
    },
    [{ count: 1, stride: 4 * lanes }],
  )
}

/** Loops over all axes but the last, which `row` walks from `to` and `from`. */
function overRows([run, ...rest]: readonly Run[], row: (count: number) => Lines, width: number, depth = 0): Lines {
  if (rest.length === 0) return row(run!.count)
  const outside = rest.reduce((product, { count }) => product * count, width)
  const counter = `n${depth}`
  return block(
    `for (long ${counter} = 0; ${counter} < ${run!.count}; ${counter}++, to += ${run!.stride}, from += ${outside})`,
    // Inner loops move their own pointers.
    rest.length > 1
      ? [
          'char *const to_ = to; const char *const from_ = from;',
          overRows(rest, row, width, depth + 1),
          'to = to_; from = (void *)from_;',
        ]
      : row(rest[0]!.count),
  )
}

/** The transpositions that packing calls: lanes × lanes in log₂ lanes exchanges. */
export function transpositions(lanes: number): Lines {
  const exchange = (shuffle: string, type: string): Lines => {
    const stages: Lines[] = []
    for (let half = lanes / 2; half >= 1; half /= 2) {
      const pick = (side: number): string =>
        Array.from({ length: lanes }, (_, at) => {
          // In this exchange, the lanes whose index has the bit `half` change places between two rows `half` apart.
          const bit = (at & half) !== 0
          return side === 0 ? (bit ? at - half + lanes : at) : bit ? at + lanes : at + half
        }).join(', ')
      stages.push(
        block(
          `for (int r = 0; r < LANES; r++) if (!(r & ${half}))`,
          `const ${type} a = rows[r], b = rows[r + ${half}];`,
          `rows[r] = ${shuffle}(a, b, ${pick(0)});`,
          `rows[r + ${half}] = ${shuffle}(a, b, ${pick(1)});`,
        ),
      )
    }
    return stages
  }
  return [
    block('INLINE void transpose(V *rows)', exchange('SHUFFLE', 'V')),
    block('INLINE void transpose_bytes(B *rows)', exchange('SHUFFLE_BYTES', 'B')),
  ]
}
