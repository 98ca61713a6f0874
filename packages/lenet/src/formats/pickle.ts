// Pickle (Python's Lib/pickletools.py lists the opcodes) as data: a stack machine that builds numbers, texts, lists and
// dictionaries. In Python a pickle may name and call any function. Here it may name only what the caller's table holds,
// and nothing that is named comes from anywhere else.

import { FormatError } from '../errors.ts'
import {
  advance,
  type PickleCursor,
  readByte,
  readBytes,
  readDecimal,
  readFloat,
  readIndex,
  readLength,
  readLine,
  readLong,
  readLongLength,
  readText,
} from './pickle-cursor.ts'

/** What a name in the table stands for, and what calling it gives. Tuples and lists are both arrays. */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Pickled[]
  | Map<Pickled, Pickled>
  | NamedGlobal
  | Made

/** A function or class that the pickle names, e.g. 'torch.FloatStorage'. */
export interface NamedGlobal {
  readonly global: string
}

/** A value that a table's function built; each table has its own kinds. */
export interface Made {
  readonly made: string
}

export type Refuse = (problem: string, hint?: string) => FormatError
export type Call = (args: readonly Pickled[], refuse: Refuse) => Pickled

export interface PickleTable {
  /** The names that are known; `undefined` for one that can be passed on but not called. */
  readonly globals: ReadonlyMap<string, Call | undefined>
  /** Gives what a reference to something outside the pickle stands for. */
  readonly persistent: (id: Pickled, refuse: Refuse) => Pickled
  /** The way out when a name is not known. */
  readonly hint?: string
}

export interface PickleSource {
  readonly bytes: Uint8Array
  readonly file?: string
  /** Where the pickle begins in `bytes`. */
  readonly start?: number
  /** Where `bytes` begin in the file, for errors. */
  readonly offset?: number
}

interface Machine extends PickleCursor {
  readonly table: PickleTable
  readonly stack: Pickled[]
  /** Heights of the stack at the marks. */
  readonly marks: number[]
  readonly memo: Map<number, Pickled>
  /** How many objects may still be made, and how many remembered. */
  objects: number
  memos: number
  readonly refuseName: (name: string) => FormatError
}

// The pickle of a network of a thousand layers has some hundred thousand bytes: the elements of its tensors stand outside.
const LARGEST = 16 * 2 ** 20
// An empty list is one byte of pickle and some thirty bytes of memory, a dictionary or a run of bytes two hundred. Real
// ones hold something; limits for what is made and what is remembered keep the memory below forty times the pickle.
const BYTES_PER_OBJECT = 3
const OBJECTS_PER_LARGE_ONE = 4
const BYTES_PER_MEMO = 3
const FREE = 64

/** Reads one pickle; `end` is the place after it in `bytes`. Throws a FormatError naming the file and the byte. */
export function readPickle(source: PickleSource, table: PickleTable): { value: Pickled; end: number } {
  const { bytes, file = 'pickle bytes', start = 0, offset = 0 } = source
  let operation = start
  const fail = (problem: string, hint?: string) =>
    new FormatError(file, problem, { offset: offset + operation, ...(hint === undefined ? {} : { hint }) })
  const machine: Machine = {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    table,
    place: start,
    stack: [],
    marks: [],
    memo: new Map(),
    objects: FREE + Math.min(LARGEST, bytes.length - start) / BYTES_PER_OBJECT,
    memos: FREE + Math.min(LARGEST, bytes.length - start) / BYTES_PER_MEMO,
    refuse: fail,
    refuseName: (name) => fail(`wants Python's '${name}'; lenet reads data and runs nothing`, table.hint),
  }
  for (;;) {
    operation = machine.place
    if (operation - start > LARGEST) throw machine.refuse(`has a pickle of more than ${LARGEST} bytes`)
    const code = String.fromCharCode(readByte(machine))
    if (code === '.') return { value: pop(machine), end: machine.place }
    const run = operations[code]
    if (run === undefined) throw machine.refuse(`has pickle opcode ${code.charCodeAt(0)}, which lenet does not read`)
    run(machine)
  }
}

// Opcodes by their letter, in the order of pickletools.
const operations: Readonly<Record<string, (m: Machine) => void>> = {
  I: (m) => push(m, readDecimal(m)),
  J: (m) => push(m, m.view.getInt32(advance(m, 4), true)),
  K: (m) => push(m, readByte(m)),
  M: (m) => push(m, m.view.getUint16(advance(m, 2), true)),
  L: (m) => push(m, readDecimal(m)),
  '\x8a': (m) => push(m, readLong(m, readByte(m))),
  '\x8b': (m) => push(m, readLong(m, m.view.getInt32(advance(m, 4), true))),
  C: (m) => push(m, made(m, readBytes(m, readByte(m)))),
  B: (m) => push(m, made(m, readBytes(m, readLength(m)))),
  '\x8e': (m) => push(m, made(m, readBytes(m, readLongLength(m)))),
  U: (m) => push(m, readText(m, readByte(m))),
  T: (m) => push(m, readText(m, m.view.getInt32(advance(m, 4), true))),
  X: (m) => push(m, readText(m, readLength(m))),
  '\x8c': (m) => push(m, readText(m, readByte(m))),
  '\x8d': (m) => push(m, readText(m, readLongLength(m))),
  N: (m) => push(m, null),
  '\x88': (m) => push(m, true),
  '\x89': (m) => push(m, false),
  F: (m) => push(m, readFloat(m)),
  G: (m) => push(m, m.view.getFloat64(advance(m, 8))),
  ']': (m) => push(m, made(m, [])),
  a: (m) => append(m, [pop(m)]),
  e: (m) => append(m, popToMark(m)),
  l: (m) => push(m, made(m, popToMark(m))),
  ')': (m) => push(m, made(m, [])),
  t: (m) => push(m, made(m, popToMark(m))),
  '\x85': (m) => push(m, made(m, popMany(m, 1))),
  '\x86': (m) => push(m, made(m, popMany(m, 2))),
  '\x87': (m) => push(m, made(m, popMany(m, 3))),
  '}': (m) => push(m, made(m, new Map())),
  d: (m) => {
    const pairs = popToMark(m)
    push(m, made(m, new Map()))
    setItems(m, pairs)
  },
  s: (m) => setItems(m, popMany(m, 2)),
  u: (m) => setItems(m, popToMark(m)),
  '0': (m) => {
    if (m.marks.length > 0 && m.marks.at(-1) === m.stack.length) m.marks.pop()
    else pop(m)
  },
  '1': (m) => void popToMark(m),
  '2': (m) => push(m, top(m)),
  '(': (m) => void m.marks.push(m.stack.length),
  g: (m) => recall(m, readIndex(m)),
  h: (m) => recall(m, readByte(m)),
  j: (m) => recall(m, m.view.getUint32(advance(m, 4), true)),
  p: (m) => remember(m, readIndex(m)),
  q: (m) => remember(m, readByte(m)),
  r: (m) => remember(m, m.view.getUint32(advance(m, 4), true)),
  '\x94': (m) => remember(m, m.memo.size),
  c: (m) => push(m, lookUp(m, readLine(m), readLine(m))),
  '\x93': (m) => {
    const [module, name] = popMany(m, 2)
    push(m, lookUp(m, module, name))
  },
  R: (m) => call(m, popMany(m, 2)),
  '\x81': (m) => call(m, popMany(m, 2)),
  b: build,
  Q: (m) => push(m, made(m, m.table.persistent(pop(m), m.refuse))),
  '\x80': (m) => {
    const protocol = readByte(m)
    if (protocol > 5) throw m.refuse(`is a pickle of protocol ${protocol}; 0 to 5 are read`)
  },
  '\x95': (m) => void advance(m, 8),
}

function push(m: Machine, value: Pickled): void {
  m.stack.push(value)
}

function top(m: Machine): Pickled {
  if (m.stack.length <= (m.marks.at(-1) ?? 0)) throw m.refuse('takes a value from an empty pickle stack')
  return m.stack.at(-1)!
}

function pop(m: Machine): Pickled {
  const value = top(m)
  m.stack.pop()
  return value
}

function popMany(m: Machine, count: number): Pickled[] {
  if (m.stack.length - count < (m.marks.at(-1) ?? 0)) throw m.refuse('takes a value from an empty pickle stack')
  return m.stack.splice(m.stack.length - count)
}

function popToMark(m: Machine): Pickled[] {
  const mark = m.marks.pop()
  if (mark === undefined) throw m.refuse('has no mark on its pickle stack')
  return m.stack.splice(mark)
}

function made<T extends Pickled>(m: Machine, value: T): T {
  m.objects -= value instanceof Map || value instanceof Uint8Array ? OBJECTS_PER_LARGE_ONE : 1
  if (m.objects < 0) throw m.refuse('has more objects in its pickle than its length explains')
  return value
}

function append(m: Machine, values: readonly Pickled[]): void {
  const list = top(m)
  if (!Array.isArray(list)) throw m.refuse('appends to what is no list in its pickle')
  for (const value of values) list.push(value)
}

function setItems(m: Machine, pairs: readonly Pickled[]): void {
  const target = top(m)
  if (!(target instanceof Map) || pairs.length % 2 !== 0) throw m.refuse('sets keys of what is no dictionary')
  for (let n = 0; n < pairs.length; n += 2) target.set(pairs[n]!, pairs[n + 1]!)
}

function remember(m: Machine, index: number): void {
  if (m.memo.size >= m.memos) throw m.refuse('remembers more of its pickle than its length explains')
  m.memo.set(index, top(m))
}

function recall(m: Machine, index: number): void {
  const value = m.memo.get(index)
  if (value === undefined) throw m.refuse(`recalls value ${index} of its pickle, which it never remembered`)
  push(m, value)
}

function lookUp(m: Machine, module: Pickled | undefined, name: Pickled | undefined): NamedGlobal {
  if (typeof module !== 'string' || typeof name !== 'string') throw m.refuse('names something without a text')
  const global = `${module}.${name}`.slice(0, 200)
  if (!m.table.globals.has(global)) throw m.refuseName(global)
  return made(m, { global })
}

function call(m: Machine, [callee, args]: Pickled[]): void {
  const name = callee instanceof Object && 'global' in callee ? callee.global : undefined
  const run = name === undefined ? undefined : m.table.globals.get(name)
  if (name === undefined || !Array.isArray(args)) throw m.refuse('calls what is no function')
  if (run === undefined) throw m.refuseName(name)
  push(m, made(m, run(args, m.refuse)))
}

// Attributes of a dictionary (torch keeps version numbers there) say nothing about its content.
function build(m: Machine): void {
  pop(m)
  if (!(top(m) instanceof Map)) throw m.refuse('sets attributes of what is no dictionary')
}
