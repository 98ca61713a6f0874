import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { type NamedArrays, toFloat32 } from './arrays.ts'
import { readPth, writePth } from './pth.ts'
import { readZip, writeZip } from './zip.ts'

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)))
const read = (name: string) => readPth(fixture(name), name)

// What fixtures/make-pth.py saved.
const saved: NamedArrays = new Map([
  ['conv.weight', { dtype: 'float32', shape: [2, 1, 2, 3], data: Float32Array.from({ length: 12 }, (_, n) => n / 2) }],
  ['conv.bias', { dtype: 'float32', shape: [2], data: Float32Array.of(-1, 2) }],
])

/** A file with the given pickle (letters are bytes) and storages of float32, otherwise as torch writes it. */
function file(pickle: string, storages: Record<string, number[]> = {}, more: Record<string, string> = {}): Uint8Array {
  const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
  const data = Object.entries(storages).map(([key, values]): [string, Uint8Array] => {
    return [`a/data/${key}`, new Uint8Array(Float32Array.from(values).buffer)]
  })
  const others = Object.entries(more).map(([name, text]): [string, Uint8Array] => [`a/${name}`, bytesOf(text)])
  return writeZip(new Map([['a/data.pkl', bytesOf(pickle)], ...data, ...others]))
}

const storage = (length: string) => `(U\x07storagectorch\nFloatStorage\nU\x010U\x03cpu${length}tQ`
const tensor = (rest: string, length = 'K\x02') =>
  `ctorch._utils\n_rebuild_tensor_v2\n(${storage(length)}${rest}\x89NtR`
const state = (rest: string, length?: string) => `\x80\x02}(U\x01a${tensor(rest, length)}u.`

describe('files of torch.save', () => {
  test.each([
    'plain.pth',
    'legacy.pth',
    'protocol4.pth',
    'dataparallel.pth',
    'parameters.pth',
    'strided.pth',
    'shared.pth',
  ])('%s gives the arrays that were saved', (name) => {
    expect(read(name)).toEqual({ arrays: saved, path: [], skipped: [] })
  })

  test('a checkpoint gives the weights inside it and says where they stood', () => {
    expect(read('checkpoint.pth')).toEqual({ arrays: saved, path: ['model_state_dict'], skipped: [] })
  })

  test('a checkpoint full of other values, tensors among them, gives the weights alone', () => {
    expect(read('crowded.pth')).toEqual({ arrays: saved, path: ['state_dict'], skipped: [] })
  })

  test('what stands among the tensors and is none is named', () => {
    const both = file(state('K\x00K\x02\x85K\x01\x85').replace('u.', 'U\x01bK\x05U\x01c}u.'), { 0: [3, 4] })
    expect(readPth(both).skipped).toEqual(['b', 'c'])
  })

  test('every element type is read', () => {
    const { arrays } = read('types.pth')
    expect([...arrays].map(([name, { dtype }]) => [name, dtype])).toEqual(
      [...arrays.keys()].map((name) => [name, name]),
    )
    expect(arrays.size).toBe(9)
    for (const [name, array] of arrays)
      expect([...toFloat32(array)]).toEqual([0, 1, name === 'bool' ? 1 : 2, name === 'bool' ? 1 : 100])
  })

  test('scalars and arrays without elements are read', () => {
    const { arrays } = read('odd-shapes.pth')
    expect(arrays.get('scalar')).toEqual({ dtype: 'int64', shape: [], data: BigInt64Array.of(7n) })
    expect(arrays.get('none')).toEqual({ dtype: 'float32', shape: [0, 3], data: new Float32Array(0) })
  })

  test('a pickle that would run a command is refused by the name of what it would run', () => {
    expect(() => read('evil.pth')).toThrow(
      /^evil.pth: wants Python's 'posix.system'; lenet reads data and runs nothing \(byte 1/,
    )
  })

  test('a whole module is refused with what to save instead', () => {
    const message =
      /'torch.nn.modules.container.Sequential'.*\nhint: save the weights alone: torch.save\(net.state_dict\(\), /
    expect(() => read('whole-module.pth')).toThrow(message)
    expect(() => read('tensor.pth')).toThrow('holds a single tensor; a state_dict is wanted')
  })

  test('what PyTorch 2 adds to the archive is read over, a foreign byte order is not', () => {
    const rest = 'K\x00K\x02\x85K\x01\x85'
    const two = file(
      state(rest),
      { 0: [3, 4] },
      { byteorder: 'little', version: '3\n', '.data/serialization_id': '0123' },
    )
    expect(readPth(two).arrays.get('a')!.data).toEqual(Float32Array.of(3, 4))
    expect(() => readPth(file(state(rest), { 0: [3, 4] }, { byteorder: 'big' }), 'x')).toThrow(
      "x: has a byteorder that is not 'little'",
    )
  })

  test.each([
    ['a tensor beyond its storage', state('K\x01K\x02\x85K\x01\x85'), 'leaves its storage of 2 elements'],
    ['strides beyond the storage', state('K\x00K\x02\x85K\x02\x85'), 'leaves its storage of 2 elements'],
    ['a negative offset', state('J\xff\xff\xff\xffK\x02\x85K\x01\x85'), 'no whole numbers from 0'],
    ['a negative stride', state('K\x01K\x02\x85J\xff\xff\xff\xff\x85'), 'no whole numbers from 0'],
    [
      'an offset beyond 2^53',
      state('\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7fK\x02\x85K\x01\x85'),
      'no whole numbers from 0',
    ],
    [
      'extents whose product overflows',
      state(`K\x00${'\x8a\x07\xff\xff\xff\xff\xff\xff\x00'.repeat(3)}\x87K\x00K\x00K\x00\x87`),
      'larger than 8 times the file',
    ],
    ['a repeated element', state('K\x00J\xff\xff\xff\x7f\x85K\x00\x85'), 'larger than 8 times the file'],
    ['shape and strides of different length', state('K\x00K\x02\x85)'), 'no whole numbers from 0'],
    [
      'a storage of another length',
      state('K\x00K\x02\x85K\x01\x85', 'K\x03'),
      'has a storage of 8 bytes for 3 elements of float32',
    ],
    [
      'a storage that is not there',
      state('K\x00K\x02\x85K\x01\x85').replace('U\x010', 'U\x017'),
      "has no entry 'a/data/7'",
    ],
    [
      'a tensor without its storage',
      '\x80\x02}U\x01actorch._utils\n_rebuild_tensor_v2\n)Rs.',
      'has a tensor without a storage',
    ],
    [
      'a parameter without its tensor',
      '\x80\x02ctorch._utils\n_rebuild_parameter\nN\x85R.',
      'has a parameter without a tensor',
    ],
    ['a storage of no known class', '\x80\x02(U\x07storageNU\x010U\x03cpuK\x02tQ.', 'no storage of a known type'],
    ['no tensors', '\x80\x02}(U\x05epochK\x03u.', "holds no tensors; its keys are 'epoch'"],
    [
      'a dictionary inside itself',
      '\x80\x02}q\x00U\x05modelh\x00s.',
      "holds no tensors under 'model.model.model.model'",
    ],
    ['a list', '\x80\x02].', 'holds no dictionary; a state_dict is wanted'],
  ])('%s is refused', (_, pickle, message) => {
    expect(() => readPth(file(pickle, { 0: [3, 4] }), 'x')).toThrow(FormatError)
    expect(() => readPth(file(pickle, { 0: [3, 4] }), 'x')).toThrow(message)
  })

  test('a crowd of names for one empty tensor is refused before it fills the memory', () => {
    const names = Array.from({ length: 5000 }, (_, n) => `U\x04${`${n}`.padStart(4)}h\x01`).join('')
    const crowd = `\x80\x02${tensor('K\x00K\x00\x85K\x01\x85')}q\x01}(${names}u.`
    expect(() => readPth(file(crowd, { 0: [3, 4] }), 'x')).toThrow('larger than 8 times the file')
  })

  test('a parameter with attributes of its own is its tensor', () => {
    const values = `${tensor('K\x00K\x02\x85K\x01\x85')}\x88}}t`
    const parameter = `\x80\x02}U\x01actorch._utils\n_rebuild_parameter_with_state\n(${values}Rs.`
    expect(readPth(file(parameter, { 0: [3, 4] })).arrays.get('a')!.data).toEqual(Float32Array.of(3, 4))
  })

  test('archives and pickles of something else are refused', () => {
    expect(() => readPth(writeZip(new Map([['a/b', Uint8Array.of(1)]])), 'x')).toThrow("0 entries 'data.pkl'")
    expect(() => readPth(Uint8Array.of(0x80, 2, 0x4e, 0x2e, 0x4e, 0x2e, 0x4e, 0x2e), 'x')).toThrow(
      'is a pickle, but none of torch.save',
    )
    expect(() => readPth(new Uint8Array(100), 'x')).toThrow('begins neither like a ZIP archive nor like a pickle')
  })

  /** legacy.pth with the bytes after the first place where `text` stands replaced. */
  function legacyWith(text: string, ...replacement: number[]): Uint8Array {
    const bytes = fixture('legacy.pth')
    const place = Buffer.from(bytes).indexOf(text, 0, 'latin1')
    expect(place).toBeGreaterThan(0)
    bytes.set(replacement, place + text.length)
    return bytes
  }

  test('legacy files of a big-endian machine, or with storages of impossible lengths, are refused', () => {
    expect(() => readPth(legacyWith('little_endianq\x02', 0x89), 'x')).toThrow('was saved on a big-endian machine')
    // Two texts in a list, the end of the pickle, then the length of the first storage: 12 or 2 elements.
    const length = Buffer.from(fixture('legacy.pth')).lastIndexOf('e.', -1, 'latin1') + 2
    const withLength = (value: bigint) => {
      const bytes = fixture('legacy.pth')
      new DataView(bytes.buffer).setBigInt64(length, value, true)
      return bytes
    }
    expect(() => readPth(withLength(-1n), 'x')).toThrow(
      /bytes left for a storage of -1 elements of float32 \(byte \d+\)/,
    )
    expect(() => readPth(withLength(2n ** 62n), 'x')).toThrow('for a storage of 4611686018427388000 elements')
    expect(() => readPth(withLength(1n), 'x')).toThrow(FormatError)
  })

  test.each(['plain.pth', 'legacy.pth', 'checkpoint.pth'])('%s cut off at any byte is a FormatError', (name) => {
    const bytes = fixture(name)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readPth(bytes.subarray(0, length), name)).toThrow(FormatError)
    }
  })
})

describe('bits beside the elements of a tensor', () => {
  const two = (name: string, after: string) =>
    file(`\x80\x02}(U\x01actorch._utils\n${name}\n(${storage('K\x02')}K\x00(K\x02t(K\x01t${after}tRu.`, { 0: [1, -2] })

  test("PyTorch's negative and conjugate bits, and any other metadata, are refused", () => {
    for (const bit of ['neg', 'conj', 'xyz'])
      expect(() =>
        readPth(two('_rebuild_tensor_v2', `\x89N}(U${String.fromCharCode(bit.length)}${bit}\x88u`), 'x.pth'),
      ).toThrow(
        new RegExp(
          `^x\\.pth: has a tensor with the metadata '${bit}'; only plain elements are read \\(byte \\d+\\)\nhint: save copies`,
        ),
      )
    for (const metadata of ['K\x01', 'U\x03neg'])
      expect(() => readPth(two('_rebuild_tensor_v2', `\x89N${metadata}`))).toThrow('metadata that are no dictionary')
    expect(() => readPth(two('_rebuild_tensor_v2', '\x89N}K\x01'))).toThrow('a tensor of 8 arguments')
  })

  test('no metadata, and bits that are not set, change nothing', () => {
    const wanted = { dtype: 'float32', shape: [2], data: Float32Array.of(1, -2) }
    for (const after of ['\x89N', '\x89N}', '\x89NN', '\x89N}(U\x03neg\x89u'])
      expect(readPth(two('_rebuild_tensor_v2', after)).arrays.get('a')).toEqual(wanted)
  })

  test('a tensor as PyTorch wrote it until 0.3, with four arguments, is read', () => {
    expect(readPth(two('_rebuild_tensor', '')).arrays.get('a')?.data).toEqual(Float32Array.of(1, -2))
  })
})

describe('writing files for torch.load', () => {
  test('what was written is read back', () => {
    for (const name of ['plain.pth', 'types.pth', 'odd-shapes.pth']) {
      const { arrays } = read(name)
      expect(readPth(writePth(arrays))).toEqual({ arrays, path: [], skipped: [] })
    }
  })

  test('the records are those of torch, each at a multiple of 64 bytes', () => {
    const entries = readZip(writePth(saved, 'digits'))
    expect([...entries.keys()]).toEqual(['digits/data.pkl', 'digits/data/0', 'digits/data/1', 'digits/version'])
    for (const { offset } of entries.values()) expect(offset % 64).toBe(0)
  })

  test("LeNet-5's file is within one percent of the one that torch writes", () => {
    const shapes = { conv1: [6, 3, 5, 5], conv2: [16, 6, 5, 5], fc1: [120, 400], fc2: [84, 120], fc3: [10, 84] }
    const float32 = (shape: number[]) => {
      return { dtype: 'float32' as const, shape, data: new Float32Array(shape.reduce((a, b) => a * b)) }
    }
    const arrays: NamedArrays = new Map(
      Object.entries(shapes).flatMap(([name, shape]) => [
        [`${name}.weight`, float32(shape)],
        [`${name}.bias`, float32([shape[0]!])],
      ]),
    )
    expect(Math.abs(writePth(arrays, 'lenet').length / 250_863 - 1)).toBeLessThan(0.01)
  })

  test('types without a storage class in torch, and data that does not fill its shape, are refused', () => {
    const bytes = Uint16Array.of(1)
    expect(() => writePth(new Map([['a', { dtype: 'uint16', shape: [1], data: bytes }]]))).toThrow(
      "tensor 'a' is uint16",
    )
    expect(() => writePth(new Map([['a', { dtype: 'float16', shape: [2], data: bytes }]]))).toThrow('do not fill [2]')
  })
})
