// The sum of entries of equal shape: the joint of a residual connection.
import { ShapeError } from '../errors.ts'
import { layer } from './layer.ts'

/** Adds entries, element by element, from the left: `sum: from(['conv1', 'conv3'], add())`. */
export const add = layer({
  name: 'add',
  summary: 'Adds entries of the model, element by element.',
  options: {},
  inputs: (count) => names(count),
  output: (input, _, ...others) => {
    const different = others.find((other) => other.join() !== input.join())
    if (different) throw new ShapeError(`adds [${different}] to [${input}]; equal shapes are accepted`)
    return input
  },
  equations: (_, __, ...others) => [
    `y[...] = ${names(1 + others.length)
      .map((name) => `${name}[...]`)
      .join(' + ')}`,
  ],
  onnx: {
    write: (_, __, ...others) => {
      const all = names(1 + others.length)
      const last = all.length - 2
      return {
        steps: all.slice(1).map((name, at) => ({
          op: 'Add',
          reads: [at === 0 ? 'x' : `sum${at - 1}`, name],
          writes: at === last ? 'y' : `sum${at}`,
        })),
      }
    },
    read: {
      Add: () => ({ given: {} }),
      Sum: () => ({ given: {} }),
    },
  },
  examples: [
    { input: [2, 3, 3], options: {} },
    { input: [4], others: [[4], [4]], options: {}, title: 'three entries' },
  ],
})

/** Two at least. */
function names(count: number): string[] {
  const others = Array.from({ length: Math.max(1, count - 1) }, (_, at) => (at === 0 ? 'other' : `other${at}`))
  return ['x', ...others]
}
