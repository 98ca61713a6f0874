import { describe, expect, test } from 'vitest'
import { FormatError, ShapeError, UsageError } from '../errors.ts'
import { checkDataset } from './check.ts'
import type { Dataset } from './dataset.ts'

const good: Dataset = {
  name: 'tiny',
  shape: [1, 1, 2],
  pixels: new Uint8Array(6),
  labels: Uint8Array.of(0, 1, 1),
  classes: ['cat', 'dog'],
}

const refuses = (dataset: Dataset, kind: new (...all: never[]) => Error, message: string) => {
  expect(() => checkDataset(dataset, { trainOn: true })).toThrow(kind)
  expect(() => checkDataset(dataset, { trainOn: true })).toThrow(message)
}

describe('checkDataset', () => {
  test('a good data set passes, bytes or floats', () => {
    checkDataset(good, { trainOn: true })
    checkDataset({ ...good, pixels: new Float32Array(6) }, { trainOn: true })
  })

  test('a label without a class names its image', () => {
    const message = 'tiny: image 2 has label 2; labels go from 0 to 1'
    refuses({ ...good, labels: Uint8Array.of(0, 1, 2) }, FormatError, message)
  })

  test('an empty data set is refused', () => {
    refuses({ ...good, pixels: new Uint8Array(0), labels: new Uint8Array(0) }, UsageError, 'tiny: has no images')
  })

  test('images of one class may be measured but not trained on', () => {
    const dogs = { ...good, labels: Uint8Array.of(1, 1, 1) }
    checkDataset(dogs)
    refuses(dogs, UsageError, "tiny: all images are of one class, 'dog'")
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('a pixel %s names its image', (value) => {
    const message = `tiny: image 1 has the value ${value} at pixel 1`
    refuses({ ...good, pixels: Float32Array.of(0, 0, 0, value, 0, 0) }, FormatError, message)
  })

  test('pixels that do not fill the images are refused', () => {
    const message = 'tiny: has 5 pixels but 3 images of [1,1,2] have 6'
    refuses({ ...good, pixels: new Uint8Array(5) }, ShapeError, message)
  })

  test('two classes of one name are refused', () => {
    refuses({ ...good, classes: good.classes.map(() => 'same') }, ShapeError, 'a name of its own for each is wanted')
  })

  test('a shape that is none is refused', () => {
    refuses({ ...good, shape: [1, 0, 2] }, ShapeError, 'tiny: the image shape is [1,0,2]')
  })
})
