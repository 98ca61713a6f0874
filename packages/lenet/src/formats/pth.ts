// The weight files of PyTorch: torch.save's ZIP archive since 1.6 (a pickle 'data.pkl', one entry for each storage) and
// the run of pickles before it. Both are read as data; a file that wants something called is refused.

import { FormatError } from '../errors.ts'
import { arrayBytes, elementBytes, elementCount, type NamedArray, type NamedArrays } from './arrays.ts'
import { type Pickled, readPickle } from './pickle.ts'
import {
  type PickleBytes,
  pickleCall,
  pickleFalse,
  pickleGlobal,
  pickleInteger,
  pickleItems,
  picklePacked,
  picklePersistent,
  pickleText,
  pickleTuple,
} from './pickle-write.ts'
import { readLegacy } from './pth-legacy.ts'
import { sniff } from './sniff.ts'
import {
  copyTensor,
  isTensor,
  rowMajorStrides,
  stateDictHint,
  storageClasses,
  type TorchParts,
  type TorchStorage,
  torchTable,
} from './torch-values.ts'
import { readZip, writeZip } from './zip.ts'

export interface Pth {
  readonly arrays: NamedArrays
  /** The keys under which the weights stood in a checkpoint, e.g. ['model_state_dict']; empty for a plain state_dict. */
  readonly path: readonly string[]
  /** Keys beside the weights that hold no tensor. */
  readonly skipped: readonly string[]
}

// The usual names of the weights in a checkpoint, and what wrappers put before every name.
const weightKeys = ['model_state_dict', 'state_dict', 'model', 'net', 'network', 'weights']
const prefixes = ['module.', '_orig_mod.']
const DEEPEST = 4
// Tensors may share a storage, or repeat one element by a stride of 0: a small file could ask for any amount of memory.
const LARGEST_GROWTH = 8
// What an array costs beside its elements; its entry in a pickle has sixty bytes and more.
const ARRAY_BYTES = 256

/** Reads a `.pth` or `.pt` file. The arrays are copies in the order of the file. Throws a FormatError with file and byte. */
export function readPth(bytes: Uint8Array, file = 'pth bytes'): Pth {
  const parts = sniff(bytes) === 'zip' ? readArchive(bytes, file) : readLegacy(bytes, file)
  const { path, weights } = findWeights(parts.root, [], file)
  const arrays: NamedArrays = new Map()
  const skipped: string[] = []
  let allowed = LARGEST_GROWTH * bytes.length
  for (const [key, value] of weights) {
    if (typeof key !== 'string' || !isTensor(value)) {
      skipped.push(typeof key === 'string' ? key : typeof key)
      continue
    }
    const { bytes: source, offset } = parts.storage(value.storage)
    const refuse = (problem: string) => new FormatError(file, `tensor '${key}' ${problem}`, { offset })
    allowed -= ARRAY_BYTES + elementCount(value.shape) * elementBytes(value.storage.dtype)
    if (!(allowed >= 0)) {
      throw refuse(`[${value.shape}] makes the tensors larger than ${LARGEST_GROWTH} times the file`)
    }
    arrays.set(key, copyTensor(value, source, refuse))
  }
  return { arrays: withoutPrefixes(arrays), path, skipped }
}

function readArchive(bytes: Uint8Array, file: string): TorchParts {
  const entries = readZip(bytes, file)
  const pickles = [...entries.keys()].filter((name) => name.endsWith('/data.pkl'))
  if (pickles.length !== 1) {
    const problem = `is a ZIP archive with ${pickles.length} entries 'data.pkl'; one of torch.save has 1`
    throw new FormatError(file, problem, { offset: 0, hint: stateDictHint })
  }
  const folder = pickles[0]!.slice(0, -'data.pkl'.length)
  const order = entries.get(`${folder}byteorder`)
  if (order !== undefined && new TextDecoder().decode(order.bytes.subarray(0, 16)).trim() !== 'little') {
    throw new FormatError(file, "has a byteorder that is not 'little'; it was saved on a big-endian machine", {
      offset: order.offset,
    })
  }
  const pickle = entries.get(pickles[0]!)!
  const { value: root } = readPickle({ bytes: pickle.bytes, file, offset: pickle.offset }, torchTable)
  const storage = ({ key }: TorchStorage) => {
    const entry = entries.get(`${folder}data/${key}`)
    if (entry !== undefined) return entry
    throw new FormatError(file, `has no entry '${folder}data/${key}' for a storage`, { offset: pickle.offset })
  }
  return { root, storage }
}

// The dictionary that holds tensors itself, or the one inside a checkpoint that does.
function findWeights(
  value: Pickled,
  path: readonly string[],
  file: string,
): { path: readonly string[]; weights: ReadonlyMap<Pickled, Pickled> } {
  const at = path.length === 0 ? '' : ` under '${path.join('.')}'`
  if (!(value instanceof Map)) {
    const kind = isTensor(value) ? 'a single tensor' : 'no dictionary'
    throw new FormatError(file, `holds ${kind}${at}; a state_dict is wanted`, { offset: 0, hint: stateDictHint })
  }
  const named = weightKeys.find((key) => leadsToTensors(value.get(key)))
  // Beside its weights a checkpoint may hold tensors, such as the state of a random generator.
  if (named === undefined && hasTensors(value)) return { path, weights: value }
  const inner = named ?? onlyDictionaryOfTensors(value)
  if (inner === undefined || path.length === DEEPEST) {
    const keys = [...value.keys()]
      .slice(0, 10)
      .map((key) => (typeof key === 'string' ? `'${key.slice(0, 40)}'` : typeof key))
    throw new FormatError(file, `holds no tensors${at}; its keys are ${keys.join(', ') || 'none'}`, {
      offset: 0,
      hint: stateDictHint,
    })
  }
  return findWeights(value.get(inner)!, [...path, inner], file)
}

function hasTensors(dictionary: ReadonlyMap<Pickled, Pickled>): boolean {
  for (const value of dictionary.values()) if (isTensor(value)) return true
  return false
}

function leadsToTensors(value: Pickled | undefined): boolean {
  return value instanceof Map && (hasTensors(value) || weightKeys.some((key) => value.get(key) instanceof Map))
}

function onlyDictionaryOfTensors(checkpoint: ReadonlyMap<Pickled, Pickled>): string | undefined {
  // Every dictionary is looked through once: thousands of keys may share one.
  const dictionaries = new Set([...checkpoint.values()].filter((value) => value instanceof Map))
  const withTensors = new Set<Pickled>([...dictionaries].filter(hasTensors))
  const found = [...checkpoint].filter(([key, value]) => typeof key === 'string' && withTensors.has(value))
  return found.length === 1 ? (found[0]![0] as string) : undefined
}

// Each prefix once, in either order: 'module._orig_mod.conv1.weight'.
function withoutPrefixes(arrays: NamedArrays): NamedArrays {
  let stripped = arrays
  for (const prefix of [...prefixes, ...prefixes.slice(0, -1)]) {
    const names = [...stripped.keys()]
    if (names.length === 0 || !names.every((name) => name.startsWith(prefix))) continue
    stripped = new Map([...stripped].map(([name, array]) => [name.slice(prefix.length), array]))
  }
  return stripped
}

/**
 * A file that `torch.load(path, weights_only=True)` opens as an OrderedDict of tensors. `name` is the folder in the archive.
 * Throws a FormatError for a tensor whose `data` does not fill `shape`, or of a type that torch has no storage class for.
 */
export function writePth(arrays: NamedArrays, name = 'archive'): Uint8Array<ArrayBuffer> {
  const files = new Map<string, Uint8Array>([[`${name}/data.pkl`, writeStateDict(arrays, name)]])
  for (const [n, array] of [...arrays.values()].entries()) files.set(`${name}/data/${n}`, arrayBytes(array))
  files.set(`${name}/version`, new TextEncoder().encode('3\n'))
  return writeZip(files)
}

function writeStateDict(arrays: NamedArrays, file: string): Uint8Array {
  const dictionary = pickleCall(pickleGlobal('collections.OrderedDict'), [])
  const tensors = [...arrays].map(([name, array], n) => [
    ...pickleText(name),
    ...pickleTensor(array, n, { name, file }),
  ])
  return picklePacked(pickleItems(dictionary, tensors))
}

// _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks)
function pickleTensor({ dtype, shape, data }: NamedArray, n: number, at: { name: string; file: string }): PickleBytes {
  const storageClass = [...storageClasses].find(([, stored]) => stored === dtype)?.[0]
  if (storageClass === undefined) {
    throw new FormatError(at.file, `tensor '${at.name}' is ${dtype}, which torch.save has no storage class for`)
  }
  if (data.length !== elementCount(shape)) {
    throw new FormatError(at.file, `tensor '${at.name}' has ${data.length} elements, which do not fill [${shape}]`)
  }
  const id = [pickleText('storage'), pickleGlobal(storageClass), pickleText(`${n}`), pickleText('cpu')]
  return pickleCall(pickleGlobal('torch._utils._rebuild_tensor_v2'), [
    picklePersistent(pickleTuple([...id, pickleInteger(data.length)])),
    pickleInteger(0),
    pickleTuple(shape.map(pickleInteger)),
    pickleTuple(rowMajorStrides(shape).map(pickleInteger)),
    pickleFalse,
    pickleCall(pickleGlobal('collections.OrderedDict'), []),
  ])
}
