import { expect, test } from 'vitest'
import { createRandom, shuffledOrder, threefry } from './random.ts'

test('threefry gives the known answers of its authors', () => {
  const words = (key0: number, key1: number, counter0: number, counter1: number) => {
    const out = { first: 0, second: 0 }
    threefry(key0, key1, counter0, counter1, out)
    return [out.first >>> 0, out.second >>> 0]
  }
  expect(words(0, 0, 0, 0)).toEqual([0x6b200159, 0x99ba4efe])
  const ones = 0xffffffff
  expect(words(ones, ones, ones, ones)).toEqual([0x1cb996fc, 0xbb002be7])
  expect(words(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3)).toEqual([0xc4923a9c, 0x483df7a0])
})

test('streams are uniform, repeatable, and differ in purpose, epoch and index', () => {
  const take = (random: () => number) => Array.from({ length: 4000 }, random)
  const numbers = take(createRandom(1, 'initial'))
  expect(take(createRandom(1, 'initial'))).toEqual(numbers)
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.02) // four standard errors of a uniform mean
  for (const other of [createRandom(2, 'initial'), createRandom(1, 'noise'), createRandom(1, 'initial', 1)])
    expect(take(other)).not.toEqual(numbers)
})

test('a shuffled order holds every index once', () => {
  const order = shuffledOrder(1000, createRandom(7, 'shuffle'))
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index))
  expect(order[0] === 0 && order[1] === 1).toBe(false)
})
