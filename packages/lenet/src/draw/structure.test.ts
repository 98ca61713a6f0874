import { describe, expect, test } from 'vitest'
import type { LayerFacts, Summary } from '../explain/summary.ts'
import { scaleOf, sheetsOf, sizeText } from './shape.ts'
import { drawStructure } from './structure.ts'

const layer = (name: string, output: number[], more: Partial<LayerFacts> = {}): LayerFacts => ({
  name,
  layer: 'some',
  output,
  parameters: 7,
  multiplyAdds: 0,
  connections: 0,
  bytes: 0,
  ...more,
})
const summary = (input: number[], layers: LayerFacts[]): Summary => ({
  input,
  layers,
  parameters: 62006,
  multiplyAdds: 651720,
  connections: 0,
  bytes: 0,
})

describe('drawStructure', () => {
  test('writes the sizes of planes and vectors, and the totals', () => {
    const svg = drawStructure(summary([3, 32, 32], [layer('conv1', [6, 28, 28]), layer('fc1', [120])]))
    for (const text of ['3 @ 32×32', '6 @ 28×28', '120', 'conv1', 'fc1']) expect(svg).toContain(`>${text}</text>`)
    expect(svg).toContain('62,006 parameters · 651,720 multiply-adds')
  })

  test('six feature maps are six sheets, and two hundred are not two hundred', () => {
    const sheets = (count: number) =>
      drawStructure(summary([1, 8, 8], [layer('conv1', [count, 8, 8])])).split('class="sheet"').length - 1
    expect([sheets(6), sheets(200)]).toEqual([7, 17])
  })

  test('ten outputs are ten units', () => {
    expect(drawStructure(summary([400], [layer('fc', [10])])).split('<circle').length - 1).toBe(10)
  })

  test('a convolution is drawn with its window, a full connection without', () => {
    const near = layer('conv1', [6, 28, 28], { receptiveField: [5, 5], jump: [1, 1] })
    expect(drawStructure(summary([1, 32, 32], [near]))).toContain('<rect class="orange-line"')
    expect(drawStructure(summary([1, 32, 32], [layer('fc', [120])]))).not.toContain('<rect class="orange-line"')
  })

  test.each([[[]], [[5]], [[3, 9]], [[2, 4, 6]], [[2, 3, 4, 6]]])('shape %j can be drawn', (shape) => {
    expect(drawStructure(summary(shape, [layer('a', shape)]))).not.toMatch(/NaN|undefined/)
  })
})

test('shapes of any rank are sheets, rows and columns', () => {
  expect([[7], [3, 9], [2, 4, 6], [2, 3, 4, 6]].map(sheetsOf)).toEqual([
    [7, 0, 0],
    [3, 1, 9],
    [2, 4, 6],
    [6, 4, 6],
  ])
  expect([[7], [3, 9], [2, 4, 6], [2, 3, 4, 6]].map(sizeText)).toEqual(['7', '3 @ 9', '2 @ 4×6', '2×3 @ 4×6'])
  expect(scaleOf([[7], [2, 4, 6]])).toEqual({ side: 6, units: 7 })
})
