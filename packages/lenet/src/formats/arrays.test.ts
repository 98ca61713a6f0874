import { describe, expect, test } from 'vitest'
import { arrayBytes, arrayFromBytes, dtypes, elementBytes, elementCount, toFloat32 } from './arrays.ts'

// The definition in IEEE 754: (-1)^sign * 2^(exponent - bias) * 1.fraction
function halfByDefinition(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
}

describe('arrays', () => {
  test('every half is widened to the number that its bits define', () => {
    const data = Uint16Array.from({ length: 65536 }, (_, bits) => bits)
    const wide = toFloat32({ dtype: 'float16', shape: [65536], data })
    const wrong = [...data].filter((bits) => !Object.is(wide[bits]!, halfByDefinition(bits)))
    expect(wrong).toEqual([])
  })

  test('a bfloat16 is the upper half of a float32', () => {
    const data = Uint16Array.of(0x3f80, 0xc040, 0x7f80, 0x8000, 0x0001)
    const wide = toFloat32({ dtype: 'bfloat16', shape: [5], data })
    expect([...wide]).toEqual([1, -3, Number.POSITIVE_INFINITY, -0, 2 ** -133])
  })

  test('every other type is rounded to the nearest float32', () => {
    expect([...toFloat32({ dtype: 'float64', shape: [2], data: Float64Array.of(0.1, 1e300) })]).toEqual([
      Math.fround(0.1),
      Number.POSITIVE_INFINITY,
    ])
    expect([...toFloat32({ dtype: 'int64', shape: [2], data: BigInt64Array.of(-3n, 2n ** 60n) })]).toEqual([
      -3,
      2 ** 60,
    ])
    expect([...toFloat32({ dtype: 'bool', shape: [2], data: Uint8Array.of(0, 1) })]).toEqual([0, 1])
  })

  test('bytes may start anywhere and are copied', () => {
    for (const dtype of dtypes) {
      const bytes = Uint8Array.from({ length: 2 * elementBytes(dtype) }, (_, n) => n + 1)
      const shifted = new Uint8Array(bytes.length + 3)
      shifted.set(bytes, 3)
      const array = arrayFromBytes(dtype, [2], shifted.subarray(3))
      shifted.fill(0)
      expect([array.dtype, array.data.length, ...arrayBytes(array)]).toEqual([dtype, 2, ...bytes])
    }
  })

  test('a scalar has one element, and a shape with a zero none, however large the rest', () => {
    expect([elementCount([]), elementCount([2, 3]), elementCount([1e300, 1e300, 0])]).toEqual([1, 6, 0])
  })
})
