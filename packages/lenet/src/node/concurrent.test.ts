import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { runConcurrently } from './concurrent.ts'

describe('runConcurrently', () => {
  test('runs every task once and never more than the limit at a time', async () => {
    const done: number[] = []
    let running = 0
    let most = 0
    await runConcurrently(20, 3, async (index) => {
      most = Math.max(most, ++running)
      await setTimeout(1)
      running--
      done.push(index)
    })
    expect(most).toBe(3)
    expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index))
  })

  test('starts no more tasks after an error', async () => {
    let started = 0
    const run = runConcurrently(100, 2, async (index) => {
      started++
      await setTimeout(1)
      if (index === 3) throw new Error('task 3')
    })
    await expect(run).rejects.toThrow('task 3')
    await setTimeout(5)
    expect(started).toBeLessThan(8)
  })

  test('no tasks are no error', async () => {
    await runConcurrently(0, 4, async () => {})
  })
})
