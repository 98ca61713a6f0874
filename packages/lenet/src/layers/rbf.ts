// Euclidean radial basis functions (LeCun et al. 1998, Eq. 7): the squared distance to each class's code. The nearest wins.
import { ShapeError } from '../errors.ts'
import { GLYPH_COLUMNS, GLYPH_ROWS, glyphCode } from './glyphs.ts'
import { axesOf, type ConstantSpec, fanIn, type Layer, layer, type ParameterSpec } from './layer.ts'
import { floats, integers } from './onnx.ts'
import { count, text } from './options.ts'

const GLYPH = GLYPH_ROWS * GLYPH_COLUMNS

const codesOf = (characters: string): Float32Array =>
  Float32Array.from([...characters].flatMap((character) => [...glyphCode(character)]))

const countOf = (codes: string): number => [...codes].length

const definition = layer({
  name: 'rbf',
  summary: 'The squared distance between the input and the code of each class; the smallest wins.',
  options: {
    out: count('classes'),
    codes: text('characters whose drawings are the codes, one a class; without, the codes are learned'),
  },
  output: (input, { out, codes }) => {
    const [features] = axesOf(input, 'features')
    if (codes !== '' && countOf(codes) !== out) throw new ShapeError(`has ${out} classes but ${countOf(codes)} codes`)
    codesOf(codes)
    if (codes !== '' && features !== GLYPH)
      throw new ShapeError(
        `compares with drawings of ${GLYPH_COLUMNS}x${GLYPH_ROWS}: it takes ${GLYPH} features, not ${features}`,
      )
    return [out]
  },
  parameters: (input, { out, codes }): Record<string, ParameterSpec> =>
    codes === '' ? { weight: fanIn([out, axesOf(input, 'features')[0]]) } : {},
  constants: (_, { out, codes }): Record<string, ConstantSpec> =>
    codes === '' ? {} : { weight: { shape: [out, GLYPH], data: codesOf(codes) } },
  equations: ['y[k] += (x[i] - weight[k,i]) * (x[i] - weight[k,i])'],
  // Of the distance to one's own code, which Eq. 8 and Eq. 9 of the paper minimise; what competition adds may be negative.
  curvature: ['h[i] = 2'],
  reading: { best: 'smallest', probability: 'softmax of negatives' },
  onnx: {
    write: (_, { out, codes }) => ({
      steps: [
        { op: 'Unsqueeze', reads: ['x', 'axis1'], writes: 'row' },
        { op: 'Sub', reads: ['row', 'weight'], writes: 'difference' },
        { op: 'Mul', reads: ['difference', 'difference'], writes: 'square' },
        { op: 'ReduceSum', reads: ['square', 'axis2'], attributes: { keepdims: 0 } },
      ],
      constants: {
        axis1: integers(1),
        axis2: integers(2),
        ...(codes !== '' && { weight: floats([out, GLYPH], ...codesOf(codes)) }),
      },
    }),
  },
  examples: [
    { input: [6], options: { out: 3 } },
    { input: [GLYPH], options: { out: 2, codes: '07' }, title: 'drawn codes' },
  ],
})

/** Squared distances to one code a class: `rbf(10)` learns its codes, `rbf({ codes: '0123456789' })` has those of 1998. */
export const rbf = Object.assign(
  (options: number | { readonly out: number } | { readonly codes: string }): Layer => {
    if (typeof options === 'number') return definition({ out: options })
    const codes = options && 'codes' in options ? options.codes : undefined
    return definition(
      typeof codes === 'string' ? { out: countOf(codes), ...options } : (options as { readonly out: number }),
    )
  },
  { definition: definition.definition },
)
