// Named arrays: what every weight file is read into and written from. Half precision has no typed array of its own and is
// kept as its 16 bits. Typed arrays hold the machine's byte order, which is little-endian wherever JavaScript runs today.

/** The typed array that holds the elements of each type. `float16` and `bfloat16` are bit patterns, `bool` is 0 or 1. */
export interface DtypeData {
  readonly float64: Float64Array
  readonly float32: Float32Array
  readonly float16: Uint16Array
  readonly bfloat16: Uint16Array
  readonly int64: BigInt64Array
  readonly int32: Int32Array
  readonly int16: Int16Array
  readonly int8: Int8Array
  readonly uint64: BigUint64Array
  readonly uint32: Uint32Array
  readonly uint16: Uint16Array
  readonly uint8: Uint8Array
  readonly bool: Uint8Array
}

export type Dtype = keyof DtypeData

/** An array of any type; `data` is row-major and has as many elements as `shape` says. */
export type NamedArray = {
  readonly [D in Dtype]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: DtypeData[D] }
}[Dtype]

export type NamedArrays = Map<string, NamedArray>

/** Axes of an array, and of a sample: loops nest as deep. PyTorch's tensors have as many. */
export const MOST_AXES = 64

const constructors = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint64: BigUint64Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const

export const dtypes = Object.keys(constructors) as readonly Dtype[]

/** Bytes of one element. */
export function elementBytes(dtype: Dtype): number {
  return constructors[dtype].BYTES_PER_ELEMENT
}

/** The number of elements of a shape; 1 for a scalar's `[]`. Above 2⁵³ it is only known to be too large. */
export function elementCount(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1)
}

/** An array from little-endian bytes, copied, so that they may start anywhere. Their length must be that of the shape. */
export function arrayFromBytes(dtype: Dtype, shape: readonly number[], bytes: Uint8Array): NamedArray {
  const copy = new Uint8Array(bytes.length)
  copy.set(bytes)
  return { dtype, shape, data: new constructors[dtype](copy.buffer) } as NamedArray
}

/** The array's own bytes, little-endian; a view, not a copy. */
export function arrayBytes({ data }: NamedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/** The elements as float32: halves are widened exactly, everything else is rounded to nearest. float32 is not copied. */
export function toFloat32(array: NamedArray): Float32Array {
  switch (array.dtype) {
    case 'float32':
      return array.data
    case 'float16':
      return float32FromBits(array.data, halfBits)
    case 'bfloat16':
      return float32FromBits(array.data, (bits) => bits << 16)
    case 'int64':
    case 'uint64':
      return Float32Array.from(array.data as ArrayLike<bigint>, Number)
    default:
      return Float32Array.from(array.data)
  }
}

function float32FromBits(source: Uint16Array, widen: (bits: number) => number): Float32Array {
  const words = new Int32Array(source.length)
  for (let n = 0; n < source.length; n++) words[n] = widen(source[n]!)
  return new Float32Array(words.buffer)
}

// IEEE 754 binary16 (1, 5, 10 bits) to the bits of binary32 (1, 8, 23): the exponent's bias grows by 112.
function halfBits(bits: number): number {
  const sign = (bits & 0x8000) << 16
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13)
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13)
  if (fraction === 0) return sign
  // Subnormal: moved up until its leading one stands where a normal number has it implied.
  const shift = Math.clz32(fraction) - 21
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 1023) << 13)
}
