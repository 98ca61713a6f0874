// ONNX in both directions: our own files without their metadata, and files that PyTorch's exporter wrote.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sizeOf } from '../engine/program.ts'
import { type NamedArray, toFloat32 } from '../formats/arrays.ts'
import { readOnnx, writeOnnx } from '../formats/onnx.ts'
import { readSafetensors } from '../formats/safetensors.ts'
import { initialise } from '../model/initialise.ts'
import type { Net } from '../model/model.ts'
import { zoo } from '../model/zoo/index.ts'
import { createRandom } from '../random/random.ts'
import { scoresOf } from '../testing/onnx-file.ts'
import { tolerances } from '../testing/tolerances.ts'
import { difference } from '../testing/torch-run.ts'
import { openModel, saveModel } from './any-file.ts'
import type { ModelFile } from './check-model.ts'
import { exportOnnx } from './onnx-export.ts'
import { importOnnx } from './onnx-import.ts'

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../testing/fixtures/${name}`, import.meta.url)))

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

test('what a file says of itself counts more than the JSON beside it, which may belong to another of its name', () => {
  const model = fileOf(zoo.lenet!({ channels: 1 }))
  const { bytes } = saveModel(model, 'x.onnx')
  const other = { ...model, classes: [...'ABCDEFGHIJ'], normalisation: { mean: [0.9], std: [0.01] } }
  const { companion } = saveModel(other, 'x.pth')
  expect(openModel(bytes, 'x.onnx', { companion: companion! })).toMatchObject({
    classes: model.classes,
    normalisation: model.normalisation,
  })
  const bare = writeOnnx({ ...readOnnx(bytes), metadata: {} })
  expect(openModel(bare, 'x.onnx', { companion: companion! })).toMatchObject({ classes: other.classes, guessed: [] })
})

test.each(['torch-narrow', 'torch-sequential'])('%s, exported by PyTorch, gives its logits', (name) => {
  const { arrays } = readSafetensors(fixture(`${name}-logits.safetensors`))
  const [x, logits] = ['x', 'logits'].map((part) => toFloat32(arrays.get(part) as NamedArray))
  expect(difference(scoresOf(importOnnx(fixture(`${name}.onnx`), name), x!), logits!)).toBeLessThan(
    tolerances.torchValue,
  )
})
