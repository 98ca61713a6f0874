// What is to be looked at becomes the model's input, with everything on the way.
import { type DigitSteps, digitSteps, fitDataset, type ModelFile, type Picture, prepareImage } from 'lenet'

/** A drawing or photograph (RGBA), or the bytes of an image that was prepared before. */
export type Sight =
  | {
      readonly kind: 'picture'
      readonly width: number
      readonly height: number
      readonly pixels: Uint8Array<ArrayBuffer>
    }
  | {
      readonly kind: 'image'
      readonly shape: readonly [number, number, number]
      readonly pixels: Uint8Array
    }

/** A grey picture in bytes. */
export interface Grey {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/** The way from a stroke to 28x28, for a model of digits. */
export interface Preparing {
  readonly crop: Grey
  readonly fitted: Grey
  /** Where the fitted box stands in 28x28. */
  readonly left: number
  readonly top: number
  readonly placed: Grey
}

export interface Prepared {
  /** [channels, rows, columns] bytes, as the model takes them. */
  readonly pixels: Uint8Array
  readonly preparing?: Preparing
}

/** Gives nothing where there is nothing to see. */
export function prepare(
  sight: Sight,
  { net, preparation }: Pick<ModelFile, 'net' | 'preparation'>,
): Prepared | undefined {
  const input = net.input as readonly [number, number, number]
  if (sight.kind === 'image') return { pixels: fitOne(sight.pixels, sight.shape, input) }
  const { width, height, pixels } = sight
  const picture: Picture = { width, height, channels: 4, pixels }
  if (!pixels.some((value, at) => at % 4 === 3 && value > 0)) return undefined
  if (preparation !== 'digit') return { pixels: prepareImage(picture, input, preparation) as Uint8Array }
  const steps = tryDigit(picture)
  if (steps === undefined) return undefined
  return { pixels: fitOne(steps.pixels, [1, 28, 28], input), preparing: preparingOf(steps) }
}

function fitOne(
  pixels: Uint8Array,
  shape: readonly [number, number, number],
  input: readonly [number, number, number],
): Uint8Array {
  const data = { name: 'image', shape, pixels, labels: new Uint8Array(1), classes: ['?'] }
  return fitDataset(data, input).pixels as Uint8Array
}

function tryDigit(picture: Picture): DigitSteps | undefined {
  try {
    return digitSteps(picture)
  } catch (error) {
    // A picture without ink: nothing to see, and nothing wrong.
    if ((error as Error).name === 'UsageError') return undefined
    throw error
  }
}

const bytes = (values: ArrayLike<number>): Uint8Array => Uint8Array.from(values, (value) => Math.round(255 * value))

function preparingOf({ ink, box, fitted, left, top, pixels }: DigitSteps): Preparing {
  const rows = Array.from({ length: box.height }, (_, row) => {
    const start = (box.top + row) * ink.width + box.left
    return [...ink.pixels.subarray(start, start + box.width)]
  })
  const values = rows.flat()
  const brightest = values.reduce((most, value) => Math.max(most, value), 1e-6)
  return {
    crop: { width: box.width, height: box.height, pixels: bytes(values.map((value) => value / brightest)) },
    fitted: { width: fitted.width, height: fitted.height, pixels: bytes(fitted.pixels) },
    left,
    top,
    placed: { width: 28, height: 28, pixels: Uint8Array.from(pixels) },
  }
}
