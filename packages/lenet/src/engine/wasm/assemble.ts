// A WebAssembly assembler: code is a nested array of bytes, flattened once at the end.
// Opcodes: WebAssembly Core Specification 2.0, appendix "Index of Instructions"; atomics: threads proposal.

export type Code = Uint8Array | readonly (number | Code)[]

const leb = (value: number): number[] => {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low | 128 : low)
  } while (rest > 0)
  return bytes
}

const signedLeb = (value: number): number[] => {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 127
    const last = (rest >> 7 === 0 && (low & 64) === 0) || (rest >> 7 === -1 && (low & 64) !== 0)
    bytes.push(last ? low : low | 128)
    if (last) return bytes
  }
}

/** Bytes of a page of memory. */
export const PAGE = 65536
/** Floats in a vector. */
export const LANES = 4

const floatBytes = (value: number): number[] => [...new Uint8Array(new Float32Array([value]).buffer)]
const simd = (opcode: number): number[] => [0xfd, ...leb(opcode)]

/** Instructions without immediates, by name; operands come first. */
const plain = {
  'i32.eqz': [0x45],
  'i32.eq': [0x46],
  'i32.ne': [0x47],
  'i32.lt_s': [0x48],
  'i32.lt_u': [0x49],
  'i32.gt_u': [0x4b],
  'i32.ge_u': [0x4f],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.mul': [0x6c],
  'i32.div_u': [0x6e],
  'i32.rem_u': [0x70],
  'i32.and': [0x71],
  'i32.shl': [0x74],
  'i32.shr_u': [0x76],
  'f32.ne': [0x5c],
  'f32.convert_i32_s': [0xb2],
  drop: [0x1a],
  select: [0x1b],
  return: [0x0f],
  'i32x4.splat': simd(0x11),
  'f32x4.splat': simd(0x13),
  'f32x4.eq': simd(0x41),
  'f32x4.ne': simd(0x42),
  'f32x4.lt': simd(0x43),
  'v128.and': simd(0x4e),
  'v128.or': simd(0x50),
  'v128.bitselect': simd(0x52),
  'i32x4.lt_s': simd(0x39),
  'i32x4.shl': simd(0xab),
  'i32x4.shr_s': simd(0xac),
  'i32x4.add': simd(0xae),
  'i32x4.sub': simd(0xb1),
  'f32x4.abs': simd(0xe0),
  'f32x4.neg': simd(0xe1),
  'f32x4.sqrt': simd(0xe3),
  'f32x4.add': simd(0xe4),
  'f32x4.sub': simd(0xe5),
  'f32x4.mul': simd(0xe6),
  'f32x4.div': simd(0xe7),
  'f32x4.pmin': simd(0xea),
  'f32x4.pmax': simd(0xeb),
  'i32x4.trunc': simd(0xf8),
  /** a × b + c, rounded once where the machine can. */
  'f32x4.relaxed_madd': simd(0x105),
  'f32x4.convert_i32': simd(0xfa),
  'f32x4.convert_u32': simd(0xfb),
} as const

export type Plain = keyof typeof plain
export const op = (name: Plain, ...operands: Code[]): Code => [...operands, plain[name]]

const memory =
  (opcode: number[], alignment: number) =>
  (offset: number): Code => [opcode, leb(alignment), leb(offset)]
export const load = {
  i32: memory([0x28], 2),
  f32: memory([0x2a], 2),
  v128: memory(simd(0), 2),
  splat: memory(simd(9), 2),
  zero: memory(simd(0x5c), 2),
}
export const store = { i32: memory([0x36], 2), v128: memory(simd(11), 2) }
export const loadLane = (lane: number, offset: number): Code => [simd(0x56), leb(0), leb(offset), lane]
export const storeLane = (lane: number, offset: number): Code => [simd(0x5a), leb(2), leb(offset), lane]
export const storeTwoLanes = (offset: number): Code => [simd(0x5b), leb(2), leb(offset), 0]

export const atomic = {
  notify: memory([0xfe, 0x00], 2),
  wait: memory([0xfe, 0x01], 2),
  load: memory([0xfe, 0x10], 2),
  store: memory([0xfe, 0x17], 2),
  add: memory([0xfe, 0x1e], 2),
}

export const i32 = (value: number): Code => [0x41, signedLeb(value | 0)]
export const i64 = (value: number): Code => [0x42, signedLeb(value)]
export const f32x4 = (value: number): Code => [simd(12), ...Array.from({ length: 4 }, () => floatBytes(value))]
export const i32x4 = (...words: readonly number[]): Code => [simd(12), ...new Uint8Array(Int32Array.from(words).buffer)]
export const shuffle = (bytes: readonly number[]): Code => [simd(13), bytes]
/** Lanes 0–3 are the first operand's, 4–7 the second's. */
export const shuffleLanes = (...lanes: readonly number[]): Code =>
  shuffle(lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)))
export const get = (local: number): Code => [0x20, leb(local)]
export const set = (local: number): Code => [0x21, leb(local)]
export const tee = (local: number): Code => [0x22, leb(local)]
export const call = (index: number): Code => [0x10, leb(index)]
export const fillMemory: Code = [0xfc, 11, 0]
export const copyMemory: Code = [0xfc, 10, 0, 0]

/** Runs the body while it leaves a non-zero number. */
export const repeat = (...body: Code[]): Code => [0x03, 0x40, body, 0x0d, 0, 0x0b]
/** Runs for ever; `leave` jumps out of it, from `depth` blocks inside. */
export const forever = (...body: Code[]): Code => [0x02, 0x40, 0x03, 0x40, body, 0x0c, 0, 0x0b, 0x0b]
export const leaveIf = (condition: Code): Code => [condition, 0x0d, 1]
export const when = (condition: Code, yes: Code, no?: Code): Code => [
  condition,
  0x04,
  0x40,
  yes,
  no ? [0x05, no] : [],
  0x0b,
]

export const types = { i32: 0x7f, v128: 0x7b } as const
export type Type = keyof typeof types

/** One function under construction: its locals are made as they are needed. */
export interface Body {
  readonly parameters: readonly Type[]
  readonly result?: Type
  readonly locals: Type[]
  local(type: Type): number
}

export function newBody(parameters: readonly Type[], result?: Type): Body {
  const locals: Type[] = []
  return { parameters, result, locals, local: (type) => parameters.length + locals.push(type) - 1 }
}

export interface WasmFunction {
  readonly body: Body
  readonly code: Code
  /** Its name for the outside, if it has one. */
  readonly name?: string
}

const vector = (items: readonly Code[]): Code => [leb(items.length), items]
const section = (id: number, content: Code): Code => {
  const bytes = flatten(content)
  return [id, leb(bytes.length), bytes]
}
const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value)
const text = (value: string): Code => [leb(utf8(value).length), utf8(value)]

/** `env.memory`, which others see, too. */
export interface ImportedMemory {
  readonly initial: number
  readonly maximum: number
  readonly shared: boolean
}

/** A memory of the module's own, with what it holds at the start, and what else the outside gets to know. */
export interface OwnMemory {
  readonly contents: Uint8Array
  /** Exported numbers. */
  readonly numbers: Readonly<Record<string, number>>
  /** A custom section: the machine passes over it. */
  readonly note: { readonly name: string; readonly text: string }
}

/** A module of these functions. */
export function assemble(
  functions: readonly WasmFunction[],
  memory: ImportedMemory | OwnMemory,
): Uint8Array<ArrayBuffer> {
  const signatures = functions.map(({ body }) => [
    0x60,
    vector(body.parameters.map((type) => [types[type]])),
    vector(body.result ? [[types[body.result]]] : []),
  ])
  const bodies = functions.map(({ body, code }) => {
    const bytes = flatten([vector(body.locals.map((type) => [1, types[type]])), code, 0x0b])
    return [leb(bytes.length), bytes]
  })
  const exported = functions.flatMap(({ name }, index) => (name === undefined ? [] : [[text(name), 0x00, leb(index)]]))
  const own = 'contents' in memory ? memory : undefined
  return flatten([
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, vector(signatures)),
    'contents' in memory ? [] : section(2, vector([importedMemory(memory)])),
    section(3, vector(functions.map((_, index) => leb(index)))),
    own ? [section(5, vector([pagesOf(own)])), section(6, vector(Object.values(own.numbers).map(constant)))] : [],
    section(7, vector([...exported, ...(own ? exportsOf(own) : [])])),
    section(10, vector(bodies)),
    own ? [section(11, vector(segmentsOf(own.contents))), section(0, [text(own.note.name), utf8(own.note.text)])] : [],
  ])
}

const importedMemory = ({ initial, maximum, shared }: ImportedMemory): Code => [
  [text('env'), text('memory'), 0x02],
  [shared ? 3 : 1, leb(initial), leb(maximum)],
]
const pagesOf = ({ contents }: OwnMemory): Code => {
  const pages = leb(Math.ceil(contents.length / PAGE))
  return [1, pages, pages]
}
const constant = (value: number): Code => [types.i32, 0, i32(value), 0x0b]
const exportsOf = ({ numbers }: OwnMemory): Code[] => [
  [text('memory'), 2, 0],
  ...Object.keys(numbers).map((name, index) => [text(name), 3, leb(index)]),
]

/** What is not zero, in runs: zeros between two runs stay where they are fewer than what another run costs. */
function segmentsOf(contents: Uint8Array): Code[] {
  const segments: Code[] = []
  for (let from = 0; from < contents.length; from++) {
    if (contents[from] === 0) continue
    let end = from + 1
    for (let at = end; at < contents.length && at - end < 12; at++) if (contents[at] !== 0) end = at + 1
    segments.push([0, i32(from), 0x0b, leb(end - from), contents.subarray(from, end)])
    from = end
  }
  return segments
}

/** Nested bytes in a row. Done early, it spares the memory of the nest. */
export function flatten(code: Code): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengthOf(code))
  write(code, bytes, 0)
  return bytes
}

function lengthOf(code: Code): number {
  if (code instanceof Uint8Array) return code.length
  let length = 0
  for (let at = 0; at < code.length; at++) {
    const part = code[at]!
    length += typeof part === 'number' ? 1 : lengthOf(part)
  }
  return length
}

/** Gives where the next byte goes. */
function write(code: Code, bytes: Uint8Array, from: number): number {
  if (code instanceof Uint8Array) {
    bytes.set(code, from)
    return from + code.length
  }
  let next = from
  for (let at = 0; at < code.length; at++) {
    const part = code[at]!
    if (typeof part === 'number') bytes[next++] = part
    else next = write(part, bytes, next)
  }
  return next
}
