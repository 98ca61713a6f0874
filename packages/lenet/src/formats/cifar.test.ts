import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { readCifar, writeCifar } from './cifar.ts'

const batch = {
  pixels: Uint8Array.from({ length: 2 * 3072 }, (_, place) => (place * 7 + (place >> 8)) & 255),
  labels: Uint8Array.of(9, 0),
}

describe('CIFAR-10', () => {
  test('what was written is read back', () => {
    expect(readCifar(writeCifar(batch))).toEqual(batch)
  })

  test('the label stands before its pixels', () => {
    const bytes = writeCifar(batch)
    expect([bytes.length, bytes[0], bytes[1], bytes[3073]]).toEqual([6146, 9, batch.pixels[0], 0])
  })

  test('a file cut off at any byte inside an image is a FormatError at the image', () => {
    const bytes = writeCifar(batch)
    for (let length = 0; length < bytes.length; length++) {
      if (length === 3073) continue
      const read = () => readCifar(bytes.subarray(0, length), 'data_batch_1.bin')
      expect(read).toThrow(FormatError)
      expect(read).toThrow(`data_batch_1.bin: has ${length} bytes`)
    }
  })

  test('a label above 9 names the image and the byte', () => {
    const bytes = writeCifar(batch)
    bytes[3073] = 10
    expect(() => readCifar(bytes, 'x')).toThrow('x: image 1 has label 10; CIFAR-10 labels go from 0 to 9 (byte 3073)')
  })

  test('pixels that do not belong to the labels are not written', () => {
    const short = { ...batch, pixels: new Uint8Array(3072) }
    expect(() => writeCifar(short)).toThrow('3072 pixels were given, but 2 images have 6144')
  })
})
