// ONNX's TensorProto ⇄ array. Elements stand raw and little-endian, or, in files by hand or of old writers, as numbers of a
// field for their type. Ours are always raw.

import { FormatError } from '../errors.ts'
import {
  arrayBytes,
  arrayFromBytes,
  type Dtype,
  elementBytes,
  elementCount,
  MOST_AXES,
  type NamedArray,
} from './arrays.ts'
import {
  type ProtoField,
  type ProtoMessage,
  protoBigints,
  protoBytes,
  protoFields,
  protoFloats,
  protoInteger,
  protoIntegers,
  protoText,
} from './protobuf.ts'
import { bytesField, integerField, type ProtoBytes, textField } from './protobuf-write.ts'

// onnx.proto, TensorProto.DataType
const codes: Readonly<Record<Dtype, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
}

// onnx.proto, TensorProto: the numbers of its fields
const [DIMS, TYPE, SEGMENT, FLOATS, INTS32, INTS64, NAME, RAW, DOUBLES, UINTS64, LOCATION] = [
  1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 14,
]

export function onnxTypeCode(dtype: Dtype): number {
  return codes[dtype]
}

export function onnxDtype(code: number): Dtype | undefined {
  return (Object.keys(codes) as Dtype[]).find((dtype) => codes[dtype] === code)
}

interface Parts {
  name: string
  code: number
  readonly shape: number[]
  readonly numbers: number[]
  readonly bigints: bigint[]
  raw: Uint8Array | undefined
}

/** A tensor and its name. Throws a FormatError naming the file and the byte. */
export function readTensor(message: ProtoMessage): { name: string; array: NamedArray } {
  const parts: Parts = { name: '', code: 0, shape: [], numbers: [], bigints: [], raw: undefined }
  for (const field of protoFields(message)) readPart(field, parts)
  const { name, code, shape, raw } = parts
  const refuse = (problem: string) =>
    new FormatError(message.file, `tensor '${name}' ${problem}`, { offset: message.start })
  const dtype = onnxDtype(code)
  if (dtype === undefined) throw refuse(`has element type ${code}; lenet reads ${Object.keys(codes).join(', ')}`)
  if (shape.length > MOST_AXES || shape.some((extent) => extent < 0)) {
    throw refuse(
      `has shape [${shape.slice(0, MOST_AXES)}]; whole numbers from 0 for at most ${MOST_AXES} axes are wanted`,
    )
  }
  const bytes = raw ?? typedBytes(dtype, parts)
  const wanted = elementCount(shape) * elementBytes(dtype)
  if (bytes.length !== wanted) throw refuse(`has ${bytes.length} bytes; ${dtype} of [${shape}] has ${wanted}`)
  return { name, array: arrayFromBytes(dtype, shape, bytes) }
}

function readPart(field: ProtoField, parts: Parts): void {
  if (field.number === DIMS) protoIntegers(field, parts.shape)
  else if (field.number === TYPE) parts.code = protoInteger(field)
  else if (field.number === FLOATS) protoFloats(field, 4, parts.numbers)
  else if (field.number === DOUBLES) protoFloats(field, 8, parts.numbers)
  else if (field.number === INTS32) protoIntegers(field, parts.numbers)
  else if (field.number === INTS64 || field.number === UINTS64) protoBigints(field, parts.bigints)
  else if (field.number === NAME) parts.name = protoText(field)
  else if (field.number === RAW) parts.raw = protoBytes(field)
  else if (field.number === SEGMENT) {
    throw new FormatError(field.message.file, `has only a part of tensor '${parts.name}'`, { offset: field.offset })
  } else if (field.number === LOCATION && protoInteger(field) !== 0) {
    throw new FormatError(field.message.file, `keeps tensor '${parts.name}' in another file`, {
      offset: field.offset,
      hint: 'export the model with its weights inside (external_data=False)',
    })
  }
}

// Types narrower than 32 bits stand in the 32-bit field; float16 and bfloat16 as their bits.
function typedBytes(dtype: Dtype, { numbers, bigints }: Parts): Uint8Array {
  const long = dtype === 'int64' || dtype === 'uint64'
  // uint32 stands in the 64-bit field.
  const values = numbers.length > 0 || long ? numbers : bigints.map(Number)
  const count = long ? bigints.length : values.length
  const empty = arrayFromBytes(dtype, [count], new Uint8Array(count * elementBytes(dtype)))
  if (empty.dtype === 'int64' || empty.dtype === 'uint64') empty.data.set(bigints)
  else empty.data.set(values)
  return arrayBytes(empty)
}

export function tensorFields(name: string, array: NamedArray, file: string): readonly ProtoBytes[] {
  const { dtype, shape, data } = array
  if (data.length !== elementCount(shape)) {
    throw new FormatError(file, `tensor '${name}' has ${data.length} elements, which do not fill [${shape}]`)
  }
  return [
    ...shape.map((extent) => integerField(DIMS, extent)),
    integerField(TYPE, codes[dtype]),
    ...(name === '' ? [] : [textField(NAME, name)]),
    bytesField(RAW, arrayBytes(array)),
  ]
}
