// A short run over damaged run folders of what `node test/fuzz.ts` does by the million.
import { describe, expect, test } from 'vitest'
import { damagedFile, isRead } from '../../../test/damage.ts'
import { runTargets } from '../../../test/damage-runs.ts'

describe.each(runTargets())('damage to $format', (target) => {
  test('every sample is read as it is', async () => {
    for (const sample of target.samples) expect(await isRead(target, sample)).toBe(true)
  })

  test('hundreds of damaged ones are read or refused in the form of the house, nothing else', async () => {
    let refused = 0
    for (let seed = 0; seed < 400; seed++) if (!(await isRead(target, damagedFile(target, seed)))) refused++
    expect(refused).toBeGreaterThan(100)
  })
})
