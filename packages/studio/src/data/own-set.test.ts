import { expect, test } from 'vitest'
import { type OwnClass, ownSet, withImage } from './own-set.ts'

const filled = (name: string, count: number): OwnClass =>
  Array.from({ length: count }, (_, at) => new Uint8Array(784).fill(at)).reduce(withImage, { name, images: [] })

test('every fifth image of each class is held back, and none of them is trained on', () => {
  const { train, test: held } = ownSet([filled('a', 11), filled('b', 6)], 'digit', true)!
  expect([...train.labels].filter((label) => label === 0).length).toBe(9)
  expect([...train.labels].filter((label) => label === 1).length).toBe(5)
  expect([...held!.labels]).toEqual([0, 0, 1])
  expect([0, 1, 2].map((image) => held!.pixels[784 * image])).toEqual([4, 9, 4])
})

test('an image keeps its side when others go, and nothing is held back where that is not wanted', () => {
  const { images, name } = filled('a', 6)
  const fewer = { name, images: images.slice(1) }
  expect(fewer.images.map(({ isHeldBack }) => isHeldBack)).toEqual([false, false, false, true, false])
  const all = ownSet([fewer, filled('b', 6)], 'digit', false)!
  expect(all.train.labels.length).toBe(11)
  expect(all.test).toBeUndefined()
})

test('few images are all trained on, and one class is no data set', () => {
  expect(ownSet([filled('a', 4), filled('b', 1)], 'digit', true)!.test).toBeUndefined()
  expect(ownSet([filled('a', 4), filled('b', 0)], 'digit', true)).toBeUndefined()
})
