import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sizeOf } from '../engine/program.ts'
import { FormatError } from '../errors.ts'
import { readOnnx, writeOnnx } from '../formats/onnx.ts'
import {
  add,
  avgPool2d,
  conv2d,
  dropout,
  globalAvgPool2d,
  linear,
  maxPool2d,
  relu,
  scaledTanh,
  sigmoid,
  softmax,
  subsample,
  tanh,
  view,
} from '../layers/index.ts'
import { from, type Layer } from '../layers/layer.ts'
import { initialise } from '../model/initialise.ts'
import { model, type Net } from '../model/model.ts'
import { scoresOf } from '../testing/onnx-file.ts'
import { exportOnnx } from './onnx-export.ts'
import { importOnnx } from './onnx-import.ts'

const partsOf = (net: Net) => ({
  net,
  weights: initialise(net, 5),
  classes: Array.from({ length: net.entries.at(-1)!.output[0]! }, (_, index) => `class ${index}`),
  normalisation: { mean: new Array(net.input[0]!).fill(0), std: new Array(net.input[0]!).fill(1) },
  preparation: 'picture' as const,
})

const withoutMetadata = (bytes: Uint8Array) => writeOnnx({ ...readOnnx(bytes), metadata: {} })

test('every value of a file has a name of its own, whatever entries are called', () => {
  for (const at of [0, 1, 2, 3]) {
    const names = ['conv', 'act', 'fc', 'flat']
    names[at] = 'scores'
    const [conv, act, fc, flat] = names as [string, string, string, string]
    const layers = { [conv]: conv2d({ out: 2, kernel: 2 }), [act]: tanh(), [flat]: view(-1, 8), [fc]: linear(3) }
    const parts = partsOf(model([1, 3, 3], layers))
    const bytes = exportOnnx(parts)
    const { nodes, initializers } = readOnnx(bytes)
    const values = ['input', ...initializers.keys(), ...nodes.flatMap(({ outputs }) => outputs)]
    expect(new Set(values).size).toBe(values.length)
    expect(scoresOf(importOnnx(bytes, 'x'))).toEqual(scoresOf(parts))
    expect(scoresOf(importOnnx(withoutMetadata(bytes), 'x'))).toEqual(scoresOf(parts))
  }
})

const sides = fc.record({
  kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  stride: fc.integer({ min: 1, max: 3 }),
  padding: fc.constantFrom(0, 0, 1),
})
const spatial: fc.Arbitrary<Layer> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), sides, fc.boolean())
    .map(([out, given, bias]) => conv2d({ out, ...given, bias })),
  sides.map(({ kernel, stride }) => maxPool2d({ kernel, stride })),
  sides.map(({ kernel, stride }) => avgPool2d({ kernel, stride })),
  fc.constantFrom(maxPool2d({ kernel: 3, stride: 2, padding: 1 }), avgPool2d({ kernel: 3, stride: 1, padding: 1 })),
  fc.constantFrom(relu(), tanh(), sigmoid(), dropout(0.3), subsample(2), scaledTanh()),
)
const flat = fc.oneof(fc.integer({ min: 1, max: 6 }).map(linear), fc.constantFrom(relu(), tanh(), dropout(0.5)))
const nets = fc
  .record({
    input: fc.tuple(fc.constantFrom(1, 3), fc.integer({ min: 4, max: 9 }), fc.integer({ min: 4, max: 9 })),
    body: fc.array(spatial, { maxLength: 4 }),
    joins: fc.boolean(),
    head: fc.constantFrom('mean', 'view', 'rows'),
    tail: fc.array(flat, { maxLength: 2 }),
    ends: fc.boolean(),
    names: fc.shuffledSubarray([
      'scores',
      'loss',
      'target',
      'd_l0',
      'x',
      'y',
      'constructor',
      '__proto__',
      'relu1',
      'w',
    ]),
  })
  .map(({ input, body, joins, head, tail, ends, names }) => {
    const list: [string, Layer][] = []
    let net: Net | undefined
    const append = (layer: Layer) => {
      const entry: [string, Layer] = [names[list.length] ?? `l${list.length}`, layer]
      try {
        net = model(input, Object.fromEntries([...list, entry]))
        list.push(entry)
      } catch {
        // Its window is larger than what is left: this layer is not part of the model.
      }
    }
    for (const layer of body) append(layer)
    const [before, shape] = [list.at(-1)?.[0] ?? 'input', net?.entries.at(-1)?.output ?? input]
    if (joins) {
      append(conv2d({ out: shape[0]!, kernel: 3, padding: 1 }))
      append(from([list.at(-1)![0], before], add()))
    }
    if (head === 'mean') append(globalAvgPool2d())
    if (head === 'view') append(view(-1, sizeOf(net?.entries.at(-1)?.output ?? input)))
    if (head === 'rows') {
      const shape = net?.entries.at(-1)?.output ?? input
      append(view(-1, sizeOf(shape.slice(0, -1)), shape.at(-1)!))
      append(linear(2))
      append(view(-1, -1))
    }
    for (const layer of [...tail, linear(3), ...(ends ? [softmax()] : [])]) append(layer)
    return net!
  })

test('random nets come back from their nodes alone with the same scores, or are refused by name', () => {
  fc.assert(
    fc.property(nets, (net) => {
      const parts = partsOf(net)
      const bytes = exportOnnx(parts)
      expect(scoresOf(importOnnx(bytes, 'x'))).toEqual(scoresOf(parts))
      const severalNodes = net.entries.some(
        ({ layer }) => layer.definition.onnx?.read === undefined && layer.definition.name !== 'dropout',
      )
      if (severalNodes) expect(() => importOnnx(withoutMetadata(bytes), 'x')).toThrow(FormatError)
      else expect(scoresOf(importOnnx(withoutMetadata(bytes), 'x'))).toEqual(scoresOf(parts))
    }),
    { numRuns: Number(process.env.LENET_RANDOM_MODELS ?? 60), seed: 7 },
  )
}, 120_000)
