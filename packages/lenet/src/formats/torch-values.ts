// What the pickles of torch.save may name: dictionaries, tensors over storages, and a few plain values beside them. A
// storage is a run of elements elsewhere in the file; a tensor is a window into it (offset, shape, strides).

import type { FormatError } from '../errors.ts'
import { arrayFromBytes, type Dtype, elementBytes, elementCount, MOST_AXES, type NamedArray } from './arrays.ts'
import type { Call, Made, Pickled, PickleTable, Refuse } from './pickle.ts'

export interface TorchStorage extends Made {
  readonly made: 'storage'
  readonly dtype: Dtype
  /** Its name in the file. */
  readonly key: string
  /** In elements. */
  readonly length: number
}

export interface TorchTensor extends Made {
  readonly made: 'tensor'
  readonly storage: TorchStorage
  /** The first element. */
  readonly start: number
  readonly shape: readonly number[]
  /** Elements from one index to the next, for each axis. */
  readonly strides: readonly number[]
}

/** A file taken apart: the root of its pickle, and the bytes of its storages. */
export interface TorchParts {
  readonly root: Pickled
  readonly storage: (storage: TorchStorage) => { readonly bytes: Uint8Array; readonly offset: number }
}

/** The classes that torch names its storages by. Types that came later than these have none. */
export const storageClasses: ReadonlyMap<string, Dtype> = new Map([
  ['torch.FloatStorage', 'float32'],
  ['torch.DoubleStorage', 'float64'],
  ['torch.HalfStorage', 'float16'],
  ['torch.BFloat16Storage', 'bfloat16'],
  ['torch.LongStorage', 'int64'],
  ['torch.IntStorage', 'int32'],
  ['torch.ShortStorage', 'int16'],
  ['torch.CharStorage', 'int8'],
  ['torch.ByteStorage', 'uint8'],
  ['torch.BoolStorage', 'bool'],
  // Bytes of any type, which torch saves as a value of their own and never under a tensor.
  ['torch.storage.UntypedStorage', 'uint8'],
])

const noValue: Call = () => null
const itsArgument: Call = ([first = null]) => first

// Passed on, never called: element types, and what a defaultdict would call for a key that is not there.
const plainNames = [
  ...'float32 float float64 double float16 half bfloat16 int64 int32 int16 int8 uint8 bool strided'
    .split(' ')
    .map((name) => `torch.${name}`),
  ...builtins(['list', 'dict', 'int', 'float']),
]

const globals = new Map<string, Call | undefined>([
  ...[...storageClasses.keys(), ...plainNames].map((name): [string, undefined] => [name, undefined]),
  ['collections.OrderedDict', emptyDictionary],
  ['collections.defaultdict', (_, refuse) => emptyDictionary([], refuse)],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_parameter', rebuildParameter],
  ['torch._utils._rebuild_parameter_with_state', rebuildParameter],
  ['torch.Size', itsArgument],
  ['torch.device', noValue],
  // Sets, and how protocol 2 writes bytes: as a text and the name of its encoding. They stay a list and a text.
  ...['_codecs.encode', ...builtins(['set', 'frozenset', 'bytes'])].map((name): [string, Call] => [name, itsArgument]),
])

// Python 2's name, which protocol 2 keeps, and Python 3's.
function builtins(names: readonly string[]): string[] {
  return names.flatMap((name) => [`__builtin__.${name}`, `builtins.${name}`])
}

const resolveHint =
  'save copies: torch.save({k: v.resolve_conj().resolve_neg() for k, v in net.state_dict().items()}, …)'
export const stateDictHint = "save the weights alone: torch.save(net.state_dict(), 'weights.pth')"

export const torchTable: PickleTable = { globals, persistent: readStorage, hint: stateDictHint }

function emptyDictionary(args: readonly Pickled[], refuse: Refuse): Pickled {
  if (args.length > 0) throw refuse('makes an OrderedDict from arguments')
  return new Map()
}

// _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks, metadata); before torch 0.4
// _rebuild_tensor had the first four alone. The metadata say how the elements are to be read: 'neg' and 'conj' are bits of a
// lazy sign and conjugate, which only what copies a tensor resolves.
function rebuildTensor(args: readonly Pickled[], refuse: Refuse): TorchTensor {
  const [storage, start, shape, strides, , , metadata = null] = args
  if (!isStorage(storage)) throw refuse('has a tensor without a storage')
  if (metadata !== null && !(metadata instanceof Map)) throw refuse('has a tensor with metadata that are no dictionary')
  for (const [name, value] of metadata ?? [])
    if (value !== false) {
      const shown = typeof name === 'string' ? `'${name.slice(0, 40)}'` : 'without a name'
      throw refuse(`has a tensor with the metadata ${shown}; only plain elements are read`, resolveHint)
    }
  if (args.length > 7) throw refuse(`has a tensor of ${args.length} arguments; torch writes up to 7`)
  if (!isSize(start) || !isSizes(shape) || !isSizes(strides) || shape.length !== strides.length) {
    throw refuse('has a tensor whose offset, shape or strides are no whole numbers from 0 for at most 64 axes')
  }
  const last = shape.reduce((sum, extent, axis) => sum + (extent - 1) * strides[axis]!, start)
  if (elementCount(shape) > 0 && !(last < storage.length)) {
    const place = `from ${start}, shape [${shape}], strides [${strides}]`
    throw refuse(`has a tensor (${place}) that leaves its storage of ${storage.length} elements`)
  }
  return { made: 'tensor', storage, start, shape, strides }
}

function rebuildParameter([data]: readonly Pickled[], refuse: Refuse): Pickled {
  if (!isTensor(data)) throw refuse('has a parameter without a tensor')
  return data
}

// ('storage', class, key, device, length); before torch 1.6 also a view into another storage, today always None.
function readStorage(id: Pickled, refuse: Refuse): TorchStorage {
  const [tag, type, key, , length, view = null] = Array.isArray(id) ? id : []
  const dtype = type instanceof Object && 'global' in type ? storageClasses.get(type.global) : undefined
  if (tag !== 'storage' || dtype === undefined || typeof key !== 'string' || !isSize(length)) {
    throw refuse('refers to something that is no storage of a known type')
  }
  if (view !== null) throw refuse(`has a storage that is a view of another, which torch ceased to write in 2017`)
  return { made: 'storage', dtype, key, length }
}

export function isTensor(value: Pickled | undefined): value is TorchTensor {
  return value instanceof Object && 'made' in value && value.made === 'tensor'
}

function isStorage(value: Pickled | undefined): value is TorchStorage {
  return value instanceof Object && 'made' in value && value.made === 'storage'
}

function isSize(value: Pickled | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isSizes(value: Pickled | undefined): value is number[] {
  return Array.isArray(value) && value.length <= MOST_AXES && value.every(isSize)
}

/** Copies a tensor's elements out of its storage, row-major. `refuse` when the storage has not the length it should. */
export function copyTensor(
  tensor: TorchTensor,
  storage: Uint8Array,
  refuse: (problem: string) => FormatError,
): NamedArray {
  const { dtype, length } = tensor.storage
  const width = elementBytes(dtype)
  if (storage.length !== length * width) {
    throw refuse(`has a storage of ${storage.length} bytes for ${length} elements of ${dtype}`)
  }
  const count = elementCount(tensor.shape)
  const start = tensor.start * width
  if (count === 0 || isRowMajor(tensor)) {
    return arrayFromBytes(dtype, tensor.shape, storage.subarray(start, start + count * width))
  }
  const bytes = new Uint8Array(count * width)
  const index = tensor.shape.map(() => 0)
  let element = tensor.start
  for (let n = 0; n < count; n++) {
    for (let k = 0; k < width; k++) bytes[n * width + k] = storage[element * width + k]!
    element += step(tensor, index)
  }
  return arrayFromBytes(dtype, tensor.shape, bytes)
}

/** Moves the index to the next element in row-major order; gives how far that is in the storage. */
function step({ shape, strides }: TorchTensor, index: number[]): number {
  let distance = 0
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis]!++
    distance += strides[axis]!
    if (index[axis]! < shape[axis]!) return distance
    distance -= shape[axis]! * strides[axis]!
    index[axis] = 0
  }
  return distance
}

function isRowMajor({ shape, strides }: TorchTensor): boolean {
  return rowMajorStrides(shape).every((stride, axis) => shape[axis] === 1 || strides[axis] === stride)
}

export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1)
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!
  return strides
}
