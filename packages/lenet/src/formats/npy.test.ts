import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { readNpy, readNpz } from './npy.ts'

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)))

/** As numpy.save writes it, or nearly. */
export function npy(header: string, elements: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(`${header.padEnd(117)}\n`)
  return Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, text.length, 0, ...text, ...elements])
}

describe('readNpy', () => {
  test('an array that NumPy wrote has its type, shape and elements', () => {
    expect(readNpy(fixture('floats.npy'))).toEqual({
      dtype: 'float32',
      shape: [2, 3],
      data: Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5),
    })
  })

  test('versions 2 and 3 have a longer length', () => {
    const bytes = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", Uint8Array.of(7, 9))
    const wide = Uint8Array.from([...bytes.subarray(0, 6), 2, 0, bytes[8]!, 0, 0, 0, ...bytes.subarray(10)])
    for (const file of [bytes, wide]) expect([...readNpy(file).data]).toEqual([7, 9])
  })

  test('a scalar has no axes', () => {
    expect(readNpy(npy("{'descr': '<i2', 'fortran_order': False, 'shape': (), }", Uint8Array.of(1, 2)))).toEqual({
      dtype: 'int16',
      shape: [],
      data: Int16Array.of(513),
    })
  })

  test.each([
    ["{'descr': '<U5', 'fortran_order': False, 'shape': (2,), }", /has elements of type '<U5'; numbers are read/],
    ["{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", /has big-endian elements, '>f4'/],
    ["{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2), }", /lies column by column/],
    ["{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", /has 2 bytes of elements; its shape \[3\] of uint8/],
    ["{'descr': '|u1', 'shape': (2,), }", /has a header that is not NumPy's/],
    ["{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (2,), }", /has a header that is not NumPy's/],
  ])('%s is refused', (header, message) => {
    const read = () => readNpy(npy(header, Uint8Array.of(7, 9)), 'a.npy')
    expect(read).toThrow(FormatError)
    expect(read).toThrow(message)
  })

  test('what is no array is refused', () => {
    expect(() => readNpy(Uint8Array.of(1, 2), 'a.npy')).toThrow("a.npy: does not begin as NumPy's arrays do (byte 0)")
  })
})

test('an .npz that NumPy wrote, packed or not, holds its arrays by name', () => {
  for (const name of ['set.npz', 'packed.npz']) {
    const arrays = readNpz(fixture(name))
    expect([...arrays].map(([key, { dtype, shape }]) => [key, dtype, shape])).toEqual([
      ['x_train', 'uint8', [4, 3, 2]],
      ['y_train', 'int64', [4]],
      ['x_test', 'uint8', [2, 3, 2]],
      ['y_test', 'int64', [2]],
    ])
    expect([...arrays.get('x_test')!.data]).toEqual([24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35])
  }
})

test('a damaged entry is named, with its place in the archive', () => {
  const bytes = fixture('set.npz')
  const at = bytes.findIndex((_, k) => bytes[k] === 0x93 && bytes[k + 1] === 0x4e)
  expect(() => readNpz(bytes.with(at, 0), 'a.npz')).toThrow(FormatError)
})
