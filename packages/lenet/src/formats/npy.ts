// NumPy's arrays (numpy.lib.format, versions 1 to 3): a magic string, the length of a header, the header as a Python literal
// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, then the elements. An .npz is a ZIP archive of them.

import { FormatError } from '../errors.ts'
import {
  arrayFromBytes,
  type Dtype,
  elementBytes,
  elementCount,
  MOST_AXES,
  type NamedArray,
  type NamedArrays,
} from './arrays.ts'
import { readZip } from './zip.ts'

const MAGIC = [0x93, ...new TextEncoder().encode('NUMPY')]
/** Bytes before the length of the header. */
const VERSION_END = 8

const DTYPES: Readonly<Record<string, Dtype>> = {
  f8: 'float64',
  f4: 'float32',
  f2: 'float16',
  i8: 'int64',
  i4: 'int32',
  i2: 'int16',
  i1: 'int8',
  u8: 'uint64',
  u4: 'uint32',
  u2: 'uint16',
  u1: 'uint8',
  b1: 'bool',
}

const HEADER =
  /^\{\s*'descr':\s*'([^']*)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(((?:\d+,\s*)*(?:\d+)?)\s*,?\s*\),?\s*\}\s*$/

export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, at) => bytes[at] === byte)

/** One array of numbers, row-major. Throws a FormatError naming `file` and the byte. */
export function readNpy(bytes: Uint8Array, file = 'NPY bytes'): NamedArray {
  const { text, start } = readHeader(bytes, file)
  const [, descr = '', order, axes = ''] = HEADER.exec(text) ?? []
  const fail = (problem: string, hint?: string): FormatError =>
    new FormatError(file, problem, { offset: VERSION_END, ...(hint !== undefined && { hint }) })
  if (order === undefined) throw fail(`has a header that is not NumPy's: ${text.slice(0, 60)}`)
  const [, endian, type = ''] = /^([<>|=])(\w\d+)$/.exec(descr) ?? []
  const dtype = Object.hasOwn(DTYPES, type) ? DTYPES[type] : undefined
  if (dtype === undefined)
    throw fail(`has elements of type '${descr}'; numbers are read: ${Object.keys(DTYPES).join(', ')}`)
  if (endian === '>' && elementBytes(dtype) > 1)
    throw fail(`has big-endian elements, '${descr}'`, `save it as array.astype('<${type}')`)
  const shape = axes.split(',').flatMap((axis) => (axis.trim() === '' ? [] : [Number(axis)]))
  if (shape.length > MOST_AXES) throw fail(`has ${shape.length} axes; at most ${MOST_AXES} are read`)
  if (order === 'True' && shape.length > 1)
    throw fail('lies column by column (fortran_order)', 'save it as numpy.ascontiguousarray(array)')
  const size = elementCount(shape) * elementBytes(dtype)
  const present = bytes.length - start
  if (present !== size)
    throw new FormatError(file, `has ${present} bytes of elements; its shape [${shape}] of ${dtype} wants ${size}`, {
      offset: Math.min(bytes.length, start + size),
    })
  return arrayFromBytes(dtype, shape, bytes.subarray(start))
}

/** The header's text, and where the elements begin. */
function readHeader(bytes: Uint8Array, file: string): { text: string; start: number } {
  if (!isNpy(bytes)) throw new FormatError(file, "does not begin as NumPy's arrays do", { offset: 0 })
  const [major = 0] = bytes.subarray(6)
  const wide = major >= 2
  const from = VERSION_END + (wide ? 4 : 2)
  if (bytes.length < from) throw new FormatError(file, 'ends before its header', { offset: bytes.length })
  if (major < 1 || major > 3)
    throw new FormatError(file, `has version ${major} of the format; 1 to 3 are read`, { offset: 6 })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = wide ? view.getUint32(VERSION_END, true) : view.getUint16(VERSION_END, true)
  const start = from + length
  if (start > bytes.length)
    throw new FormatError(file, `ends inside its header of ${length} bytes`, { offset: bytes.length })
  return { text: new TextDecoder('latin1').decode(bytes.subarray(from, start)), start }
}

/** The arrays of an .npz, by their names without '.npy'. Throws a FormatError naming `file` and the byte. */
export function readNpz(bytes: Uint8Array, file = 'NPZ bytes'): NamedArrays {
  const arrays: NamedArrays = new Map()
  for (const [entry, { bytes: content, offset }] of readZip(bytes, file)) {
    if (!entry.endsWith('.npy')) throw new FormatError(file, `entry '${entry}' is no array of NumPy's`, { offset })
    try {
      arrays.set(entry.slice(0, -'.npy'.length), readNpy(content, file))
    } catch (error) {
      // Its own byte is one of the unpacked entry.
      const [problem = ''] = (error as Error).message.slice(file.length + 2).split(' (byte')
      throw new FormatError(file, `entry '${entry}' ${problem}`, { offset })
    }
  }
  return arrays
}
