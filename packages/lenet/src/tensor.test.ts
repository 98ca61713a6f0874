import { describe, expect, test } from 'vitest'
import { ShapeError } from './errors.ts'
import { linear, view } from './layers/index.ts'
import { model } from './model/model.ts'
import { Tensor } from './tensor.ts'

const numbers = new Tensor(
  [2, 3, 4],
  Array.from({ length: 24 }, (_, at) => at),
)

describe('view reads the same numbers under another shape', () => {
  test.each([
    [
      [6, 4],
      [6, 4],
    ],
    [
      [-1, 8],
      [3, 8],
    ],
    [
      [2, -1],
      [2, 12],
    ],
    [[-1], [24]],
  ])('view(%j) is %j', (shape, found) => {
    expect(numbers.view(...shape).shape).toEqual(found)
    expect(numbers.view(...shape).data).toBe(numbers.data)
  })
  test.each([
    [[5, 5], 'not a shape of 24 elements'],
    [[-1, 7], 'not a shape'],
    [[-1, -1], 'only one extent can be -1'],
    [[-2, 12], 'extents are whole numbers'],
    [[-1, 0], '-1 can be anything'],
  ])('view(%j): %s', (shape, problem) => {
    expect(() => numbers.view(...shape)).toThrow(ShapeError)
    expect(() => numbers.view(...shape)).toThrow(problem)
  })
})

test('slice takes rows of the first axis without copying', () => {
  expect(numbers.slice(1).shape).toEqual([1, 3, 4])
  expect([...numbers.slice(1).data.subarray(0, 2)]).toEqual([12, 13])
  expect(numbers.slice(-2, -1).shape).toEqual([1, 3, 4])
  expect(numbers.slice(5).shape).toEqual([0, 3, 4])
})

test('a tensor has as many numbers as its shape says', () => {
  expect(() => new Tensor([2, 2], [1, 2, 3])).toThrow('the shape [2,2] has 4 elements but 3 numbers were given')
})

describe('view as a layer keeps samples apart', () => {
  test('a view that would change the number of samples says what PyTorch would do', () => {
    expect(() => model([16, 5, 5], { flat: view(-1, 200), fc: linear(10) })).toThrow(
      "view 'flat': view(-1, 200) wants 200 features but a sample has 400 ([16, 5, 5])",
    )
    expect(() => model([16, 5, 5], { flat: view(-1, 200) })).toThrow(
      'hint: PyTorch would silently turn a batch of 1 into 2 rows',
    )
    expect(() => model([10], { flat: view(-1, 20) })).toThrow(
      'hint: PyTorch would silently turn a batch of 2 into 1 row',
    )
  })
  test('a fixed batch is refused', () => {
    expect(() => model([4], { flat: view(8, 4) })).toThrow('its first extent is −1, the batch')
  })
})
