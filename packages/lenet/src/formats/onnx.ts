// ONNX (https://github.com/onnx/onnx, onnx.proto) ⇄ a plain graph: nodes that read and write values by name. The numbers in
// this file are the field numbers of onnx.proto. What the nodes compute is not known here.

import { FormatError } from '../errors.ts'
import type { Dtype, NamedArrays } from './arrays.ts'
import { attributeFields, type OnnxAttribute, readAttribute } from './onnx-attribute.ts'
import { onnxDtype, onnxTypeCode, readTensor, tensorFields } from './onnx-tensor.ts'
import { type ProtoField, protoFields, protoFile, protoInteger, protoMessage, protoText } from './protobuf.ts'
import { integerField, joined, messageField, type ProtoBytes, textField } from './protobuf-write.ts'

export interface OnnxModel {
  readonly irVersion: number
  /** Version of the operators of the standard domain. */
  readonly opset: number
  /** Name of the program that wrote the file. */
  readonly producer: string
  readonly producerVersion: string
  readonly graph: string
  /** What the caller gives; initializers that old files list here as well are left out. */
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  readonly initializers: NamedArrays
  /** In an order in which each reads what is known. */
  readonly nodes: readonly OnnxNode[]
  readonly metadata: Readonly<Record<string, string>>
}

export interface OnnxValue {
  readonly name: string
  readonly dtype: Dtype
  /** A text is the name of an extent that is open, such as the batch ('' when it has none). Absent: nothing is known. */
  readonly shape?: readonly (number | string)[]
}

export interface OnnxNode {
  /** The operator, e.g. 'Conv'. */
  readonly type: string
  /** '' is the standard domain. */
  readonly domain: string
  readonly name: string
  /** Names of values; '' is an optional input that is not given. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, OnnxAttribute>
}

type Open<T> = { -readonly [K in keyof T]: T[K] }

interface Graph {
  name: string
  readonly inputs: OnnxValue[]
  readonly outputs: OnnxValue[]
  readonly initializers: NamedArrays
  readonly nodes: OnnxNode[]
}

const STANDARD_DOMAINS = ['', 'ai.onnx']

/** Reads an ONNX model. Throws a FormatError naming `file` and the byte. */
export function readOnnx(bytes: Uint8Array, file = 'ONNX bytes'): OnnxModel {
  const head = { irVersion: 0, opset: 1, producer: '', producerVersion: '' }
  const metadata: [string, string][] = []
  let graph: Graph | undefined
  const opsets = new Set<number>()
  for (const field of protoFields(protoFile(bytes, file))) {
    if (field.number === 1) head.irVersion = protoInteger(field)
    else if (field.number === 2) head.producer = protoText(field)
    else if (field.number === 3) head.producerVersion = protoText(field)
    else if (field.number === 7 && graph === undefined) graph = readGraph(field)
    else if (field.number === 7) throw refuse(field, 'has two graphs')
    else if (field.number === 8) readOpset(field, opsets)
    else if (field.number === 14) metadata.push(readPair(field))
    else if (field.number === 25) throw refuse(field, 'has functions of its own; operators of the standard are read')
  }
  if (graph === undefined) throw new FormatError(file, 'has no graph; it is no ONNX model', { offset: bytes.length })
  head.opset = [...opsets][0] ?? head.opset
  const { name, outputs, initializers, nodes } = graph
  const inputs = graph.inputs.filter((input) => !initializers.has(input.name))
  return { ...head, graph: name, inputs, outputs, initializers, nodes, metadata: Object.fromEntries(metadata) }
}

const refuse = (field: ProtoField, problem: string): FormatError =>
  new FormatError(field.message.file, problem, { offset: field.offset })

function readGraph(field: ProtoField): Graph {
  const graph: Graph = { name: '', inputs: [], outputs: [], initializers: new Map(), nodes: [] }
  for (const part of protoFields(protoMessage(field))) {
    if (part.number === 1) graph.nodes.push(readNode(part))
    else if (part.number === 2) graph.name = protoText(part)
    else if (part.number === 5) readInitializer(part, graph.initializers)
    else if (part.number === 11) graph.inputs.push(readValue(part))
    else if (part.number === 12) graph.outputs.push(readValue(part))
    else if (part.number === 15) throw refuse(part, 'has sparse weights; dense ones are read')
  }
  return graph
}

function readInitializer(field: ProtoField, initializers: NamedArrays): void {
  const { name, array } = readTensor(protoMessage(field))
  if (name === '') throw refuse(field, 'has weights without a name')
  if (initializers.has(name)) throw refuse(field, `has weights '${name}' twice`)
  initializers.set(name, array)
}

function readNode(field: ProtoField): OnnxNode {
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes = new Map<string, OnnxAttribute>()
  const node: Open<OnnxNode> = { type: '', domain: '', name: '', inputs, outputs, attributes }
  for (const part of protoFields(protoMessage(field))) {
    if (part.number === 1) inputs.push(protoText(part))
    else if (part.number === 2) outputs.push(protoText(part))
    else if (part.number === 3) node.name = protoText(part)
    else if (part.number === 4) node.type = protoText(part)
    else if (part.number === 5) {
      const [name, attribute] = readAttribute(protoMessage(part))
      if (attributes.has(name)) throw refuse(part, `has a node with attribute '${name}' twice`)
      attributes.set(name, attribute)
    } else if (part.number === 7) node.domain = protoText(part)
    else if (part.number === 8 && protoText(part) !== '')
      throw refuse(part, `has a node of the overload '${protoText(part)}'; operators of the standard have none`)
  }
  if (node.type === '') throw refuse(field, 'has a node without a type')
  if (STANDARD_DOMAINS.includes(node.domain)) node.domain = ''
  return node
}

function readOpset(field: ProtoField, standard: Set<number>): void {
  let domain = ''
  let version = 0
  for (const part of protoFields(protoMessage(field))) {
    if (part.number === 1) domain = protoText(part)
    else if (part.number === 2) version = protoInteger(part)
  }
  if (STANDARD_DOMAINS.includes(domain)) standard.add(version)
  if (standard.size > 1)
    throw refuse(field, `has operators of the versions ${[...standard].join(' and ')}; one is accepted`)
}

function readPair(field: ProtoField): [key: string, value: string] {
  const pair: [string, string] = ['', '']
  for (const part of protoFields(protoMessage(field))) {
    if (part.number === 1 || part.number === 2) pair[part.number - 1] = protoText(part)
  }
  return pair
}

// ValueInfoProto: the name, and a TypeProto whose first field is the type of a tensor.
function readValue(field: ProtoField): OnnxValue {
  let name = ''
  let tensor: ProtoField | undefined
  for (const part of protoFields(protoMessage(field))) {
    if (part.number === 1) name = protoText(part)
    else if (part.number === 2) tensor = readTensorType(part)
  }
  let code = 0
  let shape: (number | string)[] | undefined
  for (const part of tensor === undefined ? [] : protoFields(protoMessage(tensor))) {
    if (part.number === 1) code = protoInteger(part)
    else if (part.number === 2) shape = readShape(part)
  }
  const dtype = onnxDtype(code)
  if (dtype === undefined) {
    throw refuse(field, `has value '${name}' of element type ${code}, which is no tensor of numbers`)
  }
  return shape === undefined ? { name, dtype } : { name, dtype, shape }
}

function readTensorType(field: ProtoField): ProtoField | undefined {
  for (const part of protoFields(protoMessage(field))) if (part.number === 1) return part
  return undefined
}

function readShape(field: ProtoField): (number | string)[] {
  const shape: (number | string)[] = []
  for (const part of protoFields(protoMessage(field))) if (part.number === 1) shape.push(readExtent(part))
  return shape
}

// Some exporters write an open extent as -1.
function readExtent(field: ProtoField): number | string {
  let extent: number | string = ''
  for (const part of protoFields(protoMessage(field))) {
    if (part.number === 1) extent = protoInteger(part)
    else if (part.number === 2) extent = protoText(part)
  }
  return typeof extent === 'number' && extent < 0 ? '' : extent
}

/** The inverse of `readOnnx`: equal models give equal bytes. Throws a FormatError when weights do not fill their shape. */
export function writeOnnx(model: OnnxModel, file = 'ONNX bytes'): Uint8Array<ArrayBuffer> {
  return joined([
    integerField(1, model.irVersion),
    textField(2, model.producer),
    textField(3, model.producerVersion),
    messageField(7, graphFields(model, file)),
    messageField(8, [textField(1, ''), integerField(2, model.opset)]),
    ...Object.entries(model.metadata).map(([key, value]) => messageField(14, [textField(1, key), textField(2, value)])),
  ])
}

function graphFields(model: OnnxModel, file: string): ProtoBytes[] {
  return [
    ...model.nodes.map((node) => messageField(1, nodeFields(node, file))),
    textField(2, model.graph),
    ...[...model.initializers].map(([name, array]) => messageField(5, tensorFields(name, array, file))),
    ...model.inputs.map((value) => messageField(11, valueFields(value))),
    ...model.outputs.map((value) => messageField(12, valueFields(value))),
  ]
}

function nodeFields(node: OnnxNode, file: string): ProtoBytes[] {
  return [
    ...node.inputs.map((name) => textField(1, name)),
    ...node.outputs.map((name) => textField(2, name)),
    ...(node.name === '' ? [] : [textField(3, node.name)]),
    textField(4, node.type),
    ...[...node.attributes].map(([name, attribute]) => messageField(5, attributeFields(name, attribute, file))),
    ...(node.domain === '' ? [] : [textField(7, node.domain)]),
  ]
}

function valueFields({ name, dtype, shape }: OnnxValue): ProtoBytes[] {
  const extents = shape?.map((extent) => messageField(1, extentFields(extent)))
  const tensor = [integerField(1, onnxTypeCode(dtype)), ...(extents === undefined ? [] : [messageField(2, extents)])]
  return [textField(1, name), messageField(2, [messageField(1, tensor)])]
}

function extentFields(extent: number | string): ProtoBytes[] {
  if (extent === '') return []
  return [typeof extent === 'number' ? integerField(1, extent) : textField(2, extent)]
}
