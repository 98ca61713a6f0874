import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { compileAlone } from '../engine/wasm/compile.ts'
import { linear, view } from '../layers/index.ts'
import { model } from '../model/model.ts'
import { planPrediction } from '../model/plan.ts'
import { writeIdx } from './idx.ts'
import { type OnnxModel, writeOnnx } from './onnx.ts'
import { readPth, writePth } from './pth.ts'
import { readSafetensors, writeSafetensors } from './safetensors.ts'
import { type FormatName, formats, sniff } from './sniff.ts'
import { writeZip } from './zip.ts'

const one = new Map([['a', { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } as const]])
const folders = ['fixtures/', '../testing/fixtures/'].map((folder) => new URL(folder, import.meta.url))
const endings: Readonly<Record<string, FormatName>> = { '.onnx': 'onnx', '.safetensors': 'safetensors', '.pth': 'zip' }

/** Every whole file there is, with what it is. */
const samples = (): [string, Uint8Array, FormatName][] => {
  const kept = folders.flatMap((folder) =>
    readdirSync(folder).flatMap((name): [string, Uint8Array, FormatName][] => {
      const format = endings[name.slice(name.lastIndexOf('.'))]
      const bytes = new Uint8Array(readFileSync(new URL(name, folder)))
      return format ? [[name, bytes, name === 'legacy.pth' ? 'torch pickle' : format]] : []
    }),
  )
  const net = model([1, 2, 2], { flat: view(-1, 4), fc: linear(2) })
  const module = compileAlone(planPrediction(net, 'uint8').program, () => undefined, { name: 'lenet', text: '{}' })
  return [
    ...kept,
    ['a module', module, 'wasm'],
    ['packed', new Uint8Array(gzipSync('what is packed')), 'gzip'],
    ['an array', writeIdx({ shape: [3, 2, 2], data: new Uint8Array(12) }), 'idx'],
    ['no tensor', writeSafetensors(new Map()), 'safetensors'],
    ['an archive', writeZip(new Map([['a', new Uint8Array(3)]])), 'zip'],
  ]
}

test('a whole file satisfies the predicate of its own format and no other', () => {
  const all = samples()
  expect(new Set(all.map(([, , format]) => format))).toEqual(new Set(Object.keys(formats)))
  for (const [name, bytes, format] of all) {
    const fitting = Object.entries(formats).flatMap(([other, { is }]) => (is(bytes) ? [other] : []))
    expect([name, fitting]).toEqual([name, [format]])
  }
})

/** A file of ours whose header has `length` bytes: what is not filled by metadata is white space. */
function withHeader(length: number): Uint8Array {
  const fixed = new TextEncoder().encode(
    '{"__metadata__":{"k":""},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}',
  )
  const bytes = new Uint8Array(8 + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(length >= fixed.length ? fixed : [0x7b, 0x7d], 8)
  return bytes
}

test('safetensors are known as such whatever the length of their header', () => {
  for (let length = 2; length <= 4096; length++) {
    const bytes = withHeader(length)
    const fitting = Object.entries(formats).flatMap(([name, { is }]) => (is(bytes) ? [name] : []))
    expect([length, fitting]).toEqual([length, ['safetensors']])
    expect(sniff(bytes)).toBe('safetensors')
  }
  expect(readSafetensors(withHeader(640)).arrays.size).toBe(1)
  for (let letters = 0; letters < 600; letters++)
    expect(sniff(writeSafetensors(one, { format: 'x'.repeat(letters) }))).toBe('safetensors')
})

test('a header as long as a ZIP signature, and one that begins with white space, are safetensors', () => {
  const length = 0x01004b50
  const bytes = withHeader(length)
  expect([...bytes.subarray(0, 4)]).toEqual([0x50, 0x4b, 0, 1])
  expect(sniff(bytes)).toBe('safetensors')
  const spaced = withHeader(30)
  spaced.set(new TextEncoder().encode('\n {}  '), 8)
  expect(sniff(spaced)).toBe('safetensors')
})

const graph: OnnxModel = {
  irVersion: 8,
  opset: 17,
  producer: '',
  producerVersion: '',
  graph: 'g',
  inputs: [{ name: 'x', dtype: 'float32', shape: ['n', 2] }],
  outputs: [{ name: 'y', dtype: 'float32', shape: ['n', 2] }],
  initializers: new Map(),
  nodes: [{ type: 'Relu', domain: '', name: '', inputs: ['x'], outputs: ['y'], attributes: new Map() }],
  metadata: {},
}

test('ONNX is known by its fields, in any order, whatever the producer is called', () => {
  const bytes = writeOnnx({ ...graph, producer: 'to{ls' })
  for (let letters = 0; letters < 12; letters++)
    expect(sniff(writeOnnx({ ...graph, producer: `${'p'.repeat(letters)}{x}` }))).toBe('onnx')
  const reordered = Uint8Array.from([0x42, 4, 0x0a, 0, 0x10, 17, ...bytes])
  expect(sniff(reordered)).toBe('onnx')
  expect(sniff(bytes.subarray(0, 30))).toBe('onnx')
})

test('a damaged file is left to the reader of what it begins like, and text is nothing', () => {
  const archive = writePth(one)
  expect(sniff(archive.subarray(0, 100))).toBe('zip')
  expect(sniff(writeSafetensors(one).subarray(0, 40))).toBe('safetensors')
  expect(sniff(Uint8Array.of(0x80, 2, 0x5d, 0x2e))).toBe('torch pickle')
  for (const text of ['', 'hello', '<!doctype html>', '{"layers": {}}', 'PK', '\u0000asm'])
    expect([text, sniff(new TextEncoder().encode(text))]).toEqual([text, text === '\u0000asm' ? 'wasm' : undefined])
})

test('an archive behind other bytes is one, and its reader says what is wrong', () => {
  const shifted = Uint8Array.from([1, 2, 3, ...writePth(one)])
  expect(sniff(shifted)).toBe('zip')
  expect(() => readPth(shifted, 'shifted.pth')).toThrow(/^shifted\.pth: /)
})
