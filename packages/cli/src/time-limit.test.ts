// A module that never ends is ended.
import { FormatError, readWasm } from 'lenet'
import { expect, test } from 'vitest'
import { withTimeLimit } from './time-limit.ts'

const facts = {
  format: 1,
  input: [1, 1, 1],
  classes: ['a'],
  preparation: 'picture',
  reading: { best: 'largest', probability: 'itself' },
}
const text = (value: string) => [value.length, ...new TextEncoder().encode(value)]
const section = (id: number, ...bytes: number[]) => [id, bytes.length, ...bytes]
const note = section(0, ...text('lenet'), ...new TextEncoder().encode(JSON.stringify(facts))).flatMap((byte, at) =>
  // The note is longer than one byte of a length can say.
  at === 1 ? [(byte & 0x7f) | 0x80, byte >> 7] : byte,
)

/** A module by hand: one function, two globals that are 0, a page of memory. */
const module = (code: readonly number[], ...more: number[]) =>
  Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 0),
    ...section(3, 1, 0),
    ...section(5, 1, 0, 1),
    ...section(6, 2, ...[0x7f, 0, 0x41, 0, 0x0b], ...[0x7f, 0, 0x41, 0, 0x0b]),
    ...section(
      7,
      4,
      ...text('memory'),
      2,
      0,
      ...text('input'),
      3,
      0,
      ...text('output'),
      3,
      1,
      ...text('predict'),
      0,
      0,
    ),
    ...more,
    ...section(10, 1, code.length + 2, 0, ...code, 0x0b),
    ...note,
  )
const forever = [0x03, 0x40, 0x0c, 0, 0x0b]

test('an answer is waited for, but not for ever', async () => {
  const model = withTimeLimit(await readWasm(module(forever), 'loop.wasm'), 'loop.wasm', 0.1)
  const began = performance.now()
  expect(() => model.predict(new Uint8Array(1))).toThrow(FormatError)
  expect(() => model.predict(new Uint8Array(1))).toThrow(
    'loop.wasm: its code was still at work on one image after 0.1 s; it was stopped',
  )
  expect(performance.now() - began).toBeLessThan(5000)
})

test('a module that answers does so as before, and says what it always said', async () => {
  const shipped = await readWasm(module([]), 'good.wasm')
  const model = withTimeLimit(shipped, 'good.wasm')
  expect(model.predict(new Uint8Array(1))).toEqual(shipped.predict(new Uint8Array(1)))
  expect(() => model.predict(new Uint8Array(7))).toThrow(/7/)
})

test('a module that would run as soon as it is opened is refused', async () => {
  await expect(readWasm(module(forever, ...section(8, 0)), 'start.wasm')).rejects.toThrow(
    'start.wasm: runs code as soon as it is opened, which no model does',
  )
})
