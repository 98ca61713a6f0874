// Which format bytes are of: one row a format, each over several facts, so that no whole file of one kind is taken for
// another. Names of files may say anything and are not asked.
import { FormatError } from '../errors.ts'
import { isIdx } from './idx.ts'
import { LENGTH, protoFields, protoFile, VARINT } from './protobuf.ts'
import { isTorchPickle } from './pth-legacy.ts'
import { isSafetensors } from './safetensors.ts'
import { isWasm } from './wasm.ts'
import { isZip } from './zip.ts'

interface Format {
  /** Whether a whole file of the format has these bytes. */
  readonly is: (bytes: Uint8Array) => boolean
  /** How its files begin: enough to say whose reader should explain a file that is cut off or damaged. */
  readonly begins: (bytes: Uint8Array) => boolean
}

const starts =
  (...first: readonly number[]) =>
  (bytes: Uint8Array): boolean =>
    first.every((byte, at) => bytes[at] === byte)

export const formats = {
  safetensors: {
    is: isSafetensors,
    begins: (bytes) => bytes[8] === 0x7b && bytes.subarray(4, 8).every((b) => b === 0),
  },
  zip: { is: isZip, begins: starts(0x50, 0x4b, 3, 4) },
  'torch pickle': { is: isTorchPickle, begins: (bytes) => bytes[0] === 0x80 && bytes[1]! < 6 },
  onnx: { is: isOnnx, begins: starts(0x08) },
  wasm: { is: isWasm, begins: starts(0x00, 0x61, 0x73, 0x6d) },
  gzip: { is: isGzip, begins: starts(0x1f, 0x8b) },
  idx: { is: isIdx, begins: starts(0, 0, 8) },
} as const satisfies Readonly<Record<string, Format>>

export type FormatName = keyof typeof formats

/** The format of a whole file; of a damaged one, the format that it begins like. */
export function sniff(bytes: Uint8Array): FormatName | undefined {
  const names = Object.keys(formats) as FormatName[]
  return names.find((name) => formats[name].is(bytes)) ?? names.find((name) => formats[name].begins(bytes))
}

/** RFC 1952: magic, method 8, no reserved flag, what the packer notes about itself; then at least 8 bytes at the end. */
function isGzip(bytes: Uint8Array): boolean {
  const [one, two, method, flags, , , , , effort, system] = bytes
  if (one !== 0x1f || two !== 0x8b || method !== 8 || bytes.length < 18) return false
  return (flags! & 0xe0) === 0 && [0, 2, 4].includes(effort!) && (system! <= 13 || system === 255)
}

// ModelProto of onnx.proto: its fields and their wire types. They may come in any order.
const onnxFields: Readonly<Record<number, number>> = {
  1: VARINT,
  2: LENGTH,
  3: LENGTH,
  4: LENGTH,
  5: VARINT,
  6: LENGTH,
  7: LENGTH,
  8: LENGTH,
  14: LENGTH,
  20: LENGTH,
  25: LENGTH,
  26: LENGTH,
}
const [VERSION, GRAPH, OPSET] = [1, 7, 8]

/** Fields of protobuf to the end, none of another wire type than ONNX gives it, a graph and a version among them. */
function isOnnx(bytes: Uint8Array): boolean {
  const found = new Set<number>()
  try {
    for (const { number, wire } of protoFields(protoFile(bytes, ''))) {
      if ((onnxFields[number] ?? wire) !== wire) return false
      found.add(number)
    }
  } catch (error) {
    if (error instanceof FormatError) return false
    throw error
  }
  return found.has(GRAPH) && (found.has(VERSION) || found.has(OPSET))
}
