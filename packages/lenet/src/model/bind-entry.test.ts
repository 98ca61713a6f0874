// A layer of one's own whose declarations do not fit together is refused, and never read in one way or another.
import { expect, test } from 'vitest'
import { ShapeError, UsageError } from '../errors.ts'
import { relu } from '../layers/index.ts'
import { fanIn, inputNames, type LayerDefinition, layer } from '../layers/layer.ts'
import { real } from '../layers/options.ts'
import { bindEntry } from './bind-entry.ts'
import { model } from './model.ts'

const bound = (definition: Partial<LayerDefinition>) => {
  const own = layer({
    name: 'own',
    summary: '',
    options: {},
    output: (input) => input,
    equations: ['y[...] = x[...]'],
    examples: [],
    ...definition,
  })
  const from = inputNames(definition, 1).map(() => 'before')
  const net = model([2, 2, 2, 2], { before: relu(), it: { ...own(), from } })
  return bindEntry(net.entries[1]!, 'train').equations
}
const ones = { shape: [2], data: new Float32Array([1, 1]) }

test.each<[string, Partial<LayerDefinition>]>([
  ['x', { parameters: () => ({ x: fanIn([2, 2, 2, 2]) }) }],
  ['y', { parameters: () => ({ y: fanIn([2, 2, 2, 2]) }) }],
  ['x', { inputs: ['x', 'x'] }],
  ['y', { inputs: ['y'] }],
  ['w', { parameters: () => ({ w: fanIn([2]) }), constants: () => ({ w: ones }) }],
])('%s may not stand for two things at once', (name, definition) => {
  expect(() => bound(definition)).toThrow(UsageError)
  expect(() => bound(definition)).toThrow(`own 'it': ${name} stands for two things`)
})

test('a constant has as many numbers as its shape says, on every engine', () => {
  const equations = ['y[...] = x[...] * t[0]']
  for (const length of [0, 1, 3]) {
    const refused = () => bound({ constants: () => ({ t: { shape: [2], data: new Float32Array(length) } }), equations })
    expect(refused).toThrow(ShapeError)
    expect(refused).toThrow(`own 'it': its constant t is [2], but it has ${length} numbers`)
  }
  expect(bound({ constants: () => ({ t: ones }), equations })).toHaveLength(1)
})

test('a pair of numbers takes the place of no axis', () => {
  const a = { ...real('a pair', 0), read: () => [0, 1], otherwise: () => [0, 1] }
  expect(() => bound({ options: { a } })).toThrow("own 'it': an option is called 'a0'")
})

test('a parameter has a shape, and first values have a width', () => {
  for (const shape of [[0], [2.5], [-1]])
    expect(() => bound({ parameters: () => ({ w: fanIn(shape, 1) }) })).toThrow(
      `own 'it': its parameter w is [${shape}]`,
    )
  for (const fan of [0, Number.NaN, -2])
    expect(() => bound({ parameters: () => ({ w: fanIn([2], fan) }) })).toThrow(`has a fan of ${fan}`)
})

test('an index that begins at −0 is +0 there, as whole numbers are', () => {
  const [equation] = bound({ equations: ['y[i,j,k,l] = x[i,j,k,l] / (-0 - i)'] })
  const index = equation!.value.kind === 'call' && equation!.value.parts[1]!
  expect(index).toEqual({ kind: 'index', index: { constant: 0, terms: [['i', -1]] } })
})
