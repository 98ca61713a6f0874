import { expect, test } from 'vitest'
import { importOnnx } from '../files/onnx-import.ts'
import { floats } from '../layers/onnx.ts'
import { fileOf, nodeOf, scoresOf, weightsOf } from '../testing/onnx-file.ts'

const KERNEL = { kernel_shape: [3, 3] }
const given = { w: weightsOf(2, 1, 3, 3) }
type Attributes = NonNullable<Parameters<typeof nodeOf>[3]>

const read = (type: string, attributes: Attributes, side: number) =>
  importOnnx(
    fileOf([1, side, side], [nodeOf(type, type === 'Conv' ? 'x w' : 'x', 'y', { ...KERNEL, ...attributes })], given),
    'x',
  )

test.each(['Conv', 'MaxPool', 'AveragePool'])('auto_pad of %s is read where both sides get as many zeros', (type) => {
  const counted: Attributes = type === 'AveragePool' ? { count_include_pad: 1 } : {}
  const same = (side: number, attributes: Attributes, pads: readonly number[]) => {
    const wanted = read(type, { ...counted, ...attributes, pads }, side)
    for (const auto_pad of ['SAME_UPPER', 'SAME_LOWER'])
      expect(scoresOf(read(type, { ...counted, ...attributes, auto_pad }, side))).toEqual(scoresOf(wanted))
  }
  same(5, {}, [1, 1, 1, 1])
  same(7, { strides: [2, 2] }, [1, 1, 1, 1])
  same(9, { strides: [3, 3] }, [0, 0, 0, 0])
  const valid = read(type, { auto_pad: 'VALID' }, 5)
  expect(scoresOf(valid)).toEqual(scoresOf(read(type, {}, 5)))
})

test.each([
  ["auto_pad 'SAME_UPPER'", { auto_pad: 'SAME_UPPER', strides: [2, 2] }, 'pads [0,0] before and [1,1] after; both'],
  ['pads', { pads: [0, 0, 1, 1] }, 'pads [0,0] before and [1,1] after; both sides must be equal'],
  ['auto_pad beside pads', { auto_pad: 'SAME_UPPER', pads: [1, 1, 1, 1] }, 'has auto_pad SAME_UPPER beside pads'],
  ['a strange auto_pad', { auto_pad: 'SOME' }, 'has auto_pad SOME; NOTSET, VALID, SAME_UPPER and SAME_LOWER'],
  ['pads below 0', { pads: [-1, -1, -1, -1] }, 'has pads [-1,-1,-1,-1]; numbers from 0 are accepted'],
  ['a kernel_shape that is not the weights’', { kernel_shape: [2, 2] }, 'has kernel_shape [2,2] and weights of [3,3]'],
  ['as many groups as do not divide', { group: 2 }, 'has weights [2,1,3,3] for 1 channels in 2 groups'],
] satisfies [string, Attributes, string][])(
  'zeros that our layers cannot add are refused: %s',
  (_, attributes, message) => {
    expect(() => read('Conv', attributes, 8)).toThrow(`x: node Conv 'y' ${message}`)
  },
)

test('zeros behind that no window reaches may be fewer or more than before', () => {
  const wanted = read('MaxPool', { strides: [2, 2], pads: [1, 1, 1, 1] }, 6)
  for (const zeros of [{ pads: [1, 1, 0, 0] }, { auto_pad: 'SAME_LOWER' }] as Attributes[])
    expect(scoresOf(read('MaxPool', { strides: [2, 2], ...zeros }, 6))).toEqual(scoresOf(wanted))
})

test('a last window over the edge is read, by ceil_mode or by more zeros behind', () => {
  expect(scoresOf(read('MaxPool', { ceil_mode: 1, strides: [2, 2] }, 7))).toEqual(
    scoresOf(read('MaxPool', { strides: [2, 2] }, 7)),
  )
  const hanging = read('MaxPool', { ceil_mode: 1, strides: [2, 2] }, 8)
  expect(hanging.net.entries[0]!.layer.options).toMatchObject({ ceilMode: true, padding: [0, 0] })
  expect(scoresOf(read('MaxPool', { pads: [0, 0, 1, 1], strides: [2, 2] }, 8))).toEqual(scoresOf(hanging))
  const mean = read('AveragePool', { ceil_mode: 1, strides: [2, 2] }, 8)
  expect(mean.net.entries[0]!.layer.options).toMatchObject({ ceilMode: true, countIncludePad: false })
  expect(() => read('AveragePool', { ceil_mode: 1, strides: [2, 2], count_include_pad: 1 }, 8)).toThrow(
    'has a window over the edge and counts its padding',
  )
  expect(() => read('MaxPool', { dilations: [2, 2] }, 8)).toThrow('has dilations [2,2]; [1,1] is accepted')
})

test('padding that the mean leaves out is read', () => {
  const { layer } = read('AveragePool', { pads: [1, 1, 1, 1] }, 8).net.entries[0]!
  expect(layer.options).toMatchObject({ padding: [1, 1], countIncludePad: false })
})

test('a kernel whose pixels lie apart is read', () => {
  const { layer, output } = read('Conv', { dilations: [2, 3], pads: [2, 3, 2, 3] }, 8).net.entries[0]!
  expect(layer.options).toMatchObject({ kernel: [3, 3], dilation: [2, 3], padding: [2, 3] })
  expect(output).toEqual([2, 8, 8])
})

test('zeros of a Pad node go to the convolution or mean behind it, and nowhere else', () => {
  const behind = (type: string, attributes: Attributes, pads: readonly number[], fill = 0) =>
    importOnnx(
      fileOf([1, 5, 5], [nodeOf('Pad', 'x p f', 'z'), nodeOf(type, type === 'Conv' ? 'z w' : 'z', 'y', attributes)], {
        ...given,
        p: {
          dtype: 'int64',
          shape: [8],
          data: BigInt64Array.from([0, 0, ...pads.slice(0, 2), 0, 0, ...pads.slice(2)], BigInt),
        },
        f: floats([], fill),
      }),
      'x',
    )
  const ones = [1, 1, 1, 1]
  expect(scoresOf(behind('Conv', KERNEL, ones))).toEqual(scoresOf(read('Conv', { pads: ones }, 5)))
  expect(scoresOf(behind('Conv', { ...KERNEL, pads: [0, 1, 2, 1] }, [2, 1, 0, 1]))).toEqual(
    scoresOf(read('Conv', { pads: [2, 2, 2, 2] }, 5)),
  )
  expect(scoresOf(behind('AveragePool', KERNEL, ones))).toEqual(
    scoresOf(read('AveragePool', { pads: ones, count_include_pad: 1 }, 5)),
  )
  // The zeros of the Pad node count in the mean, those of the pooling do not.
  expect(() => behind('AveragePool', { ...KERNEL, pads: [0, 0, 1, 0] }, [1, 0, 0, 0])).toThrow(
    'leaves its own padding out',
  )
  for (const type of ['Relu', 'Flatten', 'Identity', 'Dropout', 'GlobalAveragePool', 'MaxPool'])
    expect(() => behind(type, type === 'MaxPool' ? KERNEL : {}, ones)).toThrow(
      `node ${type} 'y' reads the zeros of a Pad node`,
    )
  expect(() => behind('AveragePool', { ...KERNEL, strides: [2, 2], ceil_mode: 1 }, [1, 1, 0, 0])).toThrow(
    'has a window over the edge and the zeros of a Pad node',
  )
  expect(() => behind('Conv', KERNEL, ones, 5)).toThrow("node Pad 'z' pads with 5; 0 is accepted")
  expect(() => behind('Conv', KERNEL, [0, 0, 1, 1])).toThrow('pads [0,0] before and [1,1] after')
})
