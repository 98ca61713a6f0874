import { describe, expect, test } from 'vitest'
import type { Summary } from '../explain/summary.ts'
import type { EpochEvent } from '../train/events.ts'
import { drawConfusion } from './confusion.ts'
import { drawCurves } from './curves.ts'
import { drawImages } from './images.ts'
import { drawKernels } from './kernels.ts'
import { drawStructure } from './structure.ts'

const hostile = '<script>"&\'</script>\u0000 数字'

const epoch: EpochEvent = {
  event: 'epoch',
  epoch: 1,
  epochs: 1,
  trainLoss: Number.NaN,
  trainAccuracy: 0.5,
  learningRate: 0.1,
  imagesPerSecond: 1,
  seconds: 1,
}

const facts = { parameters: 1, multiplyAdds: 1, connections: 1, bytes: 4 }
const summary: Summary = {
  input: [1, 2, 2],
  layers: [{ ...facts, name: hostile, layer: hostile, output: [3] }],
  ...facts,
}

const figures: readonly [string, string][] = [
  ['curves', drawCurves({ epochs: [epoch], title: hostile, testAccuracy: 0.4, chance: 0.1 })],
  ['curves of nothing', drawCurves({ epochs: [], title: hostile })],
  [
    'confusion',
    drawConfusion({
      classes: [hostile, 'b'],
      confusion: [
        [1, 2],
        [0, 0],
      ],
      title: hostile,
    }),
  ],
  ['structure', drawStructure(summary, { title: hostile })],
  [
    'images',
    drawImages({
      images: [{ shape: [1, 1, 2], pixels: Uint8Array.of(0, 9), truth: hostile, answer: 'b' }],
      title: hostile,
    }),
  ],
  ['no images', drawImages({ images: [], title: hostile })],
  ['kernels', drawKernels({ weights: Float32Array.of(1, -1, 0, Number.NaN), shape: [1, 1, 2, 2], title: hostile })],
]

/** Names of elements that are opened and never closed, or the other way round. */
function unbalanced(svg: string): string[] {
  const open: string[] = []
  for (const [, close, name, self] of svg.matchAll(/<(\/?)([\w-]+)(?:\s[\w-]+="[^"<>]*")*\s*(\/?)>/g)) {
    if (self === '/') continue
    if (close !== '/') open.push(name!)
    else if (open.pop() !== name) return [name!]
  }
  return open
}

describe.each(figures)('the figure of %s', (_, svg) => {
  test('is well-formed, whatever its texts contain', () => {
    expect(unbalanced(svg)).toEqual([])
    expect(svg.replace(/<\/?[\w-]+(?:\s[\w-]+="[^"<>]*")*\s*\/?>/g, '')).not.toMatch(/[<>]|&(?!\w+;|#\d+;)/)
    expect(svg).not.toContain('\u0000')
  })

  test('names and describes itself', () => {
    expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/)
  })

  test('has no number that is not one', () => {
    expect(svg.replace(/<(title|desc|text)[^>]*>[^<]*/g, '')).not.toMatch(/NaN|Infinity|undefined/)
  })

  test('brings a light and a dark theme and loads nothing', () => {
    expect(svg).toContain('@media (prefers-color-scheme:dark)')
    expect(svg).not.toMatch(/href="(?!data:)|@import|url\(/)
  })
})
