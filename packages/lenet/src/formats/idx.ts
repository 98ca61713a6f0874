// IDX, the format of the MNIST family (http://yann.lecun.com/exdb/mnist): two zero bytes, one byte for the element type,
// one for the number of axes, each extent as a big-endian 32-bit number, then the elements. Only unsigned bytes (type 8)
// are read: no data set in use has another type. A '.gz' file is unpacked by the caller.

import { FormatError } from '../errors.ts'
import { elementCount } from './arrays.ts'

export interface IdxArray {
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

const UNSIGNED_BYTE = 8

/** Whether bytes have the header of an array of unsigned bytes, and as many elements as it says. */
export function isIdx(bytes: Uint8Array): boolean {
  const [zero, alsoZero, type, axes = 0] = bytes
  const start = 4 + 4 * axes
  if (zero !== 0 || alsoZero !== 0 || type !== UNSIGNED_BYTE || axes === 0 || bytes.length < start) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  let size = 1
  for (let axis = 0; axis < axes; axis++) size *= view.getUint32(4 + 4 * axis)
  return bytes.length === start + size
}

/** Reads an IDX file of unsigned bytes. `data` is a view into `bytes`. Throws a FormatError naming `file` and the byte. */
export function readIdx(bytes: Uint8Array, file = 'IDX bytes'): { shape: number[]; data: Uint8Array } {
  const axes = readMagic(bytes, file)
  const start = 4 + 4 * axes
  if (bytes.length < start) {
    throw new FormatError(file, `ends inside its header of ${start} bytes; the file is cut off`, {
      offset: bytes.length,
    })
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis))
  const size = elementCount(shape)
  const present = bytes.length - start
  if (present < size) {
    const problem = `has ${present} of the ${size} elements that its shape [${shape}] wants; the file is cut off`
    throw new FormatError(file, problem, { offset: bytes.length, hint: 'download or copy it again' })
  }
  if (present > size) {
    throw new FormatError(file, `has ${present - size} bytes after its ${size} elements`, { offset: start + size })
  }
  return { shape, data: bytes.subarray(start) }
}

function readMagic(bytes: Uint8Array, file: string): number {
  if (bytes.length < 4) {
    throw new FormatError(file, 'is too short for an IDX header of 4 bytes', { offset: bytes.length })
  }
  const [zero, alsoZero, type, axes] = bytes as unknown as [number, number, number, number]
  if (zero === 0x1f && alsoZero === 0x8b) {
    throw new FormatError(file, 'is gzip, not IDX', { offset: 0, hint: 'unpack it first' })
  }
  if (zero !== 0 || alsoZero !== 0) {
    throw new FormatError(file, `begins with bytes ${zero} ${alsoZero}; IDX begins with 0 0`, { offset: 0 })
  }
  if (type !== UNSIGNED_BYTE) {
    throw new FormatError(file, `has element type ${type}; lenet reads type 8, unsigned bytes`, { offset: 2 })
  }
  if (axes === 0) throw new FormatError(file, 'has 0 axes; IDX arrays have at least 1', { offset: 3 })
  return axes
}

/** The inverse of `readIdx`. Throws a FormatError when `data` does not fill `shape`. */
export function writeIdx({ shape, data }: IdxArray, file = 'IDX bytes'): Uint8Array {
  const size = elementCount(shape)
  if (shape.length === 0 || shape.length > 255 || size !== data.length) {
    throw new FormatError(file, `${data.length} elements do not fill the shape [${shape}], which has ${size}`)
  }
  const start = 4 + 4 * shape.length
  const bytes = new Uint8Array(start + size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, (UNSIGNED_BYTE << 8) | shape.length)
  for (const [axis, extent] of shape.entries()) view.setUint32(4 + 4 * axis, extent)
  bytes.set(data, start)
  return bytes
}
