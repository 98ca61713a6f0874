// Images in memory, one after the other, and how a picture of another size becomes one like them.

export type ImageShape = readonly [channels: number, height: number, width: number]

/** An image is `channels * height * width` consecutive pixels, channel after channel, row after row. */
export interface Images {
  readonly name: string
  /** Of one image. */
  readonly shape: ImageShape
  /** [count, channels, height, width]. Bytes count from 0 (black) to 255; floats are taken as they are. */
  readonly pixels: Uint8Array | Float32Array
  /** [count]. */
  readonly labels: Uint8Array | Uint16Array
}

export const preparations = ['digit', 'picture', 'fit', 'crop'] as const

/**
 * `digit`: ink found, cropped, centred by mass, as MNIST was made. `picture`: stretched to the model's size. With its
 * proportions kept, `fit`: whole, the rest in the colour of its edge; `crop`: its middle.
 */
export type Preparation = (typeof preparations)[number]
