// Images on which two models are compared: blocks of brightness that differ from image to image, so that every unit has
// something to answer.
import { sizeOf } from '../engine/program.ts'

/** Bytes of so many images of a shape. */
export const patterns = (shape: readonly number[], count = 64): Uint8Array[] =>
  Array.from({ length: count }, (_, image) =>
    Uint8Array.from({ length: sizeOf(shape) }, (_, at) => (((at >> 2) * 37 + image * 101) ^ (at * image)) & 255),
  )
