import { expect, test } from 'vitest'
import { calibrationOf } from '../predict/measures.ts'
import { drawReliability } from './reliability.ts'

test('a bar for every range with answers, as high as they are right', () => {
  const scores = Float32Array.of(0.75, 0.25, 0.25, 0.75, 1, 0)
  const calibration = calibrationOf(
    { scores, labels: [0, 0, 0], reading: { best: 'largest', probability: 'itself' } },
    [0, 1, 0],
  )
  const svg = drawReliability({ calibration, title: 'Of <mine>' })
  expect(svg.match(/<circle/g)).toHaveLength(2)
  expect(svg).toContain('70 % to 80 %: 2 answers, 50.0 % right, said 75.0 %')
  expect(svg).toContain('height="160"')
  expect(svg).toContain('expected calibration error 16.7 % over 3 answers')
  expect(svg).toContain('Of &lt;mine&gt;')
})
