import { expect, test } from 'vitest'
import { fanIn, type LayerDefinition } from '../layers/layer.ts'
import { entryOf } from '../testing/entry-program.ts'
import { bindEntry } from './bind-entry.ts'

const own: LayerDefinition = {
  name: 'own',
  summary: 'Only here.',
  options: {},
  output: () => [6],
  parameters: () => ({ w: fanIn([3], 1) }),
  equations: ['y[i] = x[i]'],
  examples: [],
}

test.each([
  ['a parameter and a constant', { constants: () => ({ w: { shape: [3], data: new Float32Array(3) } }) }, 'w'],
  ['a parameter and the result', { parameters: () => ({ y: fanIn([6], 1) }) }, 'y'],
  ['a parameter and what is read', { parameters: () => ({ x: fanIn([6], 1) }) }, 'x'],
])('%s with one name are refused', (_, change, name) => {
  expect(() => bindEntry(entryOf({ ...own, ...change }, {}, [[6]]), 'train')).toThrow(
    `own 'it': two of its tensors are called ${name}; give each one its own name`,
  )
})
