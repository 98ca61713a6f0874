// Damaging files: every reader with small whole files for it, and seeded ways to break them. A reader may give a result or
// throw a FormatError; anything else is a fault.

import { readdirSync, readFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { FormatError } from '../packages/lenet/src/errors.ts'
import { readCifar } from '../packages/lenet/src/formats/cifar.ts'
import { readCsv } from '../packages/lenet/src/formats/csv.ts'
import { readIdx, writeIdx } from '../packages/lenet/src/formats/idx.ts'
import { inflate } from '../packages/lenet/src/formats/inflate.ts'
import { readNpy, readNpz } from '../packages/lenet/src/formats/npy.ts'
import { readOnnx } from '../packages/lenet/src/formats/onnx.ts'
import { readPth, writePth } from '../packages/lenet/src/formats/pth.ts'
import { readSafetensors } from '../packages/lenet/src/formats/safetensors.ts'
import { readTar } from '../packages/lenet/src/formats/tar.ts'
import { readZip, writeZip } from '../packages/lenet/src/formats/zip.ts'

export interface Target {
  readonly format: string
  readonly samples: readonly Uint8Array[]
  /** Puts the damaged bytes into a whole file around them. */
  readonly wrap?: (bytes: Uint8Array) => Uint8Array
  /** How a copy is damaged; any bytes of it unless said otherwise. */
  readonly damage?: (bytes: Uint8Array, dice: Dice) => Uint8Array
  readonly read: (bytes: Uint8Array) => unknown
  /** What a reader may throw: a FormatError with a place in the file, or any error of the house. */
  readonly errors?: 'placed' | 'house'
}

const fixtures = new URL('../packages/lenet/src/formats/fixtures/', import.meta.url)

/** All readers. Where a checksum would catch nearly every change, what it protects is damaged and wrapped again. */
export function targets(): Target[] {
  const files = (ending: string) =>
    readdirSync(fixtures)
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => new Uint8Array(readFileSync(new URL(name, fixtures))))
  const archives = files('.pth')
  const legacy = archives.filter((bytes) => bytes[0] === 0x80)
  const zipped = archives.filter((bytes) => bytes[0] !== 0x80)
  const text = new TextEncoder().encode('all work and no play makes Jack a dull boy, '.repeat(40))
  const packed = [{}, { level: 1 }, { strategy: 4 }].map((options) => new Uint8Array(deflateRawSync(text, options)))
  const one = { dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, 3) } as const
  return [
    {
      format: 'idx',
      samples: [writeIdx({ shape: [2, 3, 2], data: new Uint8Array(12) })],
      read: (b) => readIdx(b, 'x'),
    },
    { format: 'cifar', samples: [new Uint8Array(2 * 3073)], read: (b) => readCifar(b, 'x') },
    { format: 'tar', samples: [tarOf('a.bin', text)], read: (b) => readTar(b, 'x') },
    { format: 'safetensors', samples: files('.safetensors'), read: (b) => readSafetensors(b, 'x') },
    { format: 'inflate', samples: packed, read: (b) => inflate(b, text.length, 'x') },
    { format: 'zip', samples: [...zipped, writePth(new Map([['a', one]]))], read: (b) => readZip(b, 'x') },
    { format: 'pth', samples: zipped, read: (b) => readPth(b, 'x') },
    { format: 'pth pickle', samples: zipped.map(pickleOf), wrap: wrapped, read: (b) => readPth(b, 'x') },
    { format: 'pth legacy', samples: legacy, read: (b) => readPth(b, 'x') },
    { format: 'npy', samples: files('.npy'), read: (b) => readNpy(b, 'x') },
    { format: 'npz', samples: files('.npz'), read: (b) => readNpz(b, 'x') },
    {
      format: 'csv',
      samples: [new TextEncoder().encode('path,label\n"a ""b"".png",x\nc.png,y\n')],
      read: (b) => readCsv(b, 'x'),
    },
    { format: 'onnx', samples: files('.onnx'), read: (b) => readOnnx(b, 'x') },
  ]
}

function pickleOf(archive: Uint8Array): Uint8Array {
  return [...readZip(archive)].find(([name]) => name.endsWith('data.pkl'))![1].bytes
}

// Storages of every length that the fixtures use, so that a damaged pickle finds what it refers to.
function wrapped(pickle: Uint8Array): Uint8Array {
  const storages = [48, 8, 48, 8].map((length, n): [string, Uint8Array] => [`a/data/${n}`, new Uint8Array(length)])
  return writeZip(new Map([['a/data.pkl', pickle], ...storages]))
}

function tarOf(name: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(512 + Math.ceil(content.length / 512) * 512 + 1024)
  const put = (place: number, text: string) => bytes.set(new TextEncoder().encode(text), place)
  put(0, name)
  put(124, content.length.toString(8).padStart(11, '0'))
  put(156, '0')
  put(148, '        ')
  put(
    148,
    `${bytes
      .subarray(0, 512)
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  )
  bytes.set(content, 512)
  return bytes
}

/** Whole numbers below a bound, a stream for each seed (xorshift over 32 bits, started by a multiplication). */
function createDice(seed: number): (bound: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  for (let n = 0; n < 4; n++) next()
  return (bound) => next() % bound
}

export type Dice = (bound: number) => number

const numbers = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]

// Each gives a damaged copy; `place` is a byte of the file.
const ways: readonly ((bytes: Uint8Array, place: number, dice: Dice) => Uint8Array)[] = [
  (bytes, place, dice) => bytes.with(place, bytes[place]! ^ (1 << dice(8))),
  (bytes, place, dice) => bytes.with(place, dice(256)),
  (bytes, place, dice) => bytes.with(place, numbers[dice(5)]!),
  (bytes, place) => bytes.slice(0, place),
  (bytes, place, dice) => spliced(bytes, place, Math.min(bytes.length, place + 1 + dice(16)), new Uint8Array(0)),
  (bytes, place, dice) =>
    spliced(
      bytes,
      place,
      place,
      Uint8Array.from({ length: 1 + dice(8) }, () => dice(256)),
    ),
  (bytes, place, dice) => spliced(bytes, place, place, bytes.subarray(dice(bytes.length)).subarray(0, 1 + dice(64))),
  (bytes, place, dice) => {
    const damaged = bytes.slice()
    const number = new Uint8Array(Uint32Array.of(numbers[dice(numbers.length)]!).buffer)
    damaged.set(number.subarray(0, Math.min(4, bytes.length - place)), place)
    return damaged
  },
]

function spliced(bytes: Uint8Array, start: number, end: number, between: Uint8Array): Uint8Array {
  const damaged = new Uint8Array(bytes.length - (end - start) + between.length)
  damaged.set(bytes.subarray(0, start))
  damaged.set(between, start)
  damaged.set(bytes.subarray(end), start + between.length)
  return damaged
}

/** The damaged file number `seed` of a target. */
export function damagedFile(target: Target, seed: number): Uint8Array {
  const dice = createDice(seed)
  const whole = target.samples[dice(target.samples.length)]!
  return (target.damage ?? damagedBytes)(whole, dice)
}

/** One to four bytes or runs of bytes changed, gone, or more. */
export function damagedBytes(whole: Uint8Array, dice: Dice): Uint8Array {
  let bytes = whole
  for (let times = 1 + dice(4); times > 0 && bytes.length > 0; times--) {
    bytes = ways[dice(ways.length)]!(bytes, dice(bytes.length), dice)
  }
  return bytes
}

/** Whether the reader took the bytes. Throws what it throws when that is none of the errors that it may throw. */
export async function isRead(target: Target, bytes: Uint8Array): Promise<boolean> {
  const file = target.wrap?.(bytes) ?? bytes
  try {
    const reading = target.read(file)
    if (reading instanceof Promise) await reading
    return true
  } catch (error) {
    if (target.errors === 'house' && house.includes((error as Error).name)) return false
    if (error instanceof FormatError && isPlace(error.offset, file)) return false
    throw error
  }
}

/** By name: the command reads with the library as it is built. Scores that are no numbers are said by a RunError. */
const house = ['FormatError', 'ShapeError', 'UsageError', 'RunError']

const isPlace = (offset: number | undefined, bytes: Uint8Array): boolean =>
  Number.isInteger(offset) && offset! >= 0 && offset! <= bytes.length
