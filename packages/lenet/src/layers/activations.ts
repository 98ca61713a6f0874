// Activations: one equation, element by element.
import { type LayerConstructor, layer } from './layer.ts'
import { floats, sameNode } from './onnx.ts'
import { real } from './options.ts'

const examples = [
  { input: [7], options: {} },
  { input: [2, 3, 4], options: {} },
]

const activation = (name: string, op: string, summary: string): LayerConstructor<Record<never, never>> =>
  layer({
    name,
    summary,
    options: {},
    output: (input) => input,
    equations: [`y[...] = ${name}(x[...])`],
    onnx: sameNode(op),
    examples,
  })

/** max(x, 0). */
export const relu = activation('relu', 'Relu', 'Zero for negative values, the value itself for others.')
/** Hyperbolic tangent. */
export const tanh = activation('tanh', 'Tanh', 'Squashes every value into (−1, 1).')
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = activation('sigmoid', 'Sigmoid', 'Squashes every value into (0, 1).')

/** A·tanh(S·x), with A = 1.7159 and S = 2/3 as in LeCun et al. 1998, Appendix A: f(1) = 1, f(−1) = −1. */
export const scaledTanh = layer({
  name: 'scaledTanh',
  summary: 'The squashing function of 1998: amplitude times tanh of slope times the value.',
  options: { amplitude: real('largest value', 1.7159), slope: real('factor inside', 2 / 3) },
  output: (input) => input,
  equations: ['t[...] = tanh(slope * x[...])', 'y[...] = amplitude * t[...]'],
  onnx: {
    write: (_, { amplitude, slope }) => ({
      steps: [
        { op: 'Mul', reads: ['x', 'slope'], writes: 'inside' },
        { op: 'Tanh', reads: ['inside'], writes: 't' },
        { op: 'Mul', reads: ['t', 'amplitude'] },
      ],
      constants: { slope: floats([], slope), amplitude: floats([], amplitude) },
    }),
  },
  examples,
})
