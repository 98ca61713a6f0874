import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { readIdx, writeIdx } from './idx.ts'

const images = { shape: [2, 3, 2], data: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255]) }

describe('IDX', () => {
  test('what was written is read back', () => {
    expect(readIdx(writeIdx(images))).toEqual(images)
  })

  test('the header is the one of the MNIST files', () => {
    expect([...writeIdx({ shape: [1], data: Uint8Array.of(7) })]).toEqual([0, 0, 8, 1, 0, 0, 0, 1, 7])
    expect([...writeIdx(images).subarray(0, 8)]).toEqual([0, 0, 8, 3, 0, 0, 0, 2])
  })

  test('an array without elements is read', () => {
    expect(readIdx(writeIdx({ shape: [0, 28, 28], data: new Uint8Array(0) })).shape).toEqual([0, 28, 28])
  })

  test('bytes that start inside a larger buffer are read', () => {
    const bytes = writeIdx(images)
    const shifted = new Uint8Array(bytes.length + 5)
    shifted.set(bytes, 5)
    expect(readIdx(shifted.subarray(5))).toEqual(images)
  })

  test('a file cut off at any byte is a FormatError that names the file and the byte', () => {
    const bytes = writeIdx(images)
    for (let length = 0; length < bytes.length; length++) {
      const read = () => readIdx(bytes.subarray(0, length), 'train.idx')
      expect(read).toThrow(FormatError)
      expect(read).toThrow(new RegExp(`^train.idx: .*\\(byte ${length}\\)`))
    }
  })

  test('bytes after the last element are a FormatError at the first of them', () => {
    const bytes = writeIdx(images)
    const longer = new Uint8Array(bytes.length + 3)
    longer.set(bytes)
    expect(() => readIdx(longer, 'x')).toThrow('x: has 3 bytes after its 12 elements (byte 28)')
  })

  test('extents whose product is beyond any file are refused without allocating', () => {
    const bytes = Uint8Array.of(0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255)
    expect(() => readIdx(bytes)).toThrow(/has 0 of the/)
  })

  test.each([
    [[0x1f, 0x8b, 8, 0], 'is gzip, not IDX'],
    [[1, 0, 8, 1], 'begins with bytes 1 0'],
    [[0, 0, 13, 1], 'has element type 13; lenet reads type 8'],
    [[0, 0, 8, 0], 'has 0 axes'],
  ])('the first bytes %s are refused: %s', (start, message) => {
    expect(() => readIdx(Uint8Array.from(start), 'x')).toThrow(message)
  })

  test('no single changed byte of the header crashes the reader', () => {
    const bytes = writeIdx(images)
    for (let place = 0; place < 16; place++) {
      for (let value = 0; value < 256; value++) {
        const damaged = Uint8Array.from(bytes)
        damaged[place] = value
        try {
          readIdx(damaged)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }
    }
  })

  test('data that does not fill its shape is not written', () => {
    expect(() => writeIdx({ shape: [2, 2], data: new Uint8Array(3) })).toThrow('3 elements do not fill the shape [2,2]')
  })
})
