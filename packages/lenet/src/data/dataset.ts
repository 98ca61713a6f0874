// Labelled images in memory: the one form in which the training loop, evaluation and every reader of files meet.

/** Images and their classes. A sample is `channels * height * width` consecutive pixels, channel after channel, row after row. */
export interface Dataset {
  readonly name: string
  /** [channels, height, width] of one image. */
  readonly shape: readonly [number, number, number]
  /** [count, channels, height, width]. Bytes count from 0 (black) to 255; floats are taken as they are. */
  readonly pixels: Uint8Array | Float32Array
  /** [count], the index of each image's class in `classes`. */
  readonly labels: Uint8Array | Uint16Array
  readonly classes: readonly string[]
  /** How a picture of another size becomes an image like these; 'picture' (stretched) unless said otherwise. */
  readonly preparation?: Preparation
  /** [count], the file of each image, where each has one. */
  readonly files?: readonly string[]
}

/** `digit`: ink found, cropped, centred by mass, as MNIST was made. `picture`: stretched to the model's size. */
export type Preparation = 'digit' | 'picture'

/** What a data source gives: the training images, and the test images where there are any. */
export interface Splits {
  readonly train: Dataset
  readonly test?: Dataset
}
