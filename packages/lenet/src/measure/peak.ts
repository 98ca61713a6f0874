// What the arithmetic of one core can reach: multiplications and additions that do not wait for each other, 4 to 12 at a
// time, from registers and from the first-level cache. The best counts.

/** A probe does `2 · width` operations in each of `times` turns, on vectors of `lanes` floats. */
export interface Probe {
  readonly width: number
  readonly lanes: number
  run(times: number): void
}

export const widths: readonly number[] = Array.from({ length: 9 }, (_, at) => at + 4)
export const sources = ['registers', 'cache'] as const

const TURNS = 7
const TURN = 0.004

/** Operations a second. */
export function peakOf(probes: readonly Probe[]): number {
  const rates = probes.map(({ width, lanes, run }) => {
    let best = 0
    for (let turn = 0, times = 1024; turn < TURNS; turn++) {
      const began = performance.now()
      run(times)
      const seconds = (performance.now() - began) / 1000
      best = Math.max(best, (2 * width * lanes * times) / seconds)
      if (seconds < TURN / 2) {
        times *= 2
        turn--
      }
    }
    return best
  })
  return Math.max(...rates)
}
