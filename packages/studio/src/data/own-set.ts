// Classes of one's own as a data set: drawings and pictures by name, some of which are held back to measure on.
import type { Dataset, Preparation } from 'lenet'

export interface OwnImage {
  readonly pixels: Uint8Array
  /** Never trained on. Decided when the image comes, so that no image changes sides between two runs. */
  readonly isHeldBack: boolean
}

export interface OwnClass {
  readonly name: string
  readonly images: readonly OwnImage[]
}

export interface OwnSet {
  readonly train: Dataset
  readonly test?: Dataset
}

export const OWN = 'own'

/** One image of so many of each class is held back. */
export const HOLD_BACK = 5

/** Drawings are prepared as digits are, pictures from files in colour. */
export const shapeOf = (preparation: Preparation): readonly [number, number, number] =>
  preparation === 'digit' ? [1, 28, 28] : [3, 32, 32]

/** A class with one more image: the fifth, the tenth, … are held back. */
export const withImage = (one: OwnClass, pixels: Uint8Array): OwnClass => ({
  ...one,
  images: [...one.images, { pixels, isHeldBack: one.images.length % HOLD_BACK === HOLD_BACK - 1 }],
})

/**
 * Undefined for fewer than two classes with images to train on; without `test` where no image is held back.
 * @param holdsBack whether images that are marked are measured on instead of trained on.
 */
export function ownSet(classes: readonly OwnClass[], kind: Preparation, holdsBack: boolean): OwnSet | undefined {
  const filled = classes.filter(({ images }) => images.some(({ isHeldBack }) => !(isHeldBack && holdsBack)))
  if (filled.length < 2) return undefined
  const half = (isTest: boolean): Dataset => {
    const taken = filled.flatMap(({ images }, label) =>
      images.flatMap(({ pixels, isHeldBack }) => ((isHeldBack && holdsBack) === isTest ? [{ pixels, label }] : [])),
    )
    const shape = shapeOf(kind)
    const size = shape[0] * shape[1] * shape[2]
    const pixels = new Uint8Array(taken.length * size)
    for (const [at, image] of taken.entries()) pixels.set(image.pixels, at * size)
    const labels = Uint8Array.from(taken, ({ label }) => label)
    return {
      name: isTest ? `${OWN} held back` : OWN,
      shape,
      pixels,
      labels,
      classes: filled.map(({ name }) => name),
      preparation: kind,
    }
  }
  const test = half(true)
  return { train: half(false), ...(test.labels.length > 0 && { test }) }
}
