// Layer lists of version 1: there `linear` read feature maps as one row. Since then it weighs the last axis, and a `view` says
// what that reading was, so a list of version 1 has one more entry wherever it happened. The numbers are the same, in the
// same order, and parameters keep their names.
import { sizeOf } from '../engine/program.ts'
import { linear, view } from '../layers/index.ts'
import { from, type Layer, type LayerDefinition } from '../layers/layer.ts'
import type { OnnxStep } from '../layers/onnx.ts'
import { type Entry, model, type Net } from '../model/model.ts'
import type { Shape } from '../tensor.ts'

const now = linear.definition as unknown as LayerDefinition

/** `linear` of version 1, as far as shapes and ONNX nodes go; it computes nothing. */
const linear1: LayerDefinition = {
  ...now,
  output: (_, { out }) => [out as number],
  parameters: () => ({}),
  onnx: {
    write: (input, options) => {
      const [gemm] = now.onnx!.write([sizeOf(input)], options).steps as [OnnxStep]
      if (input.length === 1) return { steps: [gemm] }
      const flatten = { op: 'Flatten', reads: ['x'], writes: 'flat', attributes: { axis: 1 } }
      return { steps: [flatten, { ...gemm, reads: ['flat', ...gemm.reads.slice(1)] }] }
    },
  },
}

const isLinear = ({ definition }: Layer): boolean => definition === now || definition === linear1

/** The net as version 1 had it: what its ONNX nodes were written from. It cannot be planned. */
export const netOfVersion1 = (input: Shape, layers: Readonly<Record<string, Layer>>): Net =>
  model(
    input,
    Object.fromEntries(
      Object.entries(layers).map(([name, layer]) => [
        name,
        isLinear(layer) ? { ...layer, definition: linear1 } : layer,
      ]),
    ),
  )

/** The same layers, with a view before every `linear` that read feature maps. */
export function layersOfNow({ entries }: Net, layers: Readonly<Record<string, Layer>>): Record<string, Layer> {
  const names = new Set(Object.keys(layers))
  return Object.fromEntries(
    entries.flatMap(({ name, layer, inputShapes: [shape = []] }: Entry): [string, Layer][] => {
      const own = layers[name]!
      if (!isLinear(layer) || shape.length === 1) return [[name, own]]
      const flat = freeName(`${name}_flat`, names)
      const { from: reads, ...reading } = own
      return [
        [flat, reads ? from(reads, view(-1, -1)) : view(-1, -1)],
        [name, reading],
      ]
    }),
  )
}

function freeName(wanted: string, names: Set<string>): string {
  const name = names.has(wanted) ? freeName(`${wanted}_`, names) : wanted
  names.add(name)
  return name
}
