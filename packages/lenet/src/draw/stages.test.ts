import { describe, expect, test } from 'vitest'
import type { LayerFacts, Summary } from '../explain/summary.ts'
import { stagesOf } from './stages.ts'

type Side = readonly [number, number]

const layer = (name: string, output: number[], more: Partial<LayerFacts> = {}): LayerFacts => ({
  name,
  layer: name.replace(/\d+$/, ''),
  output,
  parameters: 0,
  multiplyAdds: 0,
  connections: 0,
  bytes: 0,
  ...more,
})
const sight = (field: number, jump: number): { receptiveField: Side; jump: Side } => ({
  receptiveField: [field, field],
  jump: [jump, jump],
})
const summary = (input: number[], layers: LayerFacts[]): Summary => ({
  input,
  layers,
  parameters: 0,
  multiplyAdds: 0,
  connections: 0,
  bytes: 0,
})

describe('stagesOf', () => {
  const lenet = summary(
    [1, 32, 32],
    [
      layer('conv1', [6, 28, 28], { parameters: 156, ...sight(5, 1) }),
      layer('relu1', [6, 28, 28], sight(5, 1)),
      layer('pool1', [6, 14, 14], sight(6, 2)),
      layer('conv2', [16, 10, 10], { parameters: 2416, ...sight(14, 2) }),
      layer('view1', [1600]),
      layer('linear1', [10], { parameters: 16010 }),
    ],
  )

  test('activations and views belong to the stage before them', () => {
    expect(stagesOf(lenet).map(({ name, kinds }) => [name, ...kinds])).toEqual([
      ['input'],
      ['conv1', 'conv', 'relu'],
      ['pool1', 'pool'],
      ['conv2', 'conv', 'view'],
      ['linear1', 'linear'],
    ])
  })

  test('a stage keeps the shape that it had before it was flattened', () => {
    expect(stagesOf(lenet).map(({ output }) => output)).toEqual([
      [1, 32, 32],
      [6, 28, 28],
      [6, 14, 14],
      [16, 10, 10],
      [10],
    ])
  })

  test('windows are read back from receptive fields and jumps', () => {
    expect(stagesOf(lenet).map(({ window }) => window)).toEqual([undefined, [5, 5], [2, 2], [5, 5], undefined])
  })

  test('a layer with parameters is a stage even when it keeps the shape', () => {
    const scaled = summary([4], [layer('scale1', [4], { parameters: 8 })])
    expect(stagesOf(scaled)).toHaveLength(2)
  })

  test('a window that cannot be is left out', () => {
    const odd = summary([1, 4, 4], [layer('conv1', [1, 1, 1], { parameters: 1, ...sight(9, 1) })])
    expect(stagesOf(odd)[1]!.window).toBeUndefined()
  })
})
