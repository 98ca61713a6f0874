// ONNX files of a few nodes for tests, and what a net that was read from one answers.
import { createMachineNow } from '../engine/create-machine.ts'
import { sizeOf } from '../engine/program.ts'
import type { NamedArray } from '../formats/arrays.ts'
import { type OnnxModel, type OnnxNode, writeOnnx } from '../formats/onnx.ts'
import type { OnnxAttribute } from '../formats/onnx-attribute.ts'
import type { Net } from '../model/model.ts'
import { planPrediction, writeWeights } from '../model/plan.ts'

type Given = number | readonly number[] | string | NamedArray

/** `nodeOf('Conv', 'x w b', 'y', { group: 2 })`; a dash is an input that is left out. */
export function nodeOf(
  type: string,
  inputs: string,
  outputs: string,
  attributes: Readonly<Record<string, Given>> = {},
  domain = '',
): OnnxNode {
  const list = (text: string) => (text === '' ? [] : text.split(' ').map((name) => (name === '-' ? '' : name)))
  return {
    type,
    domain,
    name: '',
    inputs: list(inputs),
    outputs: list(outputs),
    attributes: new Map(Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)])),
  }
}

function attributeOf(value: Given): OnnxAttribute {
  if (typeof value === 'string') return { kind: 'string', value }
  if (typeof value === 'number')
    return Number.isInteger(value) ? { kind: 'int', value } : { kind: 'float', value: Math.fround(value) }
  return 'dtype' in value ? { kind: 'tensor', value } : { kind: 'ints', value }
}

/** A file whose input is `x` of one sample's shape, whose output is `y`, and whose weights are named. */
export function fileOf(
  input: readonly number[],
  nodes: readonly OnnxNode[],
  weights: Readonly<Record<string, NamedArray>> = {},
  more: Partial<OnnxModel> = {},
): Uint8Array {
  return writeOnnx({
    irVersion: 8,
    opset: 17,
    producer: '',
    producerVersion: '',
    graph: '',
    inputs: [{ name: 'x', dtype: 'float32', shape: ['n', ...input] }],
    outputs: [{ name: 'y', dtype: 'float32' }],
    initializers: new Map(Object.entries(weights)),
    nodes,
    metadata: {},
    ...more,
  })
}

/** Numbers between −1 and 1 that look random. */
export const weightsOf = (...shape: number[]): NamedArray => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, (_, at) => ((at * 37 + shape.length * 11) % 64) / 32 - 1),
})

/** Of each sample in `x`, or of one that looks random. */
export function scoresOf(
  { net, weights }: { readonly net: Net; readonly weights: ReadonlyMap<string, Float32Array> },
  x: Float32Array = weightsOf(...net.input).data as Float32Array,
): Float32Array {
  const samples = x.length / sizeOf(net.input)
  const plan = planPrediction(net, 'float32')
  const machine = createMachineNow(plan.program, samples)
  writeWeights(machine, plan, weights)
  const channels = net.input.length === 3 ? net.input[0]! : 1
  machine.write(plan.scale, new Float32Array(channels).fill(1))
  machine.write(plan.shift, new Float32Array(channels))
  machine.input(plan.pixels).set(x)
  machine.start(samples)
  machine.finish()
  return machine.output(plan.scores).slice(0, samples * sizeOf(net.entries.at(-1)!.output))
}
