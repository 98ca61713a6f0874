// What must hold for a data set before anything is trained or measured on it.

import { FormatError, ShapeError, shown, UsageError } from '../errors.ts'
import type { Dataset } from './dataset.ts'

/**
 * Throws on a data set that would train to nonsense: a ShapeError for sizes that disagree, a FormatError for a label
 * without a class or a pixel that is no number (with the image), a UsageError when it is empty or, with `trainOn`,
 * has images of fewer than two classes.
 */
export function checkDataset(dataset: Dataset, { trainOn = false }: { trainOn?: boolean } = {}): void {
  checkKinds(dataset)
  checkSizes(dataset)
  if (dataset.labels.length === 0) throw new UsageError(`${dataset.name}: has no images`)
  const seen = checkLabels(dataset)
  if (dataset.pixels instanceof Float32Array) checkFinite(dataset)
  if (trainOn && seen.size < 2) {
    const only = dataset.classes[[...seen][0]!]
    throw new UsageError(`${dataset.name}: all images are of one class, '${only}'; training needs at least 2 classes`)
  }
}

function checkKinds({ name, shape, pixels, labels, classes }: Dataset): void {
  const wrong = (what: string, value: unknown, wanted: string) =>
    new ShapeError(`${name}: ${what} is ${typeof value === 'string' ? value : shown(value)}; ${wanted} is wanted`)
  if (!Array.isArray(shape)) throw wrong('shape', shape, '[channels, height, width]')
  if (!(pixels instanceof Uint8Array || pixels instanceof Float32Array))
    throw wrong('pixels', kindOf(pixels), 'a Uint8Array or a Float32Array')
  if (!(labels instanceof Uint8Array || labels instanceof Uint16Array))
    throw wrong('labels', kindOf(labels), 'a Uint8Array or a Uint16Array')
  if (!Array.isArray(classes) || !classes.every((one) => typeof one === 'string'))
    throw wrong('classes', classes, 'a list of names')
  if (new Set(classes).size < classes.length) throw wrong('classes', classes, 'a name of its own for each')
}

const kindOf = (value: unknown): string => Object.prototype.toString.call(value).slice('[object '.length, -1)

function checkSizes({ name, shape, pixels, labels }: Dataset): void {
  if (shape.length !== 3 || !shape.every((extent) => Number.isInteger(extent) && extent > 0)) {
    throw new ShapeError(
      `${name}: the image shape is [${shape}]; it must be [channels, height, width], each at least 1`,
    )
  }
  const row = shape[0] * shape[1] * shape[2]
  if (pixels.length !== labels.length * row) {
    const wanted = `${labels.length} images of [${shape}] have ${labels.length * row}`
    throw new ShapeError(`${name}: has ${pixels.length} pixels but ${wanted}`, 'do the images belong to these labels?')
  }
}

function checkLabels({ name, labels, classes }: Dataset): Set<number> {
  const seen = new Set<number>()
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n]!
    if (label >= classes.length) {
      throw new FormatError(name, `image ${n} has label ${label}; labels go from 0 to ${classes.length - 1}`)
    }
    seen.add(label)
  }
  return seen
}

function checkFinite({ name, shape, pixels }: Dataset): void {
  const row = shape[0] * shape[1] * shape[2]
  const place = pixels.findIndex((pixel) => !Number.isFinite(pixel))
  if (place < 0) return
  const image = Math.floor(place / row)
  throw new FormatError(
    name,
    `image ${image} has the value ${pixels[place]} at pixel ${place % row}; pixels are finite`,
  )
}
