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

/** A picture without its background. */
export interface OnPaper {
  /** Pixel minus background for every pixel. */
  readonly difference: Float32Array
  /** The robust standard deviation of what is background. */
  readonly noise: number
  /** Whether the paper may end at the ink: then what lies along the border belongs to the digit. */
  readonly isFilled: boolean
}

/** What may be the background, the likeliest first. */
export function* subtractBackgrounds(image: GreyImage): Generator<OnPaper> {
  const samples = takeSamples(image)
  const { surface, noise } = smoothSurface(samples)
  const level = evenLevel(samples)
  if (level === undefined || agree(surface, level, samples))
    yield { difference: subtract(image, surface), noise, isFilled: false }
  if (level !== undefined) yield { difference: subtract(image, () => level), noise: 0, isFilled: true }
}

function smoothSurface(samples: readonly Sample[]): { surface: Surface; noise: number } {
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
  return { surface, noise }
}

/** Levels that far from each other are the same surface. */
const SAME = 6
/** Of all pixels, how many a surface of one level has at least. */
const LEAST_FLAT = 0.2

/**
 * Of a picture that has no empty rim, because the digit fills it: where paper and ink are a level each, as in what was drawn
 * or cut out by a program, the paper is the one that has the corners. Undefined where no level has them.
 */
function evenLevel(samples: readonly Sample[]): number | undefined {
  const first = frequentLevel(samples)
  const second = frequentLevel(samples.filter(({ value }) => Math.abs(value - first) > 8 * SAME))
  const corners = samples.filter(({ x, y }) => Math.abs(x) > 0.8 && Math.abs(y) > 0.8)
  const most = shareAt(corners, first) >= shareAt(corners, second) ? first : second
  if (shareAt(corners, most) <= 0.5 || shareAt(samples, most) < LEAST_FLAT) return undefined
  const flat = samples.filter(({ value }) => Math.abs(value - most) <= SAME)
  const level = median(flat.map(({ value }) => value))
  // A photograph or a scan is never that even: what it shows beside its paper may be anything.
  return spread(flat, () => level) > 1 ? undefined : level
}

/** Whether most of what has the level is background by the surface, too. */
function agree(surface: Surface, level: number, samples: readonly Sample[]): boolean {
  const flat = samples.filter(({ value }) => Math.abs(value - level) <= SAME)
  return flat.filter(({ x, y, value }) => Math.abs(value - surface(x, y)) <= 2 * SAME).length > flat.length / 2
}

/** The middle of the 2·SAME + 1 levels that most samples have. */
function frequentLevel(samples: readonly Sample[]): number {
  const counts = new Uint32Array(256 + 2 * SAME)
  for (const { value } of samples) for (let near = 0; near <= 2 * SAME; near++) counts[Math.round(value) + near]!++
  return counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0)) - SAME
}

const shareAt = (samples: readonly Sample[], level: number): number =>
  samples.filter(({ value }) => Math.abs(value - level) <= SAME).length / samples.length

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
