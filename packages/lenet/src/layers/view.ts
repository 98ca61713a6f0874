// view: the same numbers in the same order under another shape. No number moves.
import { sizeOf } from '../engine/program.ts'
import { ShapeError } from '../errors.ts'
import type { Shape } from '../tensor.ts'
import { flattened, type Layer, layer, rowMajor } from './layer.ts'
import { integers } from './onnx.ts'
import { shapeWithRest } from './options.ts'

const definition = layer({
  name: 'view',
  summary: 'Reads the same numbers as another shape; −1 first means the batch.',
  options: { shape: shapeWithRest('the new shape; −1 first means the batch') },
  output: (input, o) => resolve(input, o.shape),
  equations: (input, o) => {
    const output = resolve(input, o.shape)
    if (output.length === 1)
      return flattened(input).equations.length === 0
        ? ['y[i] = x[i]']
        : [flattened(input).equations[0]!.replace('flat[', 'y[')]
    const { equations, name } = flattened(input)
    const axes = output.map((_, at) => `b${at}`)
    return [...equations, `y[${axes.join(',')}] = ${name}[${rowMajor(axes, output)}]`]
  },
  onnx: {
    // 0 keeps the batch.
    write: (input, o) => ({
      steps: [{ op: 'Reshape', reads: ['x', 'shape'] }],
      constants: { shape: integers(0, ...resolve(input, o.shape)) },
    }),
    read: {
      Flatten: (node) => {
        const axis = node.number('axis', 1)
        if (axis !== 1 && axis !== -node.input.length) node.refuse(`flattens from axis ${axis}; 1 is accepted`)
        return { given: { shape: [-1, sizeOf(node.input)] } }
      },
      Reshape: (node) => {
        const target = node.extents(1)
        const copies = node.number('allowzero', 0) === 0
        const [batch, ...rest] = target.map((extent, at) =>
          extent === 0 && copies ? (at === 0 ? 'batch' : node.input[at - 1]!) : extent,
        )
        const size = sizeOf(node.input)
        const known = rest.reduce<number>(
          (product, extent) => (typeof extent === 'number' && extent > 0 ? product * extent : product),
          1,
        )
        const shape = rest.map((extent) => (extent === -1 ? size / known : Number(extent)))
        const isBatch = batch === 'batch' || batch === (node.batch ?? 1) || (batch === -1 && !rest.includes(-1))
        const isWhole = shape.length > 0 && shape.every((extent) => Number.isInteger(extent) && extent > 0)
        if (!isBatch || !isWhole || sizeOf(shape) !== size)
          node.refuse(`reshapes [batch,${node.input}] to [${target}], which does not keep samples apart`)
        return { given: { shape: [-1, ...shape] } }
      },
    },
  },
  examples: [
    { input: [2, 3, 4], options: { shape: [-1, 24] } },
    { input: [12], options: { shape: [-1, 3, 2, 2] } },
    { input: [2, 6], options: { shape: [-1, 3, 4] }, title: 'axes that do not match' },
  ],
})

/**
 * `view(-1, 400)`, as `x.view(-1, 400)` in PyTorch: the first extent is the batch, the others are the sample's.
 * @throws ShapeError where samples would be mixed.
 */
export const view = Object.assign((...shape: readonly number[]): Layer => definition({ shape }), {
  definition: definition.definition,
})

/** The shape of one sample after a view. */
function resolve(input: Shape, [batch, ...shape]: Shape): Shape {
  const size = sizeOf(input)
  if (batch !== -1)
    throw new ShapeError(
      `view(${[batch, ...shape].join(', ')}) fixes the batch at ${batch}; its first extent is −1, the batch`,
    )
  const rest = shape.filter((extent) => extent === -1).length
  if (rest > 1)
    throw new ShapeError(`view(-1, ${shape.join(', ')}) leaves two extents open; one −1 stands for the batch`)
  const known = sizeOf(shape.filter((extent) => extent !== -1))
  if (rest === 1 && size % known === 0) return shape.map((extent) => (extent === -1 ? size / known : extent))
  if (shape.length > 0 && rest === 0 && known === size) return shape
  const silently = size % known === 0 || known % size === 0
  throw new ShapeError(
    `view(-1, ${shape.join(', ')}) wants ${known} features but a sample has ${size} ([${input.join(', ')}])`,
    silently && rest === 0
      ? `PyTorch would silently turn ${known > size ? `a batch of ${known / size} into 1 row` : `a batch of 1 into ${size / known} rows`}, mixing or splitting samples; view(-1, ${size}) keeps them apart`
      : `view(-1, ${size}) keeps a sample together`,
  )
}
