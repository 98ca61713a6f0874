// A fully connected layer: every output is a weighted sum of all inputs.
import { fanIn, flattened, type Layer, layer, type Shape } from './layer.ts'
import { count, flag } from './options.ts'

const sizeOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1)

const definition = layer({
  name: 'linear',
  summary: 'Every output is a weighted sum of all inputs.',
  options: { out: count('outputs'), bias: flag('a number added to each output', true) },
  output: (_, o) => [o.out],
  parameters: (input, o) => ({
    weight: fanIn([o.out, sizeOf(input)]),
    ...(o.bias ? { bias: fanIn([o.out], sizeOf(input)) } : {}),
  }),
  equations: (input, o) => {
    const { equations, name } = flattened(input)
    return [...equations, ...(o.bias ? ['y[k] = bias[k]'] : []), `y[k] += weight[k,i] * ${name}[i]`]
  },
  examples: [
    { input: [7], options: { out: 5 } },
    { input: [2, 3, 3], options: { out: 9 }, title: 'reads feature maps as one row' },
    { input: [4], options: { out: 3, bias: false } },
  ],
})

/** A fully connected layer, as in PyTorch's `nn.Linear`: `linear(120)`. Its input may have any shape. */
export const linear = Object.assign(
  (options: number | { readonly out: number; readonly bias?: boolean }): Layer =>
    definition(typeof options === 'number' ? { out: options } : options),
  { definition: definition.definition },
)
