// Damage inside models that leaves what is around it whole: JSON in a right header, a pickle in a right archive, fields in a
// right tree, facts under a right checksum. What opens must hold together.

import { sizeOf } from '../packages/lenet/src/engine/program.ts'
import { FormatError } from '../packages/lenet/src/errors.ts'
import { type OpenOptions, openModel, saveModel } from '../packages/lenet/src/files/any-file.ts'
import type { ModelFile } from '../packages/lenet/src/files/check-model.ts'
import { readModel } from '../packages/lenet/src/files/file.ts'
import { importOnnx } from '../packages/lenet/src/files/onnx-import.ts'
import { parseJson } from '../packages/lenet/src/formats/json-fields.ts'
import { readOnnx, writeOnnx } from '../packages/lenet/src/formats/onnx.ts'
import { readSafetensors, writeSafetensors } from '../packages/lenet/src/formats/safetensors.ts'
import { readZip, writeZip } from '../packages/lenet/src/formats/zip.ts'
import { conv2d, linear, maxPool2d, relu, softmax, tanh, view } from '../packages/lenet/src/layers/index.ts'
import { initialise } from '../packages/lenet/src/model/initialise.ts'
import { model, parametersOf } from '../packages/lenet/src/model/model.ts'
import { trainedModel } from '../packages/lenet/src/predict/trained-model.ts'
import { readWasm, SECTION } from '../packages/lenet/src/ship/read-wasm.ts'
import { seal } from '../packages/lenet/src/ship/seal.ts'
import { writeWasm } from '../packages/lenet/src/ship/write-wasm.ts'
import { readCheckpoint, writeCheckpoint } from '../packages/lenet/src/train/checkpoint.ts'
import { type Dice, damagedBytes, type Target } from './damage.ts'
import { damagedJson } from './damage-json.ts'
import { damagedMessage } from './damage-protobuf.ts'

const net = model([1, 8, 8], {
  conv1: conv2d({ out: 3, kernel: 3 }),
  act: tanh(),
  pool: maxPool2d(2),
  conv2: conv2d({
    out: 2,
    kernel: 2,
    table: [
      [1, 1, 0],
      [0, 1, 1],
    ],
  }),
  act2: relu(),
  flat: view(-1, 8),
  fc: linear(5),
  out: softmax(),
})
const plain = model([1, 8, 8], {
  conv: conv2d({ out: 3, kernel: 3 }),
  act: relu(),
  pool: maxPool2d(2),
  flat: view(-1, 27),
  fc: linear(5),
})
const partsOf = (of: ModelFile['net']): ModelFile => ({
  net: of,
  weights: initialise(of, 3),
  classes: ['a', 'b', 'c', 'd', 'e'],
  normalisation: { mean: [0.1], std: [0.3] },
  preparation: 'digit',
})

/** Opens, and now and then predicts: numbers as many as the layers want, names that are texts. */
function open(bytes: Uint8Array, options: OpenOptions = {}): void {
  const opened = openModel(bytes, 'x', options)
  check(opened)
  if (bytes.length % 31 !== 0 || sizeOf(opened.net.input) > 10_000) return
  const { label } = trainedModel(opened, { engine: 'reference' }).predict(new Uint8Array(sizeOf(opened.net.input)))
  if (typeof label !== 'string') throw new TypeError(`the label is ${label}`)
}

function check({ net, weights }: Pick<ModelFile, 'net' | 'weights'>): void {
  for (const { name, shape } of parametersOf(net))
    if (weights.get(name)?.length !== sizeOf(shape)) throw new TypeError(`'${name}' has not the numbers of [${shape}]`)
}

const json = (text: string, dice: Dice): string => JSON.stringify(damagedJson(JSON.parse(text), dice)) ?? 'null'

/** One of the texts in the metadata, or what the header says of a tensor, changed. */
function damagedSafetensors(bytes: Uint8Array, dice: Dice): Uint8Array {
  const { arrays, metadata } = readSafetensors(bytes)
  if (dice(3) === 0) return damagedHeader(bytes, dice)
  const keys = Object.keys(metadata)
  const key = keys[dice(keys.length)]!
  const text = metadata[key]!.startsWith('{') ? json(metadata[key]!, dice) : ['', 'lenet model 2', 'lenet x'][dice(3)]!
  return writeSafetensors(arrays, { ...metadata, [key]: text })
}

function damagedHeader(bytes: Uint8Array, dice: Dice): Uint8Array {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const header = new TextEncoder().encode(json(new TextDecoder().decode(bytes.subarray(8, 8 + length)), dice))
  const start = new Uint8Array(8)
  new DataView(start.buffer).setBigUint64(0, BigInt(header.length), true)
  return new Uint8Array(Buffer.concat([start, header, bytes.subarray(8 + length)]))
}

function damagedArchive(bytes: Uint8Array, dice: Dice): Uint8Array {
  const files = new Map([...readZip(bytes)].map(([name, entry]) => [name, entry.bytes]))
  const names = [...files.keys()]
  const name = dice(4) > 0 ? names.find((one) => one.endsWith('data.pkl'))! : names[dice(names.length)]!
  const content = files.get(name)!
  if (dice(12) === 0) files.delete(name)
  else files.set(name, content.length === 0 ? Uint8Array.of(dice(256)) : damagedBytes(content, dice))
  return writeZip(files)
}

/** The facts of a module changed under a checksum that is right. */
function damagedFacts(bytes: Uint8Array, dice: Dice): Uint8Array {
  const at = Buffer.from(bytes).lastIndexOf(`${SECTION}{`) + SECTION.length
  const { crc32, ...facts } = JSON.parse(new TextDecoder().decode(bytes.subarray(at)))
  const damaged = damagedJson(facts, dice)
  const text = JSON.stringify(typeof damaged === 'object' && damaged !== null ? { ...damaged, crc32 } : damaged)
  const section = Buffer.concat([Buffer.of(SECTION.length), Buffer.from(SECTION), Buffer.from(text ?? 'null')])
  const length = Buffer.of((section.length & 127) | 128, section.length >> 7)
  const start = bytes.subarray(0, at - SECTION.length - 1 - lengthBytes(bytes.length - at + SECTION.length + 1) - 1)
  const whole = new Uint8Array(Buffer.concat([start, Buffer.of(0), length, section]))
  return (text ?? '').endsWith(`"crc32":"${crc32}"}`) ? seal(whole) : whole
}

const lengthBytes = (length: number): number => (length < 128 ? 1 : 2)

async function readShipped(bytes: Uint8Array): Promise<void> {
  const shipped = await readWasm(bytes, 'x')
  const { scores } = shipped.predict(new Uint8Array(sizeOf(shipped.input)))
  if (scores.length !== shipped.classes.length) throw new TypeError(`${scores.length} scores`)
}

/** A module that was changed anywhere must not answer. */
async function readOnly(whole: Uint8Array, bytes: Uint8Array): Promise<void> {
  await readShipped(bytes)
  if (!Buffer.from(bytes).equals(whole)) throw new TypeError('a changed module answers')
}

const refuse = (problem: string) => new FormatError('x', problem)

export function modelTargets(): Target[] {
  const parts = partsOf(net)
  const safetensors = saveModel(parts, 'x.safetensors').bytes
  const onnx = saveModel(parts, 'x.onnx').bytes
  const nodes = writeOnnx({ ...readOnnx(saveModel(partsOf(plain), 'x.onnx').bytes), metadata: {} })
  const { bytes: pth, companion } = saveModel(parts, 'x.pth')
  const beside = new TextEncoder().encode(JSON.stringify(companion))
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
  const checkpoint = writeCheckpoint(net, {
    epoch: 1,
    step: 2,
    seed: 1,
    weights: parts.weights,
    state: new Map([['velocity', new Float32Array(7)]]),
    memory: [1, 1],
    running: { loss: 1, right: 1, samples: 2 },
    best: { epoch: 1, accuracy: 0.5, weights: parts.weights },
    seconds: 3,
  })
  const shipped = writeWasm(parts)
  const house = { errors: 'house' } as const
  return [
    { ...house, format: 'model', samples: [safetensors], damage: damagedSafetensors, read: (b) => open(b) },
    { ...house, format: 'model, whole', samples: [safetensors], read: (b) => check(readModel(b, 'x')) },
    { ...house, format: 'model in ONNX', samples: [onnx], damage: damagedMessage, read: (b) => open(b) },
    {
      ...house,
      format: 'nodes of ONNX',
      samples: [nodes],
      damage: damagedMessage,
      read: (b) => check(importOnnx(b, 'x')),
    },
    { ...house, format: 'model in .pth', samples: [pth], damage: damagedArchive, read: (b) => open(b, { net }) },
    {
      ...house,
      format: 'JSON beside .pth',
      samples: [beside],
      damage: (b, dice) => new TextEncoder().encode(json(text(b), dice)),
      read: (b) => open(pth, { companion: parseJson(text(b), 'it', refuse) as object }),
    },
    {
      ...house,
      format: 'checkpoint',
      samples: [checkpoint],
      damage: damagedSafetensors,
      read: (b) => check({ net, weights: readCheckpoint(net, b, 'x').weights }),
    },
    { ...house, format: 'facts of .wasm', samples: [shipped], damage: damagedFacts, read: readShipped },
    { ...house, format: '.wasm', samples: [shipped], read: (b) => readOnly(shipped, b) },
  ]
}
