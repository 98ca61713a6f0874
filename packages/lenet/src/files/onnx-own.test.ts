// Files of ours, edited by somebody else: the metadata still speaks of the layers that they were written from.
import { expect, test } from 'vitest'
import { type OnnxModel, readOnnx, writeOnnx } from '../formats/onnx.ts'
import { linear, rbf, relu, scaledTanh, tanh, view } from '../layers/index.ts'
import { floats } from '../layers/onnx.ts'
import { initialise } from '../model/initialise.ts'
import { model, type Net } from '../model/model.ts'
import { scoresOf } from '../testing/onnx-file.ts'
import { exportOnnx } from './onnx-export.ts'
import { importOnnx } from './onnx-import.ts'

const facts = { classes: ['a', 'b', 'c'], normalisation: { mean: [0.5], std: [0.25] }, preparation: 'picture' } as const
const written = (net: Net) => exportOnnx({ net, weights: initialise(net, 3), ...facts })
const edited = (bytes: Uint8Array, change: (graph: OnnxModel) => Partial<OnnxModel>) => {
  const graph = readOnnx(bytes)
  return writeOnnx({ ...graph, ...change(graph) })
}
const of = (act = relu()) => model([1, 2, 2], { flat: view(-1, 4), fc1: linear(4), act, fc2: linear(3) })

test('what was changed in the nodes counts, not what the metadata says they were', () => {
  const bytes = edited(written(of()), ({ nodes }) => ({
    nodes: nodes.map((node) => (node.type === 'Relu' ? { ...node, type: 'Tanh' } : node)),
  }))
  const read = importOnnx(bytes, 'x')
  expect(scoresOf(read)).toEqual(scoresOf({ net: of(tanh()), weights: initialise(of(), 3) }))
  expect(read.facts).toEqual(facts)
})

test('names of nodes and the order of attributes do not matter', () => {
  const net = model([1, 2, 2], { flat: view(-1, 4), fc1: linear(4), act: scaledTanh(), codes: rbf(3) })
  const bytes = edited(written(net), ({ nodes }) => ({
    nodes: nodes.map((node) => ({
      ...node,
      name: `${node.name}!`,
      attributes: new Map([...node.attributes].reverse()),
    })),
  }))
  expect(importOnnx(bytes, 'x').net.entries.map(({ name }) => name)).toEqual(['flat', 'fc1', 'act', 'codes'])
})

test('weights under other names are read from the nodes', () => {
  const rename = (name: string) => name.replace(/^fc1\.(weight|bias)$/, 'hidden.$1')
  const bytes = edited(written(of()), ({ nodes, initializers }) => ({
    nodes: nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename) })),
    initializers: new Map([...initializers].map(([name, array]) => [rename(name), array])),
  }))
  const read = importOnnx(bytes, 'x')
  expect(read.net.entries.map(({ name }) => name)).toContain('hidden')
  expect(scoresOf(read)).toEqual(scoresOf({ net: of(), weights: initialise(of(), 3) }))
})

test('an edited constant, input or version of a layer that only metadata can tell is refused', () => {
  const bytes = written(model([1, 2, 2], { flat: view(-1, 4), fc1: linear(4), act: scaledTanh(), fc2: linear(3) }))
  const changes: ((graph: OnnxModel) => Partial<OnnxModel>)[] = [
    ({ initializers }) => ({ initializers: new Map([...initializers, ['act.slope', floats([], 2)]]) }),
    () => ({ opset: 18 }),
  ]
  for (const change of changes)
    expect(() => importOnnx(edited(bytes, change), 'x')).toThrow(
      "node Mul 'act.0' reads 'act.slope', which is no output of a layer",
    )
})

test('facts that do not fit the net that the nodes are, are left to be guessed', () => {
  const bytes = edited(written(of()), ({ nodes, initializers }) => ({
    nodes,
    initializers: new Map([
      ...initializers,
      ['fc2.weight', floats([2, 4], 1, 2, 3, 4, 5, 6, 7, 8)],
      ['fc2.bias', floats([2], 1, 2)],
    ]),
    outputs: [{ name: 'scores', dtype: 'float32', shape: ['batch', 2] }],
    opset: 16,
  }))
  expect(importOnnx(bytes, 'x').facts).toEqual({ normalisation: facts.normalisation, preparation: 'picture' })
})
