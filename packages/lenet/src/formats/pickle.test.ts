import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { type Call, type Pickled, type PickleTable, readPickle } from './pickle.ts'

const table: PickleTable = {
  globals: new Map<string, Call | undefined>([
    ['known.add', (args) => (args as number[]).reduce((a, b) => a + b, 0)],
    ['known.Name', undefined],
  ]),
  persistent: (id) => ['outside', id],
  hint: 'save something else',
}

// Letters are bytes: '\x80' is one byte.
const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const read = (text: string): Pickled => readPickle({ bytes: bytesOf(text), file: 'x' }, table).value

describe('pickle', () => {
  // The left sides are what Python's pickle.dumps writes, protocols 0 to 5.
  test.each<[string, unknown]>([
    ['N.', null],
    ['\x80\x02\x88.', true],
    ['I01\n.', true],
    ['I-5\nL12L\n\x86.', [-5, 12]],
    ['\x80\x02(K\x01M\x00\x01J\xff\xff\xff\xfft.', [1, 256, -1]],
    ['\x80\x02\x8a\x02\x00\x80.', -32768],
    ['\x80\x02\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01.', 2n ** 64n],
    ['\x80\x02\x8a\x00.', 0],
    ['\x80\x02G?\xd0\x00\x00\x00\x00\x00\x00.', 0.25],
    ['F0.25\n.', 0.25],
    ['F-1.5e+300\nFinf\nFnan\n\x87.', [-1.5e300, Infinity, Number.NaN]],
    ['\x80\x02X\x02\x00\x00\x00\xc3\xbcq\x00.', 'ü'],
    ['\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00\x8c\x01a\x94.', 'a'],
    ['\x80\x03C\x02\x00\xff.', Uint8Array.of(0, 255)],
    ['\x80\x02]q\x00(K\x01K\x02e.', [1, 2]],
    ['\x80\x02]q\x00K\x01a.', [1]],
    ['(lp0\nI1\na.', [1]],
    [
      '\x80\x02}q\x00(U\x01aK\x01U\x01bK\x02u.',
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    ],
    ['(dp0\nI1\nI2\ns.', new Map([[1, 2]])],
    ['\x80\x02K\x01q\x07h\x07\x86.', [1, 1]],
    ['\x80\x04\x8c\x01a\x94\x8c\x01b\x94h\x00h\x01\x86.', ['a', 'b']],
    ['\x80\x02cknown\nadd\nK\x01K\x02\x86R.', 3],
    ['\x80\x04\x8c\x05known\x8c\x03add\x93K\x04\x85R.', 4],
    ['\x80\x02cknown\nName\n.', { global: 'known.Name' }],
    ['\x80\x02K\x03Q.', ['outside', 3]],
    ['\x80\x02}}b.', new Map()],
    ['\x80\x02K\x01K\x02(K\x03K\x0410.', 1],
  ])('reads %j', (text, value) => {
    expect(read(text)).toEqual(value)
  })

  test('two pickles one after the other are read one after the other', () => {
    const bytes = bytesOf('K\x01.K\x02.')
    const first = readPickle({ bytes }, table)
    expect([first.value, first.end, readPickle({ bytes, start: first.end }, table).value]).toEqual([1, 3, 2])
  })

  test.each([
    ['cposix\nsystem\nU\x02ls\x85R.', "x: wants Python's 'posix.system'; lenet reads data and runs nothing (byte 0)"],
    ['\x8c\x08builtins\x8c\x04eval\x93.', "wants Python's 'builtins.eval'"],
    ['cknown\nconstructor\n.', "wants Python's 'known.constructor'"],
    ['c__proto__\ntoString\n.', "wants Python's '__proto__.toString'"],
    ['cknown\nName\n)R.', "wants Python's 'known.Name'"],
    ['cknown\nadd\nK\x01R.', 'calls what is no function'],
    ['K\x01K\x02\x85R.', 'calls what is no function'],
    ['(iposix\nsystem\n.', 'has pickle opcode 105, which lenet does not read (byte 1)'],
    ['K\x01K\x02b.', 'sets attributes of what is no dictionary'],
    ['.', 'takes a value from an empty pickle stack'],
    ['K\x01(\x85.', 'takes a value from an empty pickle stack'],
    ['K\x01e.', 'has no mark on its pickle stack'],
    ['K\x01(e.', 'appends to what is no list'],
    [']K\x01K\x02s.', 'sets keys of what is no dictionary'],
    ['h\x05.', 'recalls value 5 of its pickle, which it never remembered'],
    ['K\x01p-1\n.', "has '-1' where a number of its pickle's memo belongs"],
    ['K\x01p\n.', "has '' where a number of its pickle's memo belongs"],
    ['F1.5x\n.', "has '1.5x' where a pickled number belongs"],
    ['X\xff\xff\xff\xffa.', 'ends inside its pickle'],
    ['T\xff\xff\xff\xffa.', 'has a pickled length of -1'],
    ['\x8b\xff\xff\xff\xff.', 'has a pickled length of -1'],
    ['\x8a\xff.', 'has a pickled integer of 255 bytes'],
    ['\x8d\xff\xff\xff\xff\xff\xff\xff\xffa.', 'ends inside its pickle'],
    ['I1e5\n.', "has '1e5' where a pickled integer belongs"],
    ['\x80\x06N.', 'is a pickle of protocol 6; 0 to 5 are read'],
    ['U\x01\xff.', 'has a pickled text that is not UTF-8'],
    ['K\x01', 'ends inside its pickle (byte 2)'],
    ['', 'ends inside its pickle (byte 0)'],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(FormatError)
    expect(() => read(text)).toThrow(message)
  })

  test('a way out is named with what is refused', () => {
    expect(() => read('cos\nsystem\n.')).toThrow('\nhint: save something else')
  })

  test('a billion laughs stay as many values as the file names', () => {
    // Each list holds the one before it ten times: 10^30 at the end, if anyone counted them.
    const list = (n: number) =>
      `](${n === 0 ? 'K\x01' : `h${String.fromCharCode(n - 1)}`.repeat(10)}eq${String.fromCharCode(n)}0`
    const text = `${Array.from({ length: 31 }, (_, n) => list(n)).join('')}h\x1e.`
    expect((read(text) as Pickled[]).length).toBe(10)
  })

  test('a list inside itself is read', () => {
    const value = read(']q\x00h\x00a.') as Pickled[]
    expect(value[0]).toBe(value)
  })

  test('crowds of empty dictionaries and endless nesting are refused without filling the memory', () => {
    for (const crowd of ['}', 'C\x00', '2Q']) {
      expect(() => read(`N${crowd.repeat(1e5)}.`)).toThrow('more objects in its pickle than its length explains')
    }
    expect(() => read(`N${'\x94'.repeat(1e5)}.`)).toThrow('remembers more of its pickle than its length explains')
    expect(() => read(`${'('.repeat(1e5)}.`)).toThrow('empty pickle stack')
  })
})
