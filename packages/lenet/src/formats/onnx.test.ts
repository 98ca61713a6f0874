import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { toFloat32 } from './arrays.ts'
import { type OnnxModel, readOnnx, writeOnnx } from './onnx.ts'
import { bytesField, integerField, joined, messageField, textField } from './protobuf-write.ts'

const fixture = new Uint8Array(readFileSync(new URL('fixtures/typed.onnx', import.meta.url)))
const model = readOnnx(fixture, 'typed.onnx')

const weights = (...fields: Uint8Array[]) => messageField(7, [messageField(5, fields)])
const node = (...fields: Uint8Array[]) => messageField(7, [messageField(1, fields)])
const attribute = (...fields: Uint8Array[]) => node(textField(4, 'Conv'), messageField(5, fields))

describe('ONNX', () => {
  test('the head of a model of the official library is read', () => {
    const { irVersion, opset, producer, producerVersion, graph, metadata } = model
    expect([irVersion, opset, producer, producerVersion, graph]).toEqual([8, 17, 'maker', '2', 'net'])
    expect(metadata).toEqual({ classes: 'a,b' })
  })

  test('inputs keep the names of open extents, and are not the weights', () => {
    expect(model.inputs).toEqual([{ name: 'x', dtype: 'float32', shape: ['batch', 1, 4, 4] }])
    expect(model.outputs).toEqual([{ name: 'y', dtype: 'float32', shape: ['', 30] }])
  })

  test('nodes have their type, values and attributes', () => {
    expect(model.nodes.map(({ type }) => type)).toEqual(['Conv', 'LeakyRelu', 'Pad', 'Constant', 'Reshape', 'Own'])
    expect(model.nodes[0]).toEqual({
      type: 'Conv',
      domain: '',
      name: 'first',
      inputs: ['x', 'conv.weight', 'conv.bias'],
      outputs: ['a'],
      attributes: new Map([
        ['kernel_shape', { kind: 'ints', value: [2, 3] }],
        ['pads', { kind: 'ints', value: [1, 1, 1, 1] }],
      ]),
    })
    expect(model.nodes[1]!.attributes.get('alpha')).toEqual({ kind: 'float', value: 0.25 })
    expect(model.nodes[2]!.inputs).toEqual(['b', '', 'fill'])
    expect(model.nodes[2]!.attributes.get('mode')).toEqual({ kind: 'string', value: 'reflect' })
    const shape = { dtype: 'int64', shape: [2], data: BigInt64Array.of(0n, -1n) }
    expect(model.nodes[3]!.attributes.get('value')).toEqual({ kind: 'tensor', value: shape })
    expect(model.nodes[5]!.domain).toBe('own')
    expect(model.nodes[5]!.attributes).toEqual(
      new Map([
        ['axis', { kind: 'int', value: -1 }],
        ['names', { kind: 'strings', value: ['a', 'ü'] }],
        ['scales', { kind: 'floats', value: [1.5, -2] }],
      ]),
    )
  })

  test('weights are read raw and from the field of every type', () => {
    const values = Object.fromEntries([...model.initializers].map(([name, array]) => [name, array.data]))
    expect(values).toEqual({
      'conv.weight': Float32Array.from({ length: 12 }, (_, n) => n / 2),
      'conv.bias': Float32Array.of(-1, 2),
      float16: Uint16Array.of(0x3e00, 0xc000),
      bfloat16: Uint16Array.of(0x3f80, 0xc040),
      float64: Float64Array.of(0.1),
      int64: BigInt64Array.of(-5n, 2n ** 60n),
      int32: Int32Array.of(-7),
      int16: Int16Array.of(-300),
      int8: Int8Array.of(-1, -128),
      uint8: Uint8Array.of(0, 127, 255),
      uint16: Uint16Array.of(65535),
      uint32: Uint32Array.of(2 ** 32 - 1),
      uint64: BigUint64Array.of(2n ** 63n + 5n),
      bool: Uint8Array.of(1, 0),
    })
    expect(model.initializers.get('conv.weight')!.shape).toEqual([2, 1, 2, 3])
    expect([...toFloat32(model.initializers.get('float16')!)]).toEqual([1.5, -2])
  })

  test('what was written is read back, and written again to the same bytes', () => {
    const bytes = writeOnnx(model)
    expect(readOnnx(bytes)).toEqual(model)
    expect(writeOnnx(readOnnx(bytes))).toEqual(bytes)
  })

  test('a value of unknown shape and a scalar are kept apart', () => {
    const outputs: OnnxModel['outputs'] = [
      { name: 'a', dtype: 'float32' },
      { name: 'b', dtype: 'float32', shape: [] },
    ]
    expect(readOnnx(writeOnnx({ ...model, outputs })).outputs).toEqual(outputs)
  })

  test('a file cut off at any byte is a FormatError, or the model without what stood behind', () => {
    for (let length = 0; length < fixture.length; length++) {
      try {
        expect(readOnnx(fixture.subarray(0, length)).nodes).toEqual(model.nodes)
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    }
  })

  test.each([
    ['nothing', new Uint8Array(0), 'x: has no graph; it is no ONNX model (byte 0)'],
    ['weights in another file', weights(textField(8, 'w'), integerField(14, 1)), "keeps tensor 'w' in another file"],
    [
      'too few elements',
      weights(textField(8, 'w'), integerField(1, 3), integerField(2, 1), bytesField(9, new Uint8Array(8))),
      "tensor 'w' has 8 bytes; float32 of [3] has 12",
    ],
    [
      'a huge shape',
      weights(textField(8, 'w'), integerField(1, 2 ** 52), integerField(1, 2 ** 52), integerField(2, 1)),
      "tensor 'w' has 0 bytes",
    ],
    [
      'a negative extent',
      weights(textField(8, 'w'), integerField(1, -3), integerField(2, 1)),
      "tensor 'w' has shape [-3]",
    ],
    ['texts as weights', weights(textField(8, 'w'), integerField(2, 8)), "tensor 'w' has element type 8"],
    ['weights without a name', weights(integerField(1, 0), integerField(2, 1)), 'has weights without a name'],
    ['weights in parts', weights(textField(8, 'w'), messageField(3, [])), "has only a part of tensor 'w'"],
    ['a second graph', joined([messageField(7, []), messageField(7, [])]), 'has two graphs'],
    [
      'two versions of the operators',
      joined([messageField(7, []), messageField(8, [integerField(2, 9)]), messageField(8, [integerField(2, 13)])]),
      'has operators of the versions 9 and 13',
    ],
    ['a function', joined([messageField(7, []), messageField(25, [])]), 'has functions of its own'],
    ['an overload', node(textField(4, 'Conv'), textField(8, 'own')), "has a node of the overload 'own'"],
    [
      'an attribute twice',
      node(
        textField(4, 'Conv'),
        ...[1, 2].map((value) => messageField(5, [textField(1, 'group'), integerField(3, value), integerField(20, 2)])),
      ),
      "has a node with attribute 'group' twice",
    ],
    ['a reference as attribute', attribute(textField(1, 'a'), textField(21, 'b')), "has attribute 'a' that refers"],
    ['a node without a type', node(textField(1, 'x')), 'has a node without a type'],
    ['a graph as attribute', attribute(textField(1, 'body'), integerField(20, 5)), "has attribute 'body' of type 5"],
    ['a text for a number', joined([textField(1, 'x')]), 'has field 1 with a length where a varint belongs'],
    ['a field beyond its message', Uint8Array.of(0x3a, 100, 1), 'has a field that ends beyond its message (byte 0)'],
    [
      'a length of 2^63',
      Uint8Array.of(0x3a, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1),
      'ends beyond its message',
    ],
    ['a number without end', Uint8Array.of(8, ...new Array(11).fill(255)), 'has a number of more than 10 bytes'],
    ['a number beyond 2^53', Uint8Array.of(8, 255, 255, 255, 255, 255, 255, 255, 127), 'up to 2^53 is read'],
    ['groups', Uint8Array.of(11), 'has a field of wire type 3'],
    ['field 0', Uint8Array.of(2, 0), 'has a field numbered 0'],
    ['a text that is not UTF-8', joined([bytesField(2, Uint8Array.of(255))]), 'a text that is not UTF-8'],
  ])('%s is refused', (_, bytes, message) => {
    expect(() => readOnnx(bytes, 'x')).toThrow(FormatError)
    expect(() => readOnnx(bytes, 'x')).toThrow(message)
  })

  test('a crowd of empty parts is refused before it fills the memory', () => {
    const crowd = messageField(7, [new Uint8Array(1e6).map((_, n) => (n % 2 === 0 ? 0x5a : 0))])
    expect(() => readOnnx(crowd, 'x')).toThrow(FormatError)
  })
})
