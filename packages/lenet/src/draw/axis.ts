// Ticks that people would choose: multiples of 1, 2 or 5 times a power of ten.

export interface Ticks {
  readonly values: readonly number[]
  readonly step: number
}

/** A number such as 1, 2, 5, 10, … that is at least `value` (a tiny error of rounding aside). */
export function niceStep(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1
  const exponent = Math.floor(Math.log10(value))
  const power = 10 ** Math.abs(exponent)
  const lead = exponent < 0 ? value * power : value / power
  const nice = lead <= 1 + 1e-9 ? 1 : lead <= 2 + 1e-9 ? 2 : lead <= 5 + 1e-9 ? 5 : 10
  return exponent < 0 ? nice / power : nice * power
}

/** Ticks that enclose [low, high], at most about `most` of them. The first and last are the ends of the axis. */
export function ticks(low: number, high: number, most: number): Ticks {
  const step = niceStep((high - low) / Math.max(1, most - 1) || Math.abs(high) / 2 || 1)
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9))
  // Dividing by a whole number keeps 0.3 from becoming 0.30000000000000004.
  const inverse = Math.round(1 / step)
  const values = Array.from({ length: last - first + 1 }, (_, i) =>
    step < 1 ? (first + i) / inverse : (first + i) * step,
  )
  return { values, step }
}

/** Decimals that tell neighbouring ticks apart. */
export const decimals = (step: number): number => Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
