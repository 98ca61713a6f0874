import { describe, expect, test } from 'vitest'
import { drawKernels } from './kernels.ts'

describe('drawKernels', () => {
  test('there is one square for each pair of output and input channel, and a key with the largest weight', () => {
    const svg = drawKernels({ weights: Float32Array.from({ length: 24 }, (_, i) => i - 20), shape: [3, 2, 2, 2] })
    expect(svg.split('<image').length - 1).toBe(6 + 1)
    expect(svg).toContain('>−20</text>')
    expect(svg).toContain('3 × 2 kernels of 2×2')
  })

  test('weights that are all zero are drawn as the page', () => {
    expect(drawKernels({ weights: new Float32Array(4), shape: [1, 1, 2, 2] })).toContain('</svg>')
  })

  test('weights of another size are refused', () => {
    expect(() => drawKernels({ weights: new Float32Array(5), shape: [1, 1, 2, 2] })).toThrow(
      'drawKernels: 5 weights have shape [1, 1, 2, 2]; give [o, c, u, v]',
    )
  })
})
