// Whether pictures that were read as RGB have no colours: grey is a third of the work, and what a network then learns does
// not depend on colours that were never there.
import { fitDataset } from '../pictures/fit-to-model.ts'
import type { Dataset, Splits } from './dataset.ts'

/** Channels of a grey JPEG may differ by rounding. */
const MOST_APART = 4

/** The data with one channel where no image of any split has colours; otherwise, and where they are no RGB bytes, as they are. */
export function greyWhereGrey(splits: Splits): Splits {
  const { train, validation, test } = splits
  const all = [train, validation, test].filter((data) => data !== undefined)
  if (!all.every(isGrey)) return splits
  const grey = (data: Dataset): Dataset => fitDataset(data, [1, data.shape[1], data.shape[2]])
  return { train: grey(train), ...(validation && { validation: grey(validation) }), ...(test && { test: grey(test) }) }
}

function isGrey({ shape: [channels, height, width], pixels, labels }: Dataset): boolean {
  if (channels !== 3 || !(pixels instanceof Uint8Array)) return false
  const area = height * width
  for (let n = 0; n < labels.length; n++)
    for (let at = 3 * n * area, end = at + area; at < end; at++) {
      const [red, green, blue] = [pixels[at]!, pixels[at + area]!, pixels[at + 2 * area]!]
      if (Math.max(red, green, blue) - Math.min(red, green, blue) > MOST_APART) return false
    }
  return true
}
