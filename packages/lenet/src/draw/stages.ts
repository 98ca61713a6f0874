// What the structure figure shows of a model, from its facts alone: layers that hold no parameters and keep the number of
// values (activations, views, dropout) belong to the stage before them; everything else begins a stage of its own.

import { sizeOf } from '../engine/program.ts'
import type { LayerFacts, Summary } from '../explain/summary.ts'

export interface Stage {
  readonly name: string
  /** Kinds of its layers, e.g. ['conv2d', 'relu']. */
  readonly kinds: readonly string[]
  readonly output: readonly number[]
  /** Rows and columns that one of its units reads in the stage before; absent when it reads everything. */
  readonly window?: readonly [number, number]
}

/** Receptive field and jump. */
interface Sight {
  readonly field?: readonly [number, number]
  readonly jump?: readonly [number, number]
}

const sightOf = (layer: LayerFacts): Sight => ({
  ...(layer.receptiveField === undefined ? {} : { field: layer.receptiveField }),
  ...(layer.jump === undefined ? {} : { jump: layer.jump }),
})

/** A field grows by (window - 1) jumps of the stage before, so the window can be read back. */
function windowOf(before: Sight, after: Sight, plane: readonly number[]): readonly [number, number] | undefined {
  const { field, jump } = before
  if (field === undefined || jump === undefined || after.field === undefined || plane.length < 2) return undefined
  const side = (axis: 0 | 1): number => (after.field![axis] - field[axis]) / jump[axis] + 1
  const window = [side(0), side(1)] as const
  const fits = window.every((length, axis) => Number.isInteger(length) && length >= 1 && length <= plane.at(axis - 2)!)
  return fits ? window : undefined
}

/** The input and then every stage, in model order. */
export function stagesOf({ input, layers }: Summary): Stage[] {
  const stages: Stage[] = [{ name: 'input', kinds: [], output: input }]
  let before: Sight = { field: [1, 1], jump: [1, 1] }
  let values = input
  for (const layer of layers) {
    const stage = stages.at(-1)!
    const sight = sightOf(layer)
    if (layer.parameters === 0 && sizeOf(layer.output) === sizeOf(values)) {
      stages[stages.length - 1] = { ...stage, kinds: [...stage.kinds, layer.layer] }
    } else {
      const window = windowOf(before, sight, values)
      const { name, output } = layer
      stages.push({ name, kinds: [layer.layer], output, ...(window === undefined ? {} : { window }) })
    }
    before = sight
    values = layer.output
  }
  return stages
}
