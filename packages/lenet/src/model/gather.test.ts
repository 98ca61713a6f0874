// Gradients of inputs, gathered: which are, and that their bits are those of the scattered sum.
import { expect, test } from 'vitest'
import type { Program } from '../engine/program.ts'
import { referenceMachine } from '../engine/reference.ts'
import { type BoundEquation, loadsIn } from '../equation/bound.ts'
import { differentiate } from '../equation/differentiate.ts'
import { sampleVariable } from '../equation/variable.ts'
import { conv2d } from '../layers/index.ts'
import { createRandom } from '../random/random.ts'
import { entryOf } from '../testing/entry-program.ts'
import { bindEntry } from './bind-entry.ts'
import { gathered } from './gather.ts'

type Conv2dOptions = Parameters<typeof conv2d>[0]

/** The gradient of a convolution's input as it is derived, and what it reads. */
function scattered(options: Conv2dOptions, input: readonly number[]) {
  const { definition, given } = conv2d(options)
  const x = sampleVariable('x', input)
  const { equations, output } = bindEntry(entryOf(definition, given, [input]), 'train', [x])
  const flow = sampleVariable('flow', output.shape)
  const derived = differentiate(equations, new Set([x]), new Map([[output, flow]]))
  return { flow, equation: derived.equations[0]! }
}

const isGathered = ({ target }: BoundEquation): boolean => target.indices.every(({ terms }) => terms.length === 1)

test.each<[string, Conv2dOptions, boolean]>([
  ['a kernel of 3x3 with its border', { out: 4, kernel: 3, padding: 1 }, true],
  ['a kernel of 5x5 with its border', { out: 2, kernel: 5, padding: 2 }, true],
  ['sides of their own', { out: 2, kernel: [3, 2], padding: [1, 0] }, true],
  ['a stride: windows do not lie on every pixel', { out: 2, kernel: 3, stride: 2, padding: 1 }, false],
  ['a small plane without a border: half of the terms would be zeros', { out: 2, kernel: 5 }, false],
])('%s', (_, options, is) => {
  const { equation } = scattered(options, [3, 12, 12])
  expect(isGathered(equation)).toBe(false)
  expect(isGathered(gathered(equation))).toBe(is)
})

test.each<Conv2dOptions>([
  { out: 4, kernel: 3, padding: 1 },
  { out: 3, kernel: [3, 2], padding: [0, 1] },
  { out: 2, kernel: 3, padding: 2 },
  {
    out: 2,
    kernel: 3,
    padding: 1,
    table: [
      [0, 1, 0],
      [1, 1, 0],
    ],
  },
])('gathered and scattered sums have the same bits: %o', (options) => {
  const { equation, flow } = scattered(options, [3, 14, 15])
  expect(isGathered(gathered(equation))).toBe(true)
  const bits = [equation, gathered(equation)].map((one) => {
    const { tensor } = one.target
    const shared = loadsIn(one.value).map((access) => access.tensor)
    const program: Program = {
      tensors: [...new Set([flow, tensor, ...shared])],
      inputs: [{ tensor: flow, element: 'float32' }],
      outputs: [tensor],
      sample: [{ equation: one, onto: false }],
      meet: [],
      trained: [],
    }
    const machine = referenceMachine(program, 2)
    const random = createRandom(3, 'noise')
    const numbers = (length: number) => Float32Array.from({ length }, () => (random() < 0.2 ? -0 : random() - 0.5))
    for (const weight of shared.filter(({ kind }) => kind === 'shared'))
      machine.write(weight, numbers(weight.shape.reduce((size, extent) => size * extent, 1)))
    machine.input(flow).set(numbers(machine.input(flow).length))
    machine.start(2)
    machine.finish()
    return [...new Int32Array(Float32Array.from(machine.output(tensor)).buffer)]
  })
  expect(bits[1]).toEqual(bits[0])
  expect(new Set(bits[0]).size).toBeGreaterThan(100)
})
