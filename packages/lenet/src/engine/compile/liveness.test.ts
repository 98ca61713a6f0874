// Who is alive together, and that those lie apart.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areAliveTogether, placeResidents, spansOf } from './liveness.ts'

test('a tensor is there from its first write to its last reader', () => {
  const spans = spansOf(
    [
      { reads: ['image'], writes: ['x'] },
      { reads: ['x'], writes: ['y'] },
      { reads: ['y'], writes: ['y', 'z'] },
      { reads: ['z'], writes: ['end'] },
      { reads: [], writes: ['nobody'] },
    ],
    { fed: ['image', 'label'], kept: ['end'] },
  )
  expect(Object.fromEntries(spans)).toEqual({
    image: { from: 0, to: 0 },
    label: { from: 0, to: 0 },
    x: { from: 0, to: 1 },
    y: { from: 1, to: 2 },
    z: { from: 2, to: 3 },
    end: { from: 3, to: 4 },
    nobody: { from: 4, to: 4 },
  })
})

test('what is read before it is written, or never written, is there all the time', () => {
  const moments = [
    { reads: [], writes: ['x'] },
    { reads: ['zeros'], writes: ['y'] },
    { reads: ['y'], writes: ['zeros'] },
  ]
  const spans = spansOf(moments, { fed: [], kept: ['never'] })
  expect(spans.get('zeros')).toEqual({ from: 0, to: 2 })
  expect(spans.get('never')).toEqual({ from: 0, to: 2 })
})

test('a kernel does not write where it reads', () => {
  const spans = spansOf([{ reads: ['x'], writes: ['y'] }], { fed: ['x'], kept: [] })
  expect(areAliveTogether(spans.get('x')!, spans.get('y')!)).toBe(true)
})

test('a chain takes the memory of two', () => {
  const chain = Array.from({ length: 9 }, (_, at) => ({ span: { from: at, to: at + 1 }, bytes: 100 }))
  expect(placeResidents(chain, 64).bytes).toBe(2 * 128)
})

test('the gap that a small one leaves is filled', () => {
  const { starts, bytes } = placeResidents(
    [
      { span: { from: 0, to: 9 }, bytes: 64 },
      { span: { from: 0, to: 4 }, bytes: 128 },
      { span: { from: 5, to: 9 }, bytes: 64 },
      { span: { from: 5, to: 9 }, bytes: 64 },
    ],
    64,
  )
  expect(bytes).toBe(192)
  expect(starts).toEqual([128, 0, 0, 64])
})

/** Steps that read what there is and write something new or something old. */
const programs = fc
  .array(
    fc.record({
      reads: fc.array(fc.nat(99), { maxLength: 3 }),
      writes: fc.array(fc.nat(9), { minLength: 1, maxLength: 2 }),
    }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .chain((steps) =>
    fc.record({
      steps: fc.constant(steps),
      sizes: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 80, maxLength: 80 }),
      kept: fc.array(fc.nat(79), { maxLength: 3 }),
    }),
  )

test('in random programs every reader finds what was last written', () => {
  const property = fc.property(programs, ({ steps, sizes, kept: wanted }) => {
    let count = 2
    const moments = steps.map(({ reads, writes }) => ({
      reads: reads.map((read) => read % count),
      writes: writes.map((write) => (write < 3 ? write % count : count++)),
    }))
    const kept = wanted.map((tensor) => tensor % count)
    const spans = spansOf(moments, { fed: [0, 1], kept })
    const tensors = [...spans.keys()]
    const residents = tensors.map((tensor) => ({ span: spans.get(tensor)!, bytes: sizes[tensor % 80]! }))
    const { starts, bytes } = placeResidents(residents, 16)
    // Run it: each byte says who wrote it last.
    const memory = new Int32Array(bytes).fill(-1)
    const areaOf = (tensor: number): [number, number] => {
      const at = tensors.indexOf(tensor)
      return [starts[at]!, starts[at]! + residents[at]!.bytes]
    }
    const isWhole = (tensor: number): boolean => memory.subarray(...areaOf(tensor)).every((owner) => owner === tensor)
    const written = new Set([0, 1])
    for (const tensor of [0, 1]) memory.fill(tensor, ...areaOf(tensor))
    for (const { reads, writes } of moments) {
      for (const tensor of writes) memory.fill(tensor, ...areaOf(tensor))
      for (const tensor of writes) written.add(tensor)
      for (const tensor of [...reads, ...writes].filter((each) => written.has(each))) expect(isWhole(tensor)).toBe(true)
    }
    for (const tensor of kept.filter((each) => written.has(each))) expect(isWhole(tensor)).toBe(true)
  })
  fc.assert(property, { numRuns: 500, seed: 1 })
})
