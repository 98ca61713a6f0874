// Borders: who leaves one as it is, and what is written where.
import { expect, test } from 'vitest'
import { type Neighbour, spoiledBorders, stripsOf } from './borders.ts'
import { layOut, movedBy } from './storage.ts'

const tensor = (name: string, shape: readonly number[]) => ({ name, kind: 'sample', shape }) as const
const layout = { elementBytes: 4, space: 'sample', start: 0 } as const
const box = { low: [0, -1, -1], high: [1, 4, 3] }
const [a, b, c] = ['a', 'b', 'c'].map((name) => tensor(name, [2, 4, 3])) as [Tensor, Tensor, Tensor]
type Tensor = ReturnType<typeof tensor>

const neighbour = (from: number, to: number, border: number | undefined, start = 0): Neighbour => ({
  shape: a.shape,
  place: movedBy(layOut(a, { ...layout, box }), start),
  span: { from, to },
  border,
})
const spoiled = (tensors: [Tensor, Neighbour][]): string[] =>
  [...spoiledBorders(new Map(tensors))].map(({ name }) => name)

test('a border that nobody else touches is made once', () => {
  expect(spoiled([[a, neighbour(0, 2, 0)]])).toEqual([])
  expect(
    spoiled([
      [a, neighbour(0, 2, 0)],
      [b, neighbour(3, 4, undefined, 4096)],
    ]),
  ).toEqual([])
})

test('tensors of one kind leave each other their border', () => {
  expect(
    spoiled([
      [a, neighbour(0, 1, 0)],
      [b, neighbour(2, 3, 0)],
    ]),
  ).toEqual([])
})

test('whoever follows another kind makes the border anew, also at the beginning of the next tile', () => {
  const other = neighbour(2, 3, undefined)
  expect(
    spoiled([
      [a, neighbour(0, 1, 0)],
      [b, other],
    ]),
  ).toEqual(['a'])
  expect(
    spoiled([
      [a, neighbour(0, 1, 0)],
      [b, other],
      [c, neighbour(4, 5, 0)],
    ]),
  ).toEqual(['c'])
  expect(
    spoiled([
      [a, neighbour(0, 1, 0)],
      [b, neighbour(2, 3, Number.NEGATIVE_INFINITY)],
    ]),
  ).toEqual(['a', 'b'])
  expect(
    spoiled([
      [a, neighbour(0, 1, 0)],
      [b, neighbour(2, 3, 0, 4)],
    ]),
  ).toEqual(['a', 'b'])
})

test('a tensor in the same box that is larger itself writes where the border of the smaller one is', () => {
  const larger: Neighbour = { ...neighbour(2, 3, 0), shape: [2, 5, 3] }
  expect(
    spoiled([
      [a, neighbour(0, 1, 0)],
      [b, larger],
    ]),
  ).toEqual(['a', 'b'])
})

test('strips are the box without the tensor, each element once', () => {
  const place = layOut(a, { ...layout, box })
  const written = new Array<number>(place.bytes / 4).fill(0)
  for (const { address, axes } of stripsOf(a, box, place)) {
    let offsets = [address.offset]
    for (const { name, extent } of axes)
      offsets = offsets.flatMap((offset) =>
        Array.from({ length: extent }, (_, at) => offset + at * address.strides.get(name)!),
      )
    for (const offset of offsets) written[offset / 4]!++
  }
  const plane = ['11111', '10001', '10001', '10001', '10001', '11111'].join('')
  expect(written.join('')).toBe(plane + plane)
})
