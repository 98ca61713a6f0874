// torch.save before 1.6: five pickles one after the other (a magic number, the format's version, facts about the machine,
// the saved value, the names of its storages), then for every storage its length in elements and the elements.

import { FormatError } from '../errors.ts'
import { type Dtype, elementBytes } from './arrays.ts'
import { type Pickled, readPickle } from './pickle.ts'
import { type TorchParts, type TorchStorage, torchTable } from './torch-values.ts'

// torch.serialization.MAGIC_NUMBER and PROTOCOL_VERSION
const MAGIC = 0x1950a86a20f9469cfc6cn
const VERSION = 1001
const hint = "save it again with torch.save(net.state_dict(), 'weights.pth')"

const MAGIC_BYTES = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]
const FRAME = 0x95

/** Whether bytes begin with a pickle of the magic number: its protocol, from 4 on a frame of it, the number, a stop. */
export function isTorchPickle(bytes: Uint8Array): boolean {
  const [proto, protocol, frame] = bytes
  const start = frame === FRAME ? 11 : 2
  return (
    proto === 0x80 && protocol! >= 2 && protocol! <= 5 && MAGIC_BYTES.every((byte, at) => bytes[start + at] === byte)
  )
}

/** Takes a file of this format apart. Throws a FormatError naming `file` and the byte. */
export function readLegacy(bytes: Uint8Array, file: string): TorchParts {
  if (bytes[0] !== 0x80) {
    throw new FormatError(file, 'begins neither like a ZIP archive nor like a pickle: no file of torch.save', {
      offset: 0,
    })
  }
  let place = 0
  const storages = new Map<string, Dtype>()
  const table = {
    ...torchTable,
    persistent: (id: Pickled, refuse: (problem: string) => FormatError) => {
      const storage = torchTable.persistent(id, refuse) as TorchStorage
      storages.set(storage.key, storage.dtype)
      return storage
    },
  }
  const next = (): Pickled => {
    const { value, end } = readPickle({ bytes, file, start: place }, table)
    place = end
    return value
  }
  checkStart(next(), next(), next(), file)
  const root = next()
  const keysAt = place
  const keys = next()
  if (!Array.isArray(keys)) throw new FormatError(file, 'has no list of its storages', { offset: keysAt })
  const found = new Map<Pickled, { bytes: Uint8Array; offset: number }>()
  for (const key of keys) {
    const dtype = typeof key === 'string' ? storages.get(key) : undefined
    if (dtype === undefined || found.has(key)) {
      throw new FormatError(file, 'lists a storage that no tensor uses, or one twice', { offset: keysAt })
    }
    const part = readElements(bytes, place, dtype, file)
    found.set(key, part)
    place = part.offset + part.bytes.length
  }
  const storage = ({ key }: TorchStorage) => {
    const part = found.get(key)
    if (part !== undefined) return part
    throw new FormatError(file, `has no storage '${key}', which a tensor uses`, { offset: keysAt })
  }
  return { root, storage }
}

function checkStart(magic: Pickled, version: Pickled, machine: Pickled, file: string): void {
  if (magic !== MAGIC || version !== VERSION) {
    throw new FormatError(file, 'is a pickle, but none of torch.save', { offset: 0, hint })
  }
  if (!(machine instanceof Map) || machine.get('little_endian') !== true) {
    throw new FormatError(file, 'was saved on a big-endian machine; little-endian is read', { offset: 0, hint })
  }
}

function readElements(
  bytes: Uint8Array,
  start: number,
  dtype: Dtype,
  file: string,
): { bytes: Uint8Array; offset: number } {
  const offset = start + 8
  if (offset > bytes.length) throw new FormatError(file, 'ends before its last storage', { offset: bytes.length })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigInt64(start, true))
  const end = offset + length * elementBytes(dtype)
  if (length < 0 || end > bytes.length) {
    const problem = `has ${bytes.length - offset} bytes left for a storage of ${length} elements of ${dtype}`
    throw new FormatError(file, problem, { offset: start })
  }
  return { bytes: bytes.subarray(offset, end), offset }
}
