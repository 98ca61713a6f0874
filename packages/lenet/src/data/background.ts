// The even surface behind the ink: paper under uneven light is a smooth function of the place, here a polynomial of degree
// two. It is fitted to the picture's border first, where there is little ink, then to all pixels that agree with it.

/** One channel, from 0 to 255. */
export interface GreyImage {
  readonly width: number
  readonly height: number
  readonly pixels: Float32Array
}

const TERMS = 6
/** A smooth surface is known well from a thousand pixels. */
const SAMPLES = 1000

interface Sample {
  readonly x: number
  readonly y: number
  readonly value: number
  readonly onRim: boolean
}

type Surface = (x: number, y: number) => number

/** Pixel minus background for every pixel, and the noise: the robust standard deviation of what is background. */
export function subtractBackground(image: GreyImage): { difference: Float32Array; noise: number } {
  const samples = takeSamples(image)
  const rim = samples.filter(({ onRim }) => onRim)
  const level = median(rim.map(({ value }) => value))
  let surface: Surface = () => level
  let noise = spread(rim, surface)
  // The rim may hold both ends of a strong gradient, so the first fit believes more of it than the next ones.
  for (const [among, tolerance] of [[rim, 5] as const, [rim, 4] as const, [samples, 4] as const]) {
    const limit = Math.max(6, tolerance * noise)
    const background = among.filter(({ x, y, value }) => Math.abs(value - surface(x, y)) < limit)
    const fitted = fitSurface(background)
    if (fitted === undefined) break
    surface = fitted
    noise = spread(background, surface)
  }
  return { difference: subtract(image, surface), noise }
}

/** The column or row as a number between -1 and 1. */
const coordinate = (index: number, extent: number): number => (2 * index + 1) / extent - 1

function takeSamples({ width, height, pixels }: GreyImage): Sample[] {
  const rim = Math.max(1, Math.round(Math.min(width, height) * 0.08))
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / SAMPLES)))
  const samples: Sample[] = []
  for (let i = 0; i < height; i += step) {
    for (let j = 0; j < width; j += step) {
      const onRim = i < rim || j < rim || i >= height - rim || j >= width - rim
      samples.push({ x: coordinate(j, width), y: coordinate(i, height), value: pixels[i * width + j]!, onRim })
    }
  }
  return samples
}

function subtract({ width, height, pixels }: GreyImage, surface: Surface): Float32Array {
  const difference = new Float32Array(pixels.length)
  for (let i = 0; i < height; i++) {
    const y = coordinate(i, height)
    for (let j = 0; j < width; j++) {
      difference[i * width + j] = pixels[i * width + j]! - surface(coordinate(j, width), y)
    }
  }
  return difference
}

/** Least squares; undefined when the samples are too few to bend a surface. */
function fitSurface(samples: readonly Sample[]): Surface | undefined {
  if (samples.length < 10 * TERMS) return undefined
  const system = Array.from({ length: TERMS }, () => new Float64Array(TERMS + 1))
  for (const { x, y, value } of samples) {
    const terms = [1, x, y, x * x, x * y, y * y, value]
    for (let row = 0; row < TERMS; row++) {
      const sums = system[row]!
      const term = terms[row]!
      for (let column = row; column <= TERMS; column++) sums[column]! += term * terms[column]!
    }
  }
  for (let row = 1; row < TERMS; row++)
    for (let column = 0; column < row; column++) system[row]![column] = system[column]![row]!
  const solution = solve(system)
  if (solution === undefined) return undefined
  const [c, cx, cy, cxx, cxy, cyy] = solution as [number, number, number, number, number, number]
  return (x, y) => c + cx * x + cy * y + cxx * x * x + cxy * x * y + cyy * y * y
}

/** Gaussian elimination of [A | b], A symmetric and positive; undefined when A is singular. */
function solve(system: Float64Array[]): number[] | undefined {
  const n = system.length
  for (let k = 0; k < n; k++) {
    const pivot = system[k]!
    if (!(pivot[k]! > 1e-9)) return undefined
    for (let row = k + 1; row < n; row++) {
      const factor = system[row]![k]! / pivot[k]!
      for (let column = k; column <= n; column++) system[row]![column]! -= factor * pivot[column]!
    }
  }
  const result = new Array<number>(n).fill(0)
  for (let k = n - 1; k >= 0; k--) {
    let rest = system[k]![n]!
    for (let column = k + 1; column < n; column++) rest -= system[k]![column]! * result[column]!
    result[k] = rest / system[k]![k]!
  }
  return result
}

const median = (values: readonly number[]): number => Float32Array.from(values).sort()[values.length >> 1] ?? 0

// The median of the deviations is 0.6745 standard deviations of a normal distribution.
const spread = (samples: readonly Sample[], surface: Surface): number =>
  median(samples.map(({ x, y, value }) => Math.abs(value - surface(x, y)))) / 0.6745
