// ONNX in both directions: our own files without their metadata, and files that PyTorch's exporter wrote.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createMachineNow } from '../engine/create-machine.ts'
import { sizeOf } from '../engine/program.ts'
import { type NamedArray, toFloat32 } from '../formats/arrays.ts'
import { type OnnxNode, readOnnx, writeOnnx } from '../formats/onnx.ts'
import { readSafetensors } from '../formats/safetensors.ts'
import { conv2d, globalAvgPool2d, linear } from '../layers/index.ts'
import { transposed } from '../layers/onnx.ts'
import { createRandom } from '../random/random.ts'
import { tolerances } from '../testing/tolerances.ts'
import { difference } from '../testing/torch-run.ts'
import { initialise } from '../train/initialise.ts'
import { openModel, saveModel } from './any-file.ts'
import type { ModelFile } from './file.ts'
import { model, type Net } from './model.ts'
import { exportOnnx } from './onnx-export.ts'
import { importOnnx } from './onnx-import.ts'
import { names, planPrediction } from './plan.ts'
import { zoo } from './zoo/index.ts'

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../testing/fixtures/${name}`, import.meta.url)))

function scoresOf(
  { net, weights }: { net: Net; weights: ReadonlyMap<string, Float32Array> },
  x: Float32Array,
): Float32Array {
  const samples = x.length / sizeOf(net.input)
  const plan = planPrediction(net, 'float32')
  const machine = createMachineNow(plan.program, samples)
  for (const [name, values] of weights) machine.write(name, values)
  machine.write(names.scale, new Float32Array(net.input[0]!).fill(1))
  machine.write(names.shift, new Float32Array(net.input[0]!))
  machine.input(names.pixels).set(x)
  machine.start(samples)
  machine.finish()
  return machine.output(plan.scores).slice(0, samples * net.entries.at(-1)!.output[0]!)
}

const fileOf = (net: Net): ModelFile => ({
  net,
  weights: initialise(net, 4),
  classes: Array.from({ length: net.entries.at(-1)!.output[0]! }, (_, index) => `class ${index}`),
  normalisation: { mean: new Array(net.input[0]!).fill(0.25), std: new Array(net.input[0]!).fill(0.5) },
  preparation: 'picture',
})

describe.each(Object.entries(zoo))('%s', (_, make) => {
  const model = fileOf(make({ channels: 1 }))
  const isReadable = model.net.entries.every(({ layer }) => layer.definition.onnx?.read && !layer.options.table)
  const random = createRandom(2, 'noise')
  const x = Float32Array.from({ length: 3 * sizeOf(model.net.input) }, () => random() * 2 - 1)

  // Connection tables, subsampling and codes are written as several nodes, and not read back from those.
  if (isReadable)
    test('is read back from ONNX nodes alone, and answers to the same bit', () => {
      const nodes = writeOnnx({ ...readOnnx(exportOnnx(model)), metadata: {} })
      expect(scoresOf(importOnnx(nodes, 'x.onnx'), x)).toEqual(scoresOf(model, x))
    })

  test('keeps classes and normalisation in the file', () => {
    const { bytes, companion } = saveModel(model, 'x.onnx')
    expect(companion).toBeUndefined()
    expect(openModel(bytes, 'x.onnx')).toMatchObject({
      classes: model.classes,
      normalisation: model.normalisation,
      guessed: [],
    })
  })
})

test.each(['torch-narrow', 'torch-sequential'])('%s, exported by PyTorch, gives its logits', (name) => {
  const { arrays } = readSafetensors(fixture(`${name}-logits.safetensors`))
  const [x, logits] = ['x', 'logits'].map((part) => toFloat32(arrays.get(part) as NamedArray))
  expect(difference(scoresOf(importOnnx(fixture(`${name}.onnx`), name), x!), logits!)).toBeLessThan(
    tolerances.torchValue,
  )
})

test('a batch normalisation goes into the convolution before it, a product and a sum become one layer', () => {
  const net = model([1, 3, 3], { conv: conv2d({ out: 2, kernel: 1 }), mean: globalAvgPool2d(), fc: linear(2) })
  const file = fileOf(net)
  const graph = readOnnx(exportOnnx(file))
  const array = (...values: number[]): NamedArray => ({
    dtype: 'float32',
    shape: [values.length],
    data: Float32Array.from(values),
  })
  const [gamma, beta, mu, variance] = [array(1.5, -2), array(0.1, 0.2), array(0.3, -0.4), array(4, 0.25)]
  const normalise: OnnxNode = {
    type: 'BatchNormalization',
    domain: '',
    name: 'bn',
    inputs: ['conv', 'gamma', 'beta', 'mu', 'variance'],
    outputs: ['normalised'],
    attributes: new Map(),
  }
  const nodes = graph.nodes.flatMap((node): OnnxNode[] => {
    if (node.type === 'Conv') return [node, normalise]
    if (node.type === 'GlobalAveragePool') return [{ ...node, inputs: ['normalised'] }]
    if (node.type !== 'Gemm') return [node]
    const product = {
      ...node,
      type: 'MatMul',
      inputs: [node.inputs[0]!, 'turned'],
      outputs: ['product'],
      attributes: new Map(),
    }
    return [product, { ...product, type: 'Add', name: 'sum', inputs: ['product', 'fc.bias'], outputs: node.outputs }]
  })
  const initializers = new Map([
    ...graph.initializers,
    ['gamma', gamma],
    ['beta', beta],
    ['mu', mu],
    ['variance', variance],
    ['turned', transposed(graph.initializers.get('fc.weight')!)],
  ] as [string, NamedArray][])
  const read = importOnnx(writeOnnx({ ...graph, metadata: {}, initializers, nodes }), 'bn.onnx')
  const x = Float32Array.from({ length: 9 }, (_, at) => at / 4 - 1)
  const brightness = x.reduce((sum, value) => sum + value, 0) / 9
  const hidden = [0, 1].map((o) => {
    const conv = file.weights.get('conv.weight')![o]! * brightness + file.weights.get('conv.bias')![o]!
    return (
      (toFloat32(gamma)[o]! * (conv - toFloat32(mu)[o]!)) / Math.sqrt(toFloat32(variance)[o]! + 1e-5) +
      toFloat32(beta)[o]!
    )
  })
  const expected = [0, 1].map((k) =>
    hidden.reduce(
      (sum, value, i) => sum + value * file.weights.get('fc.weight')![k * 2 + i]!,
      file.weights.get('fc.bias')![k]!,
    ),
  )
  expect(difference(scoresOf(read, x), Float32Array.from(expected))).toBeLessThan(tolerances.torchValue)
})

describe('what no layer reads is refused by its name', () => {
  const graph = readOnnx(exportOnnx(fileOf(zoo.lenet!())))
  const withNode = (change: (node: OnnxNode) => Partial<OnnxNode>) =>
    writeOnnx({ ...graph, metadata: {}, nodes: graph.nodes.map((node) => ({ ...node, ...change(node) })) })
  test.each([
    [
      "node LSTM 'relu1' is not one that a layer reads; there is Conv",
      withNode(({ name }) => (name === 'relu1' ? { type: 'LSTM' } : {})),
    ],
    [
      "node Conv 'conv2' has group 2; 1 is accepted",
      withNode(({ name, attributes }) =>
        name === 'conv2' ? { attributes: new Map([...attributes, ['group', { kind: 'int', value: 2 }]]) } : {},
      ),
    ],
    [
      "node Conv 'conv1' computes its input 'input'; a constant is accepted",
      withNode(({ name }) => (name === 'conv1' ? { inputs: ['input', 'input'] } : {})),
    ],
  ])('%s', (message, bytes) => {
    expect(() => importOnnx(bytes, 'x.onnx')).toThrow(`x.onnx: ${message}`)
  })
})
