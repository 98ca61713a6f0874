// Numbers with a shape, for the public interface: what goes into a model and comes out. No arithmetic lives here.
import { ShapeError } from './errors.ts'

/** Extents, the outermost axis first. */
export type Shape = readonly number[]

/** Row-major float32 numbers with a shape. */
export class Tensor {
  readonly shape: readonly number[]
  /** Shared between a tensor and its views. */
  readonly data: Float32Array

  /** @throws ShapeError where the numbers are not as many as the shape says. */
  constructor(shape: readonly number[], data: Float32Array | readonly number[]) {
    const size = shape.reduce((product, extent) => product * extent, 1)
    if (!shape.every((extent) => Number.isInteger(extent) && extent >= 0))
      throw new ShapeError(`Tensor: the shape is [${shape}]; extents are whole numbers from 0`)
    if (size !== data.length)
      throw new ShapeError(`Tensor: the shape [${shape}] has ${size} elements but ${data.length} numbers were given`)
    this.shape = [...shape]
    this.data = data instanceof Float32Array ? data : Float32Array.from(data)
  }

  /**
   * The same numbers under another shape, as PyTorch's `view`: one extent may be −1 and is then worked out.
   * @throws ShapeError where the numbers do not fit.
   */
  view(...shape: readonly number[]): Tensor {
    const open = shape.filter((extent) => extent === -1).length
    if (open > 1) throw new ShapeError(`view(${shape.join(', ')}): only one extent can be -1`)
    if (shape.some((extent) => !Number.isInteger(extent) || extent < -1))
      throw new ShapeError(`view(${shape.join(', ')}): extents are whole numbers from 0, or -1`)
    const known = shape.reduce((product, extent) => (extent === -1 ? product : product * extent), 1)
    if (open === 0 && known === this.data.length) return new Tensor(shape, this.data)
    if (open === 1 && known === 0)
      throw new ShapeError(`view(${shape.join(', ')}): -1 can be anything, because another extent is 0`)
    if (open === 1 && this.data.length % known === 0)
      return new Tensor(
        shape.map((extent) => (extent === -1 ? this.data.length / known : extent)),
        this.data,
      )
    throw new ShapeError(
      `view(${shape.join(', ')}): not a shape of ${this.data.length} elements ([${this.shape.join(', ')}])`,
    )
  }

  /**
   * Rows from `start` up to, not including, `end` along the first axis; negative numbers count from the end. A view.
   * @throws ShapeError for a tensor without axes.
   */
  slice(start: number, end?: number): Tensor {
    const [rows, ...rest] = this.shape
    if (rows === undefined) throw new ShapeError('slice: the tensor has no axes')
    const place = (index: number) => Math.min(rows, Math.max(0, index < 0 ? rows + index : index))
    const from = place(start)
    const to = Math.max(from, place(end ?? rows))
    const size = rest.reduce((product, extent) => product * extent, 1)
    return new Tensor([to - from, ...rest], this.data.subarray(from * size, to * size))
  }
}
