import { expect, test } from 'vitest'
import { FormatError, ShapeError, UsageError } from '../errors.ts'
import { initialise } from '../model/initialise.ts'
import { modelNamed, zoo } from '../model/zoo/index.ts'
import { type TrainedModel, trainedModel } from '../predict/trained-model.ts'
import { readWasm } from './read-wasm.ts'
import { seal } from './seal.ts'
import { writeWasm } from './write-wasm.ts'

const withWeights = (name: string): TrainedModel => {
  const net = modelNamed(name, { channels: 1 })
  return trainedModel({
    net,
    weights: initialise(net, 3),
    classes: Array.from({ length: net.entries.at(-1)!.output[0]! }, (_, index) => `class ${index}`),
    normalisation: { mean: [0.13], std: [0.31] },
    preparation: 'digit',
  })
}
const imagesOf = ({ net }: TrainedModel): Uint8Array[] =>
  [0, 1, 2].map((image) =>
    Uint8Array.from({ length: net.input.reduce((a, b) => a * b) }, (_, at) => (at * (37 + image) + image * 101) & 255),
  )

for (const name of Object.keys(zoo))
  test(`${name} as a module answers as the library does, to the last bit`, async () => {
    const model = withWeights(name)
    const shipped = await readWasm(writeWasm(model))
    for (const pixels of imagesOf(model)) expect(shipped.predict(pixels)).toEqual(model.predict(pixels))
  })

test('a module needs nothing: its exports are enough to predict', async () => {
  const model = withWeights('lenet')
  const { instance } = await WebAssembly.instantiate(writeWasm(model))
  const { memory, input, output, predict } = instance.exports as unknown as {
    memory: WebAssembly.Memory
    input: WebAssembly.Global<'i32'>
    output: WebAssembly.Global<'i32'>
    predict(): void
  }
  const [pixels] = imagesOf(model)
  new Uint8Array(memory.buffer, input.value).set(pixels!)
  predict()
  const scores = new Float32Array(memory.buffer, output.value, 10)
  expect(scores.indexOf(Math.max(...scores))).toBe(model.classes.indexOf(model.predict(pixels!).label))
  expect(WebAssembly.Module.imports(await WebAssembly.compile(writeWasm(model)))).toEqual([])
})

test('a module weighs little more than its weights', () => {
  expect(writeWasm(withWeights('lenet')).length).toBeLessThan(62_006 * 4 + 30_000)
})

test('what is no model, or damaged, is refused with the reason', async () => {
  const bytes = writeWasm(withWeights('lenet1'))
  await expect(readWasm(bytes.slice(0, 5000), 'cut.wasm')).rejects.toThrow(FormatError)
  await expect(readWasm(new TextEncoder().encode('hello'), 'text.wasm')).rejects.toThrow(
    /text\.wasm: is no module of WebAssembly/,
  )
  const empty = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  await expect(readWasm(empty, 'empty.wasm')).rejects.toThrow(
    "empty.wasm: is WebAssembly, but no model: it has no section 'lenet'",
  )
  const changed = (from: string, to: string) => {
    const copy = bytes.slice()
    copy.set(new TextEncoder().encode(to), new TextDecoder('latin1').decode(bytes).indexOf(from))
    return seal(copy)
  }
  for (const [from, to] of [
    ['"format":1', '"format":9'],
    ['"preparation":"digit"', '"preparation":"digif"'],
    ['"best":"largest"', '"best":"largesq"'],
    ['"class 0"', '1234567  '],
    ['"crc32"', '"crc33"'],
  ] as const)
    await expect(readWasm(changed(from, to)), from).rejects.toThrow(/section 'lenet' is damaged, or of a later version/)
  await expect(readWasm(changed('predict', 'perdict'))).rejects.toThrow(/there is no function 'predict'/)
})

test('a module of which any byte was changed is refused before its code runs', async () => {
  const bytes = writeWasm(withWeights('lenet1'))
  for (let at = 9; at < bytes.length; at += 977) {
    const copy = bytes.slice()
    copy[at]! ^= 1 << (at & 7)
    await expect(readWasm(copy, 'changed.wasm'), `byte ${at}`).rejects.toThrow(FormatError)
  }
})

test.each([
  ['unreachable', [0x00]],
  ['a store beyond the memory', [0x41, 0x7f, 0x41, 0x00, 0x36, 0x02, 0x00]],
])('code that stops (%s) is the fault of the file, not of the picture', async (_, code) => {
  const text = JSON.stringify({
    format: 1,
    input: [1, 1, 1],
    classes: ['a'],
    preparation: 'digit',
    reading: { best: 'largest', probability: 'softmax' },
  })
  const shipped = await readWasm(moduleOf(code, text), 'stops.wasm')
  expect(() => shipped.predict(new Uint8Array(1))).toThrow(/^stops\.wasm: its code does not answer, but stops \(/)
  expect(() => shipped.predict(new Uint8Array(1))).toThrow(FormatError)
})

/** A module with a memory, `input` and `output` at 0, and a `predict` of this code, without a checksum. */
function moduleOf(code: readonly number[], note: string): Uint8Array {
  const letters = (word: string) => [word.length, ...new TextEncoder().encode(word)]
  const section = (id: number, content: readonly number[]) => [id, ...leb(content.length), ...content]
  const leb = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)])
  const zero = [0x7f, 0, 0x41, 0, 0x0b]
  const body = [0, ...code, 0x0b]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(6, [2, ...zero, ...zero]),
    ...section(7, [
      4,
      ...letters('memory'),
      2,
      0,
      ...letters('input'),
      3,
      0,
      ...letters('output'),
      3,
      1,
      ...letters('predict'),
      0,
      0,
    ]),
    ...section(10, [1, body.length, ...body]),
    ...section(0, [...letters('lenet'), ...new TextEncoder().encode(note)]),
  ])
}

test('images of another size or kind are refused', async () => {
  const shipped = await readWasm(writeWasm(withWeights('lenet1')))
  expect(() => shipped.predict(new Uint8Array(10))).toThrow(ShapeError)
  expect(() => shipped.predict(new Float32Array(784))).toThrow(UsageError)
})
