// What every norm of one sample computes: the mean, then the distances from it, then both brought to mean 0 and variance 1.
// Two passes, because the mean of squares less the square of the mean loses its digits where the mean is large.

interface Norm {
  /** Indices of all elements, of what is normalised together, and of the factors. */
  readonly all: string
  readonly group: string
  readonly own: string
  /** Elements that are normalised together. */
  readonly size: number
  readonly affine: boolean
  /** Extents of axes that stand alone nowhere, as the equations write them. */
  readonly range?: string
}

/** From `x` to `y`, with the option `eps` and, where it is affine, the parameters `weight` and `bias`. */
export function normEquations({ all, group, own, size, affine, range = '' }: Norm): string[] {
  const scaled = `d[${all}] * r[${group}]`
  return [
    `t[${group}] += x[${all}]${range}`,
    `m[${group}] = t[${group}] / ${size}`,
    `d[${all}] = x[${all}] - m[${group}]${range}`,
    `q[${group}] += d[${all}] * d[${all}]${range}`,
    `r[${group}] = 1 / sqrt(q[${group}] / ${size} + eps)`,
    `y[${all}] = ${scaled}${affine ? ` * weight[${own}] + bias[${own}]` : ''}${range}`,
  ]
}
