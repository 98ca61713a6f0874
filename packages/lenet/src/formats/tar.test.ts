import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { readTar } from './tar.ts'

const encode = (text: string) => new TextEncoder().encode(text)

function entry(name: string, content: string, type = '0', prefix = ''): Uint8Array {
  const bytes = encode(content)
  const block = new Uint8Array(512 + Math.ceil(bytes.length / 512) * 512)
  const put = (place: number, text: string) => block.set(encode(text), place)
  put(0, name)
  put(100, '0000644\0')
  put(124, `${bytes.length.toString(8).padStart(11, '0')}\0`)
  put(148, '        ')
  put(156, type)
  put(257, 'ustar\u000000')
  put(345, prefix)
  const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `)
  block.set(bytes, 512)
  return block
}

const archive = (...blocks: Uint8Array[]) => Uint8Array.from([...blocks, new Uint8Array(512)].flatMap((b) => [...b]))

const list = (bytes: Uint8Array) => readTar(bytes).map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)])

describe('tar', () => {
  test('regular files come in the order of the archive', () => {
    const bytes = archive(entry('b.txt', 'second letter'), entry('a', ''), entry('c', 'x'.repeat(1000)))
    expect(list(bytes)).toEqual([
      ['b.txt', 'second letter'],
      ['a', ''],
      ['c', 'x'.repeat(1000)],
    ])
  })

  test('a prefix is the folder of the name', () => {
    expect(list(archive(entry('file', 'x', '0', 'some/folder')))).toEqual([['some/folder/file', 'x']])
  })

  test('folders and links are stepped over', () => {
    const bytes = archive(entry('folder/', '', '5'), entry('link', '', '2'), entry('folder/a', 'x'))
    expect(list(bytes)).toEqual([['folder/a', 'x']])
  })

  test('long names are read in the GNU and the pax way', () => {
    const gnu = archive(entry('././@LongLink', 'long/gnu\0', 'L'), entry('long', '1'), entry('short', '2'))
    expect(list(gnu)).toEqual([
      ['long/gnu', '1'],
      ['short', '2'],
    ])
    const pax = archive(entry('pax', '20 mtime=1234567.89\n17 path=long/pax\n', 'x'), entry('long', '1'))
    expect(list(pax)).toEqual([['long/pax', '1']])
  })

  test('an archive cut off at any byte is a FormatError', () => {
    const bytes = archive(entry('a', 'hello'), entry('b', 'x'.repeat(600)))
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readTar(bytes.subarray(0, length), 'x.tar')).toThrow(FormatError)
    }
  })

  test('a changed byte of a header is a FormatError', () => {
    const bytes = archive(entry('a', 'hello'))
    for (let place = 0; place < 512; place++) {
      const damaged = Uint8Array.from(bytes)
      damaged[place] = damaged[place]! ^ 0x55
      try {
        // The last two bytes of the checksum field are padding; any other change must be noticed.
        expect(readTar(damaged)).toEqual(readTar(bytes))
        expect([154, 155]).toContain(place)
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    }
  })

  test('an entry larger than the archive names the bytes that are left', () => {
    const whole = entry('a', 'x'.repeat(2000))
    expect(() => readTar(whole.subarray(0, 1024), 'x.tar')).toThrow('x.tar: has 512 bytes left for an entry of 2000')
  })

  test('a pax record without end does not hang', () => {
    expect(list(archive(entry('pax', 'no record', 'x'), entry('a', '1')))).toEqual([['a', '1']])
  })
})
