// Adaptive average pooling: as many windows as are asked for, whatever the plane. Where it does not divide, they overlap.

import { ShapeError } from '../errors.ts'
import type { Layer } from './layer.ts'
import { axesOf, type ConstantSpec, layer } from './layer.ts'
import { type Pair, pair, type Sides } from './options.ts'

/** As in PyTorch: window i of n over `extent` begins at ⌊i·extent/n⌋ and ends before ⌈(i+1)·extent/n⌉. */
function windows(extent: number, count: number): { readonly inside: ConstantSpec; readonly length: ConstantSpec } {
  const bounds = Array.from(
    { length: count },
    (_, at): Pair => [Math.floor((at * extent) / count), Math.ceil(((at + 1) * extent) / count)],
  )
  const inside = bounds.flatMap(([start, end]) =>
    Array.from({ length: extent }, (_, at) => (at >= start && at < end ? 1 : 0)),
  )
  return {
    inside: { shape: [count, extent], data: Float32Array.from(inside) },
    length: { shape: [count], data: Float32Array.from(bounds, ([start, end]) => end - start) },
  }
}

const isEven = (rows: number, columns: number, [up, across]: Pair): boolean => rows % up === 0 && columns % across === 0

const definition = layer({
  name: 'adaptiveAvgPool2d',
  summary: 'Averages each channel to a plane of the size that is asked for.',
  options: { size: pair('rows and columns of the output') },
  output: (input, { size }) => {
    const [channels] = axesOf(input, 'channels', 'rows', 'columns')
    if (size.some((side) => side < 1))
      throw new ShapeError(`makes planes of [${size}]; whole numbers from 1 are accepted`)
    return [channels, ...size]
  },
  constants: ([, rows, columns], { size }): Record<string, ConstantSpec> => {
    if (isEven(rows!, columns!, size)) return {}
    const [down, across] = [windows(rows!, size[0]), windows(columns!, size[1])]
    return { down: down.inside, across: across.inside, height: down.length, width: across.length }
  },
  equations: ([, rows, columns], { size }) => {
    if (!isEven(rows!, columns!, size))
      return ['s[c,i,j] += down[i,a] * across[j,b] * x[c,a,b]', 'y[c,i,j] = s[c,i,j] / (height[i] * width[j])']
    const [height, width] = [rows! / size[0], columns! / size[1]]
    return [
      `s[c,i,j] += x[c, i*${height}+u, j*${width}+v]  (u < ${height}, v < ${width})`,
      `y[c,i,j] = s[c,i,j] / ${height * width}`,
    ]
  },
  examples: [
    { input: [2, 6, 4], options: { size: [3, 2] } },
    { input: [2, 7, 5], options: { size: 2 }, title: 'windows that overlap' },
  ],
})

/** Adaptive average pooling, as in PyTorch's `nn.AdaptiveAvgPool2d`: `adaptiveAvgPool2d(2)`. */
export const adaptiveAvgPool2d = Object.assign((size: Sides): Layer => definition({ size }), {
  definition: definition.definition,
})
