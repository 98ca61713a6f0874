// A short run over damaged models of what `node test/fuzz.ts` does by the million.
import { describe, expect, test } from 'vitest'
import { damagedFile, isRead } from '../../../../test/damage.ts'
import { modelTargets } from '../../../../test/damage-models.ts'

describe.each(modelTargets())('damage to: $format', (target) => {
  test('the sample is read as it is, and refused where it is cut off', async () => {
    const [whole] = target.samples
    expect(await isRead(target, whole!)).toBe(true)
    for (let part = 0; part < 60; part++)
      await isRead(target, whole!.subarray(0, Math.floor((part * whole!.length) / 60)))
  })

  test('hundreds of damaged ones are read or refused in the form of the house, nothing else', async () => {
    let refused = 0
    for (let seed = 0; seed < 400; seed++) if (!(await isRead(target, damagedFile(target, seed)))) refused++
    expect(refused).toBeGreaterThan(40)
  })
})
