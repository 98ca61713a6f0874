import { expect, test } from 'vitest'
import { readOnnx, writeOnnx } from '../formats/onnx.ts'
import { conv2d, linear, relu, scaledTanh, view } from '../layers/index.ts'
import { initialise } from '../model/initialise.ts'
import { model } from '../model/model.ts'
import { trainedModel } from '../predict/trained-model.ts'
import { openModel, saveModel } from './any-file.ts'
import { describeNet, type NetDescription, netFrom } from './description.ts'
import { exportOnnx } from './onnx-export.ts'

const net = model([2, 3, 3], {
  conv: conv2d({ out: 2, kernel: 2 }),
  act: scaledTanh(),
  fc_flat: view(-1, -1),
  fc: linear(3),
  act2: relu(),
  out: linear(2),
})
const parts = {
  net,
  weights: initialise(net, 4),
  classes: ['a', 'b'],
  normalisation: { mean: [0.4], std: [0.3] },
  preparation: 'picture' as const,
}
/** The list as version 1 wrote it: without a version, and without what reads the maps as a row. */
const { version: _, layers, input } = describeNet(net)
const { fc_flat: flat, ...others } = layers
const old: NetDescription = { input, layers: others }
const image = Uint8Array.from({ length: 18 }, (_, at) => (at * 53) % 256)
const expected = trainedModel(parts).predict(image)

test('a list without a version reads feature maps as one row, and is the same net with a view', () => {
  expect(describeNet(netFrom(old, 'old.json'))).toEqual(describeNet(net))
  const { bytes, companion } = saveModel(parts, 'x.pth')
  const opened = openModel(bytes, 'x.pth', { companion: { ...companion, net: old } })
  expect(trainedModel(opened).predict(image)).toEqual(expected)
})

test('where the name of the view is taken, it has another', () => {
  const taken = { input, layers: { fc_flat: layers.act2!, ...others } }
  expect(
    netFrom(taken, 'x')
      .entries.map(({ name }) => name)
      .slice(3, 5),
  ).toEqual(['fc_flat_', 'fc'])
})

test('an ONNX file of version 1 is what its metadata says as long as its nodes are those of version 1', () => {
  const graph = readOnnx(exportOnnx(parts))
  const nodes = graph.nodes.map((node) =>
    node.type === 'Reshape'
      ? {
          ...node,
          type: 'Flatten',
          inputs: ['act'],
          outputs: ['fc.flat'],
          attributes: new Map([['axis', { kind: 'int', value: 1 } as const]]),
        }
      : { ...node, inputs: node.inputs.map((name) => (name === 'fc_flat' ? 'fc.flat' : name)) },
  )
  const initializers = new Map([...graph.initializers].filter(([name]) => name !== 'fc_flat.shape'))
  const metadata = { ...graph.metadata, 'lenet.net': JSON.stringify(old) }
  const bytes = writeOnnx({ ...graph, nodes, initializers, metadata })
  expect(trainedModel(openModel(bytes, 'old.onnx')).predict(image)).toEqual(expected)
})

test('a list of version 2 means the last axis, one of a later version is refused', () => {
  expect(() => netFrom({ version: 2, ...old }, 'x')).toThrow(
    "linear 'fc': weighs the numbers of a row: it takes [features] or [rows, features], not [2,2,2]\nhint: view(-1, 8) before it reads a sample as one row",
  )
  expect(() => netFrom({ ...describeNet(net), version: 3 as unknown as 2 }, 'new.json')).toThrow(
    'new.json: its layer list is of version 3; those of version 2 and before are read',
  )
  expect(flat).toEqual({ layer: 'view', options: { shape: [-1, -1] } })
})
