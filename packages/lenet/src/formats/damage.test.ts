// A short run of what `node test/fuzz.ts` does by the million.

import { describe, expect, test } from 'vitest'
import { damagedFile, isRead, targets } from '../../../../test/damage.ts'

describe.each(targets())('damage to $format', (target) => {
  test('every sample is read or refused as it is', async () => {
    const read = await Promise.all(target.samples.map((bytes) => isRead(target, bytes)))
    expect(read).toContain(true)
  })

  test('a file cut off at any byte is read or refused, nothing else', async () => {
    const shortest = target.samples.toSorted((a, b) => a.length - b.length)[0]!
    for (let length = 0; length < shortest.length; length++) await isRead(target, shortest.subarray(0, length))
  })

  test('two thousand damaged files are read or refused, nothing else', async () => {
    let refused = 0
    for (let seed = 0; seed < 2000; seed++) if (!(await isRead(target, damagedFile(target, seed)))) refused++
    expect(refused).toBeGreaterThan(0)
  })
})
