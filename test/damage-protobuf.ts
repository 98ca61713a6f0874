// Damage to a tree of protobuf messages that leaves its lengths right: fields go, come twice, change places, numbers or
// values, at any depth.
import { FormatError } from '../packages/lenet/src/errors.ts'
import { LENGTH, protoFields, protoFile, VARINT } from '../packages/lenet/src/formats/protobuf.ts'
import { type Dice, damagedBytes } from './damage.ts'

interface Field {
  readonly number: number
  readonly wire: number
  readonly value: Uint8Array
}

const DEEPEST = 6
const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 20, 21]
const values = [0, 1, 2, 3, 7, 64, 127, 128, 65_536, 2 ** 31, 2 ** 40, 2 ** 53]

export function damagedMessage(bytes: Uint8Array, dice: Dice, depth = 0): Uint8Array {
  const fields = fieldsOf(bytes)
  if (fields === undefined || fields.length === 0) return damagedBytes(bytes, dice)
  const at = dice(fields.length)
  const field = fields[at]!
  const way = dice(10)
  if (way < 5 && field.wire === LENGTH && depth < DEEPEST)
    return written(fields.with(at, { ...field, value: damagedMessage(field.value, dice, depth + 1) }))
  if (way === 5) return written(fields.toSpliced(at, 1))
  if (way === 6) return written(fields.toSpliced(dice(fields.length), 0, field))
  if (way === 7) return written(fields.with(at, { ...field, number: numbers[dice(numbers.length)]! }))
  if (way === 8) {
    const other = dice(fields.length)
    return written(fields.with(at, fields[other]!).with(other, field))
  }
  const value = field.wire === VARINT ? varint(values[dice(values.length)]!) : damagedBytes(field.value, dice)
  return written(fields.with(at, { ...field, value }))
}

function fieldsOf(bytes: Uint8Array): readonly Field[] | undefined {
  try {
    return [...protoFields(protoFile(bytes, 'x'))].map(({ number, wire, start, end }) => ({
      number,
      wire,
      value: bytes.subarray(start, end),
    }))
  } catch (error) {
    if (error instanceof FormatError) return undefined
    throw error
  }
}

const written = (fields: readonly Field[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(
      fields.flatMap(({ number, wire, value }) => [
        varint(number * 8 + wire),
        ...(wire === LENGTH ? [varint(value.length)] : []),
        value,
      ]),
    ),
  )

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt(value)
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Uint8Array.from([...bytes, Number(rest)])
}
