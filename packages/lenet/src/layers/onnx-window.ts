// The window of a convolution or pooling as ONNX says it: kernel, strides, and zeros by `pads`, `auto_pad` or a Pad node.
// Our layers have as many zeros before as behind, or a last window over the edge; what comes to the same is read, the rest
// refused.
import { slide, type Window } from './layer.ts'
import type { OnnxReading } from './onnx.ts'
import type { Pair } from './options.ts'

/** A last window over the edge is written as zeros behind, of which ONNX counts none that were not asked for. */
export function windowAttributes(window: Window, input?: readonly number[]) {
  const { kernel, stride, padding, ceilMode } = window
  const behind = padding.map((side, axis) => {
    if (!ceilMode || input === undefined) return side
    const extent = input[axis + 1]!
    return Math.max(side, (slide(extent, window, axis as 0 | 1) - 1) * stride[axis]! + kernel[axis]! - extent - side)
  })
  return { kernel_shape: kernel, strides: stride, pads: [...padding, ...behind] }
}

/** Of a convolution; it takes over the zeros of a Pad node. */
export function readConvolution(node: OnnxReading, weight: readonly number[]): Window {
  const kernel = node.ints('kernel_shape', weight)
  if (kernel.join() !== weight.join()) node.refuse(`has kernel_shape [${kernel}] and weights of [${weight}]`)
  return readWindow(node, kernel, { outside: node.padding(), ceil: false, mayHang: false })
}

/** @param outside zeros of a Pad node, where they count like its own: not for a maximum, whose own padding is no zero. */
export const readPooling = (node: OnnxReading, outside?: readonly number[]): Window =>
  readWindow(node, node.ints('kernel_shape', []), {
    outside: outside ?? [0, 0, 0, 0],
    ceil: node.number('ceil_mode', 0) !== 0,
    mayHang: true,
  })

function readWindow(
  node: OnnxReading,
  kernel: readonly number[],
  {
    outside,
    ceil,
    mayHang,
  }: { readonly outside: readonly number[]; readonly ceil: boolean; readonly mayHang: boolean },
): Window {
  const stride = node.ints('strides', [1, 1])
  const dilation = node.ints('dilations', [1, 1])
  if ([kernel, stride, dilation].some(({ length }) => length !== 2) || node.input.length !== 3)
    node.refuse('has a window that is not two-dimensional')
  const isDilated = dilation.some((step) => step !== 1)
  if (mayHang && isDilated) node.refuse(`has dilations [${dilation}]; [1,1] is accepted`)
  const sides: Sides = {
    kernel: kernel.map((side, axis) => (side - 1) * dilation[axis]! + 1) as unknown as Pair,
    stride: stride as Pair,
    extents: node.input.slice(1) as unknown as Pair,
  }
  const pads = ownPads(node, grown(sides, outside)).map((side, at) => side + outside[at]!)
  if (pads.some((side) => side < 0)) node.refuse(`has pads [${pads}]; numbers from 0 are accepted`)
  const found = {
    kernel: kernel as Pair,
    stride: sides.stride,
    padding: [pads[0]!, pads[1]!] as Pair,
    ...(isDilated && { dilation: dilation as Pair }),
  }
  if (!ceil && [0, 1].every((axis) => places(sides, pads, axis, Math.floor) === own(sides, pads, axis, Math.floor)))
    return found
  // One window more, with zeros behind or by ceil_mode.
  const isHanging = [0, 1].every((axis) => {
    const wanted = slide(sides.extents[axis]!, { ...found, ceilMode: true }, axis as 0 | 1)
    return places(sides, pads, axis, ceil ? Math.ceil : Math.floor) === wanted
  })
  if (mayHang && isHanging) {
    const { extents } = grown(sides, pads)
    const isOver = (axis: number) =>
      ceil
        ? (extents[axis]! - sides.kernel[axis]!) % sides.stride[axis]! !== 0
        : own(sides, pads, axis, Math.floor) !== places(sides, pads, axis, Math.floor)
    return isOver(0) || isOver(1) ? { ...found, ceilMode: true } : found
  }
  return ceil
    ? node.refuse('has ceil_mode 1 and a window that begins behind the plane; 0 is accepted')
    : node.refuse(`pads [${pads.slice(0, 2)}] before and [${pads.slice(2)}] after; both sides must be equal`)
}

/** How many windows there are, and how many with as many zeros behind as before. */
const places = (
  { kernel, stride, extents }: Sides,
  pads: readonly number[],
  axis: number,
  round: (n: number) => number,
) => round((extents[axis]! + pads[axis]! + pads[axis + 2]! - kernel[axis]!) / stride[axis]!) + 1
const own = (sides: Sides, pads: readonly number[], axis: number, round: (n: number) => number) =>
  places(sides, [pads[0]!, pads[1]!, pads[0]!, pads[1]!], axis, round)

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
