import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { writeZip } from '../formats/zip.ts'
import { readNpzSet } from './npz-set.ts'

const file = new Uint8Array(readFileSync(new URL('../formats/fixtures/set.npz', import.meta.url)))

function npy(descr: string, shape: readonly number[], elements: ArrayBufferView): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117)
  const bytes = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength)
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    118,
    0,
    ...new TextEncoder().encode(`${text}\n`),
    ...bytes,
  ])
}

const bytesOf = (count: number) => Uint8Array.from({ length: count }, (_, at) => at)
const npz = (arrays: Readonly<Record<string, Uint8Array>>) =>
  writeZip(new Map(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes])))

describe('readNpzSet', () => {
  test('images and labels under the names that Keras gives', () => {
    const { train, validation, test: held } = readNpzSet(file, 'set.npz')
    expect(train).toMatchObject({ name: 'set.npz', shape: [1, 3, 2], classes: ['0', '1'] })
    expect([...train.labels, ...held!.labels]).toEqual([0, 1, 0, 1, 1, 0])
    expect(held!.pixels[0]).toBe(24)
    expect(validation).toBeUndefined()
  })

  test('arrays that are not read are refused, as a test set under another name would be', () => {
    const [images, labels] = [npy('|u1', [2, 2, 2], bytesOf(8)), npy('|u1', [2], bytesOf(2))]
    const strange = npz({ images, labels, eval_x: images, eval_y: labels })
    expect(() => readNpzSet(strange)).toThrow(/holds eval_x beside images, labels, and nothing here reads it/)
    expect(() =>
      readNpzSet(
        writeZip(
          new Map([
            ['images.npy', images],
            ['labels.npy', labels],
            ['note.txt', labels],
          ]),
        ),
      ),
    ).toThrow("entry 'note.txt' is no array of NumPy's")
  })

  test('channels that stand last become planes; labels may be a column', () => {
    const set = readNpzSet(
      npz({
        train_images: npy('|u1', [2, 2, 2, 3], bytesOf(24)),
        train_labels: npy('<i4', [2, 1], Int32Array.of(1, 0)),
      }),
    )
    expect(set.train.shape).toEqual([3, 2, 2])
    expect([...set.train.pixels]).toEqual([
      ...[0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11],
      ...[12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23],
    ])
    expect([...set.train.labels]).toEqual([1, 0])
  })

  test('channels before the rows stay', () => {
    const set = readNpzSet(npz({ images: npy('|u1', [2, 3, 2, 5], bytesOf(60)), labels: npy('|u1', [2], bytesOf(2)) }))
    expect(set.train.shape).toEqual([3, 2, 5])
    expect(set.train.pixels).toEqual(bytesOf(60))
  })

  const images = npy('|u1', [2, 2, 2], bytesOf(8))
  const labels = npy('|u1', [2], bytesOf(2))
  test.each<[string, Readonly<Record<string, Uint8Array>>, RegExp]>([
    [
      'no known names',
      { pixels: images, answers: labels },
      /holds pixels, answers; images and labels are wanted as x_train/,
    ],
    ['images without labels', { x: images, y: labels, x_test: images }, /holds x_test, and no y_test to it/],
    [
      'floats',
      { x: npy('<f4', [2, 1, 1], Float32Array.of(0, 1)), y: labels },
      /x holds float32; pixels are bytes.*\nhint: from 0 to 1/,
    ],
    ['too few labels', { x: images, y: npy('|u1', [1], bytesOf(1)) }, /y is \[1\]; the 2 images of x want \[2\]/],
    ['labels that are rows', { x: images, y: npy('|u1', [2, 10], bytesOf(20)) }, /y is \[2,10\]/],
    [
      'labels that are floats',
      { x: images, y: npy('<f8', [2], Float64Array.of(0, 1)) },
      /y holds float64; labels are whole/,
    ],
    ['labels below 0', { x: images, y: npy('|i1', [2], Int8Array.of(-1, 1)) }, /y holds -1; labels go from 0/],
    ['no axes of an image', { x: npy('|u1', [2, 4], bytesOf(8)), y: labels }, /x is \[2,4\]; \[n, height, width\]/],
    ['two axes that may be channels', { x: npy('|u1', [2, 1, 2, 3], bytesOf(12)), y: labels }, /x is \[2,1,2,3\]; /],
    [
      'no images',
      { x: npy('|u1', [0, 2, 2], bytesOf(0)), y: npy('|u1', [0], bytesOf(0)) },
      /x is \[0,2,2\]: it has no/,
    ],
  ])('%s: refused', (_, arrays, message) => {
    expect(() => readNpzSet(npz(arrays), 'a.npz')).toThrow(message)
  })
})
