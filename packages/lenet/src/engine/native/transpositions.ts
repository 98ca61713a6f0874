// Samples × samples in log₂ exchanges: what is one after the other becomes side by side.
import { block, type Lines } from './text.ts'

/** Of floats and of bytes, for so many samples. */
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
