// Pictures of four shapes, as a folder with a sub-folder of each: a dark shape on bright paper as a hand lays it, each with
// its own colours, size, place, turn and noise, so that only the shape tells the class. One seed, the same pictures.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from 'lenet'
import sharp from 'sharp'

/** Whether a point is inside, in units in which every shape fits into a circle of radius 1. */
const shapes: Readonly<Record<string, (x: number, y: number) => boolean>> = {
  circle: (x, y) => x * x + y * y < 0.64,
  cross: (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.9 && Math.min(Math.abs(x), Math.abs(y)) < 0.28,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.7,
  triangle: (x, y) => [90, 210, 330].every((turn) => x * cosine(turn) + y * sine(turn) < 0.5),
}

const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180)
const sine = (degrees: number): number => Math.sin((degrees * Math.PI) / 180)

export interface Shapes {
  readonly seed: number
  /** Pictures of each class. */
  readonly count: number
  /** Pixels of a side. */
  readonly size: number
}

export const shapeNames: readonly string[] = Object.keys(shapes)

export async function drawShapes(folder: string, { seed, count, size }: Shapes): Promise<void> {
  for (const [label, [name, isInside]] of Object.entries(shapes).entries()) {
    mkdirSync(join(folder, name), { recursive: true })
    for (let n = 0; n < count; n++) {
      const pixels = drawOne(isInside, size, createRandom(seed, 'noise', label, n))
      await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
        .png()
        .toFile(join(folder, name, `${n}.png`))
    }
  }
}

/** Degrees to either side. */
const MOST_TURN = 20

/** Four samples a pixel. */
function drawOne(isInside: (x: number, y: number) => boolean, size: number, random: () => number): Uint8Array {
  const between = (low: number, high: number) => low + (high - low) * random()
  const paper = [between(150, 255), between(150, 255), between(150, 255)]
  const ink = [between(0, 110), between(0, 110), between(0, 110)]
  const radius = between(0.22, 0.42) * size
  const [x, y, turn] = [between(radius, size - radius), between(radius, size - radius), between(-MOST_TURN, MOST_TURN)]
  const noise = between(0, 40)
  const pixels = new Uint8Array(size * size * 3)
  for (let at = 0; at < size * size; at++) {
    let covered = 0
    for (const [down, right] of [0.25, 0.75].flatMap((v) => [0.25, 0.75].map((u) => [v, u] as const))) {
      const [across, along] = [((at % size) + right - x) / radius, (Math.floor(at / size) + down - y) / radius]
      if (isInside(across * cosine(turn) + along * sine(turn), along * cosine(turn) - across * sine(turn)))
        covered += 0.25
    }
    for (let c = 0; c < 3; c++) {
      const value = covered * ink[c]! + (1 - covered) * paper[c]! + between(-noise, noise)
      pixels[3 * at + c] = Math.min(255, Math.max(0, Math.round(value)))
    }
  }
  return pixels
}
