// Samples lie one after the other outside, side by side inside: these functions turn one into the other. Where a block is
// one sample, they copy.

import { type Run, runsOf } from '../compile/runs.ts'
import type { Place } from '../compile/storage.ts'
import { sizeOf } from '../program.ts'
import { block, type Lines, plus } from './text.ts'

/** name(block, samples): reads as many samples of a shape as there are lanes. */
export function printPack(
  name: string,
  element: 'uint8' | 'float32',
  shape: readonly number[],
  place: Place,
  samples: number,
): Lines {
  const size = sizeOf(shape)
  const [vector, transpose, width] = element === 'uint8' ? ['B', 'transpose_bytes', 1] : ['P', 'transpose', 4]
  const copy = (count: number): Lines =>
    element === 'uint8'
      ? `for (long at = 0; at < ${count}; at++) ((float *)to)[at] = ((const uint8_t *)from)[at];`
      : `memcpy(to, from, ${count * 4});`
  const row = (count: number): Lines =>
    block(
      `for (long at = 0; at < ${count}; at += SAMPLES)`,
      `${vector} rows[SAMPLES];`,
      `for (int l = 0; l < SAMPLES; l++) rows[l] = *(const ${vector} *)(from + (l * ${size} + at) * ${width});`,
      `${transpose}(rows);`,
      count % samples === 0
        ? 'const int some = SAMPLES;'
        : `const int some = ${count} - at < SAMPLES ? ${count} - at : SAMPLES;`,
      `for (int e = 0; e < some; e++) *(P *)(to + (at + e) * sizeof(P)) = ${element === 'uint8' ? '__builtin_convertvector(rows[e], P)' : 'rows[e]'};`,
    )
  const lines = overRows(runsOf(shape, place, samples), samples === 1 ? copy : row, width as number)
  return block(`static void ${name}(char *block, const char *from)`, `char *to = block${plus(place.offset)};`, lines)
}

/** name(block, samples): writes lanes out as samples of float32. */
export function printUnpack(name: string, shape: readonly number[], place: Place, samples: number): Lines {
  const row = (count: number): Lines =>
    block(
      `for (long at = 0; at < ${count}; at++)`,
      `for (int l = 0; l < SAMPLES; l++) ((float *)from)[l * ${sizeOf(shape)} + at] = F(to + (at * SAMPLES + l) * 4);`,
    )
  return block(
    `static void ${name}(char *block, char *from)`,
    `char *to = block${plus(place.offset)};`,
    overRows(runsOf(shape, place, samples), row, 4),
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

/** The transpositions that packing calls: samples × samples in log₂ exchanges. */
export function transpositions(lanes: number): Lines {
  if (lanes === 1) return []
  const exchange = (type: string): Lines => {
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
          `for (int r = 0; r < SAMPLES; r++) if (!(r & ${half}))`,
          `const ${type} a = rows[r], b = rows[r + ${half}];`,
          `rows[r] = SHUFFLE_${type}(a, b, ${pick(0)});`,
          `rows[r + ${half}] = SHUFFLE_${type}(a, b, ${pick(1)});`,
        ),
      )
    }
    return stages
  }
  return [
    block('INLINE void transpose(P *rows)', exchange('P')),
    block('INLINE void transpose_bytes(B *rows)', exchange('B')),
  ]
}
