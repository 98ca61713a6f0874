// One entry's equations and tensors, under the names that they have in the whole program.

import type { TensorFact } from '../engine/program.ts'
import { bind } from '../equation/bind.ts'
import type { BoundEquation } from '../equation/bound.ts'
import { gradientOf } from '../equation/differentiate.ts'
import { parseEquation } from '../equation/parse.ts'
import type { NoiseSpec, Shape } from '../layers/layer.ts'
import { type Entry, titleOf } from './model.ts'

export interface BoundEntry {
  readonly equations: readonly BoundEquation[]
  readonly tensors: ReadonlyMap<string, TensorFact>
  readonly noise: ReadonlyMap<string, NoiseSpec>
}

/** `curvature` adds the seed that a layer declares, as the gradient of what it reads. */
export type Mode = 'train' | 'predict' | 'curvature'

/** The tensor that holds an entry's output. */
export const outputOf = (entry: string): string => `${entry}.y`

export function bindEntry(entry: Entry, mode: Mode): BoundEntry {
  const { layer, name, inputs, inputShapes } = entry
  const { definition, options } = layer
  const first = inputShapes[0]!
  const training = mode !== 'predict' ? definition.training : undefined
  const forward =
    training ??
    (typeof definition.equations === 'function' ? definition.equations(first, options as never) : definition.equations)
  const texts = mode === 'curvature' ? [...forward, ...definition.curvature!] : forward
  const readNames = new Map((definition.inputs ?? ['x']).map((own, at) => [own, outputOf(inputs[at]!)]))
  const shapes = new Map<string, Shape>([...readNames.keys()].map((own, at) => [own, inputShapes[at]!]))
  const facts = new Map<string, TensorFact>()
  if (mode === 'curvature') {
    const seed = gradientOf(readNames.values().next().value!)
    readNames.set('h', seed)
    shapes.set('h', first)
    facts.set(seed, { shape: first, kind: 'sample' })
  }
  const local = (own: string): string => own.slice(name.length + 1)
  for (const { name: full, shape } of entry.parameters) {
    shapes.set(local(full), shape)
    facts.set(full, { shape, kind: 'shared' })
  }
  for (const [own, { shape, data }] of Object.entries(definition.constants?.(first, options as never) ?? {})) {
    shapes.set(own, shape)
    facts.set(`${name}.${own}`, { shape, kind: 'constant', data })
  }
  const noise = new Map(
    training
      ? Object.entries(definition.noise?.(first, options as never) ?? {}).map(([own, spec]) => [`${name}.${own}`, spec])
      : [],
  )
  for (const [full, { shape }] of noise) {
    shapes.set(local(full), shape)
    facts.set(full, { shape, kind: 'sample' })
  }
  shapes.set('y', entry.output)
  const bound = bind(texts.map(parseEquation), {
    who: titleOf(name, layer),
    layer: name,
    options: numericOptions(options),
    shapes,
    rename: (own) => readNames.get(own) ?? `${name}.${own}`,
  })
  for (const [own, shape] of bound.shapes)
    if (!readNames.has(own) && !facts.has(`${name}.${own}`)) facts.set(`${name}.${own}`, { shape, kind: 'sample' })
  return { equations: bound.equations, tensors: facts, noise }
}

/** Numbers go into equations by name; a pair `stride` as `stride0` and `stride1`. */
function numericOptions(options: Readonly<Record<string, unknown>>): Record<string, number> {
  const numbers: Record<string, number> = {}
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'number') numbers[name] = value
    else if (Array.isArray(value) && value.every((item) => typeof item === 'number'))
      for (const [at, item] of value.entries()) numbers[`${name}${at}`] = item
  }
  return numbers
}
