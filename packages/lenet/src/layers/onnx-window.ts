// The window of a convolution or pooling as ONNX says it: kernel, strides, and zeros by `pads`, `auto_pad` or a Pad node.
// Our layers have as many zeros before as behind; what comes to the same is read, the rest refused.
import type { Window } from './layer.ts'
import type { OnnxReading } from './onnx.ts'
import type { Pair } from './options.ts'

export const windowAttributes = ({ kernel, stride, padding }: Window) => ({
  kernel_shape: kernel,
  strides: stride,
  pads: [...padding, ...padding],
})

/** Of a convolution; it takes over the zeros of a Pad node. */
export function readConvolution(node: OnnxReading, weight: readonly number[]): Window {
  const kernel = node.ints('kernel_shape', weight)
  if (kernel.join() !== weight.join()) node.refuse(`has kernel_shape [${kernel}] and weights of [${weight}]`)
  return readWindow(node, kernel, { outside: node.padding(), ceil: false })
}

/** @param outside zeros of a Pad node, where they count like its own: not for a maximum, whose own padding is no zero. */
export const readPooling = (node: OnnxReading, outside?: readonly number[]): Window =>
  readWindow(node, node.ints('kernel_shape', []), {
    outside: outside ?? [0, 0, 0, 0],
    ceil: node.number('ceil_mode', 0) !== 0,
  })

function readWindow(
  node: OnnxReading,
  kernel: readonly number[],
  { outside, ceil }: { readonly outside: readonly number[]; readonly ceil: boolean },
): Window {
  const stride = node.ints('strides', [1, 1])
  if (kernel.length !== 2 || stride.length !== 2 || node.input.length !== 3)
    node.refuse('has a window that is not two-dimensional')
  node.only('dilations', [1, 1])
  const sides: Sides = {
    kernel: kernel as Pair,
    stride: stride as Pair,
    extents: node.input.slice(1) as unknown as Pair,
  }
  const pads = ownPads(node, grown(sides, outside)).map((side, at) => side + outside[at]!)
  if (pads.some((side) => side < 0)) node.refuse(`has pads [${pads}]; numbers from 0 are accepted`)
  const { extents } = grown(sides, pads)
  if (ceil && extents.some((extent, axis) => (extent - kernel[axis]!) % stride[axis]! !== 0))
    node.refuse('has ceil_mode 1 and a window over the edge; 0 is accepted')
  if (![0, 1].every((axis) => areEqualInEffect(sides, pads, axis as 0 | 1)))
    node.refuse(`pads [${pads.slice(0, 2)}] before and [${pads.slice(2)}] after; both sides must be equal`)
  return { kernel: sides.kernel, stride: sides.stride, padding: [pads[0]!, pads[1]!] }
}

interface Sides {
  readonly kernel: Pair
  readonly stride: Pair
  /** Rows and columns of the input. */
  readonly extents: Pair
}

const grown = (sides: Sides, [top, left, bottom, right]: readonly number[]): Sides => ({
  ...sides,
  extents: [sides.extents[0] + top! + bottom!, sides.extents[1] + left! + right!],
})

/** Top, left, bottom, right. */
function ownPads(node: OnnxReading, { kernel, stride, extents }: Sides): readonly number[] {
  const mode = node.text('auto_pad', 'NOTSET')
  const pads = node.ints('pads', [0, 0, 0, 0])
  if (pads.length !== 4) node.refuse(`has ${pads.length} pads; 4 are accepted`)
  if (mode === 'NOTSET') return pads
  if (pads.some((side) => side !== 0))
    node.refuse(`has auto_pad ${mode} beside pads [${pads}]; one of them is accepted`)
  if (mode === 'VALID') return pads
  if (mode !== 'SAME_UPPER' && mode !== 'SAME_LOWER')
    node.refuse(`has auto_pad ${mode}; NOTSET, VALID, SAME_UPPER and SAME_LOWER are accepted`)
  const totals = extents.map((extent, axis) =>
    Math.max((Math.ceil(extent / stride[axis]!) - 1) * stride[axis]! + kernel[axis]! - extent, 0),
  )
  const [less, more] = [totals.map((total) => Math.floor(total / 2)), totals.map((total) => Math.ceil(total / 2))]
  return mode === 'SAME_UPPER' ? [...less, ...more] : [...more, ...less]
}

/** Whether as many zeros behind as before give as many windows: zeros that no window reaches do not count. */
function areEqualInEffect({ kernel, stride, extents }: Sides, pads: readonly number[], axis: 0 | 1): boolean {
  const [before, after] = [pads[axis]!, pads[axis + 2]!]
  const places = (zeros: number) => Math.floor((extents[axis] + zeros - kernel[axis]) / stride[axis])
  return places(2 * before) === places(before + after)
}
