// Labelled images in memory: the one form in which the training loop, evaluation and every reader of files meet.
import type { Images, Preparation } from '../pictures/images.ts'

/** Images and their classes. */
export interface Dataset extends Images {
  /** [count], the index of each image's class in `classes`. */
  readonly labels: Uint8Array | Uint16Array
  readonly classes: readonly string[]
  /** How a picture of another size becomes an image like these; 'picture' (stretched) unless said otherwise. */
  readonly preparation?: Preparation
  /** [count], the file of each image, where each has one. */
  readonly files?: readonly string[]
}

/** What a data source gives: the training images, and where there are any, images to choose with and to report with. */
export interface Splits {
  readonly train: Dataset
  /** Measured on after every epoch. */
  readonly validation?: Dataset
  /** Measured on once, at the end. */
  readonly test?: Dataset
}
