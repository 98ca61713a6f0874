// ONNX's AttributeProto ⇄ one option of a node: a number, a text, a tensor, or a list of these.

import { FormatError } from '../errors.ts'
import type { NamedArray } from './arrays.ts'
import { readTensor, tensorFields } from './onnx-tensor.ts'
import {
  type ProtoMessage,
  protoFields,
  protoFloat,
  protoFloats,
  protoInteger,
  protoIntegers,
  protoMessage,
  protoText,
} from './protobuf.ts'
import { floatField, integerField, messageField, type ProtoBytes, textField } from './protobuf-write.ts'

export type OnnxAttribute =
  | { readonly kind: 'float' | 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: NamedArray }
  | { readonly kind: 'floats' | 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }

type Kind = OnnxAttribute['kind']

// onnx.proto, AttributeProto.AttributeType, and the field that holds a value of the type.
const kinds: Readonly<Record<Kind, { readonly type: number; readonly field: number }>> = {
  float: { type: 1, field: 2 },
  int: { type: 2, field: 3 },
  string: { type: 3, field: 4 },
  tensor: { type: 4, field: 5 },
  floats: { type: 6, field: 7 },
  ints: { type: 7, field: 8 },
  strings: { type: 8, field: 9 },
}
const kindNames = Object.keys(kinds) as readonly Kind[]
const [NAME, TYPE, REFERENCE] = [1, 20, 21]

/** An attribute with its name. Throws a FormatError naming the file and the byte. */
export function readAttribute(message: ProtoMessage): [name: string, attribute: OnnxAttribute] {
  const lists = { floats: [] as number[], ints: [] as number[], strings: [] as string[] }
  const single: { float: number; int: number; string: string; tensor?: OnnxAttribute } = {
    float: 0,
    int: 0,
    string: '',
  }
  let name = ''
  let type = 0
  let seen: Kind | undefined
  for (const field of protoFields(message)) {
    if (field.number === NAME) name = protoText(field)
    else if (field.number === TYPE) type = protoInteger(field)
    else if (field.number === REFERENCE) {
      const problem = `has attribute '${name}' that refers to a function's; a value is wanted`
      throw new FormatError(message.file, problem, { offset: field.offset })
    }
    const kind = kindNames.find((each) => kinds[each].field === field.number)
    seen = kind ?? seen
    if (kind === 'float') single.float = protoFloat(field)
    else if (kind === 'int') single.int = protoInteger(field)
    else if (kind === 'string') single.string = protoText(field)
    else if (kind === 'tensor') single.tensor = { kind, value: readTensor(protoMessage(field)).array }
    else if (kind === 'floats') protoFloats(field, 4, lists.floats)
    else if (kind === 'ints') protoIntegers(field, lists.ints)
    else if (kind === 'strings') lists.strings.push(protoText(field))
  }
  // The first versions of ONNX wrote no type.
  const kind = type === 0 ? seen : kindNames.find((each) => kinds[each].type === type)
  const attribute =
    kind === 'tensor' ? single.tensor : kind && ({ kind, value: { ...single, ...lists }[kind] } as OnnxAttribute)
  if (attribute !== undefined) return [name, attribute]
  const problem = `has attribute '${name}' of type ${type}; lenet reads ${kindNames.join(', ')}`
  throw new FormatError(message.file, problem, { offset: message.start })
}

export function attributeFields(name: string, attribute: OnnxAttribute, file: string): readonly ProtoBytes[] {
  const { type, field } = kinds[attribute.kind]
  return [textField(NAME, name), ...valueFields(field, attribute, file), integerField(TYPE, type)]
}

function valueFields(field: number, attribute: OnnxAttribute, file: string): readonly ProtoBytes[] {
  switch (attribute.kind) {
    case 'float':
      return [floatField(field, attribute.value)]
    case 'int':
      return [integerField(field, attribute.value)]
    case 'string':
      return [textField(field, attribute.value)]
    case 'tensor':
      return [messageField(field, tensorFields('', attribute.value, file))]
    case 'floats':
      return attribute.value.map((value) => floatField(field, value))
    case 'ints':
      return attribute.value.map((value) => integerField(field, value))
    case 'strings':
      return attribute.value.map((text) => textField(field, text))
  }
}
