// Layers of networks that are graphs, against what PyTorch 2.6 recorded (fixtures/ops-of-graphs.safetensors).
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createMachineNow } from '../engine/create-machine.ts'
import { toFloat32 } from '../formats/arrays.ts'
import { readSafetensors } from '../formats/safetensors.ts'
import { catalogue } from '../layers/index.ts'
import { entryOf, entryProgram, runOnce } from './entry-program.ts'
import { tolerances } from './tolerances.ts'
import { difference } from './torch-run.ts'

const { arrays, metadata } = readSafetensors(
  new Uint8Array(readFileSync(new URL('fixtures/ops-of-graphs.safetensors', import.meta.url))),
)

interface Case {
  readonly name: string
  readonly op: string
  readonly [setting: string]: unknown
}
type Shapes = readonly (readonly number[])[]
type Told = readonly [layer: string, options: Record<string, unknown>]

/** Our layer of PyTorch's operation, by its settings and the shapes of its inputs and weight. */
const layers: Readonly<Record<string, (one: Case, inputs: Shapes, weight: readonly number[]) => Told>> = {
  conv2d: ({ stride, padding, dilation, groups }, _, [out, , ...kernel]) => [
    'conv2d',
    { out, kernel, stride, padding, dilation, groups, bias: false },
  ],
  max_pool2d: ({ kernel, stride, padding, ceil_mode }) => [
    'maxPool2d',
    { kernel, stride, padding, ceilMode: ceil_mode },
  ],
  avg_pool2d: ({ kernel, stride, padding, ceil_mode, count_include_pad }) => [
    'avgPool2d',
    { kernel, stride, padding, ceilMode: ceil_mode, countIncludePad: count_include_pad },
  ],
  leaky_relu: () => ['leakyRelu', { slope: 0.1 }],
  relu6: () => ['relu6', {}],
  elu: () => ['elu', {}],
  silu: () => ['silu', {}],
  gelu: () => ['gelu', {}],
  hardswish: () => ['hardswish', {}],
  hardsigmoid: () => ['hardsigmoid', {}],
  softplus: () => ['softplus', {}],
  layer_norm: ({ eps }, [input]) => ['layerNorm', { axes: input!.length, eps }],
  group_norm: ({ groups, eps }) => ['groupNorm', { groups, eps }],
  cat: () => ['concat', {}],
  upsample_nearest: ({ scale }) => ['upsampleNearest2d', { factor: scale }],
  adaptive_avg_pool2d: ({ output }) => ['adaptiveAvgPool2d', { size: output }],
}

const cases = (JSON.parse(metadata.cases!) as Case[]).filter(({ op }) => Object.hasOwn(layers, op))

test('every operation is there that has a layer', () => {
  expect(new Set(cases.map(({ op }) => op))).toEqual(new Set(Object.keys(layers)))
})

test.each(cases)('$name computes and differentiates as PyTorch does', (one) => {
  const get = (part: string) => arrays.get(`${one.name}.${part}`)!
  const own = [0, 1, 2].filter((at) => arrays.has(`${one.name}.x${at}`))
  const samples = get('x0').shape[0]!
  const shapes = own.map((at) => get(`x${at}`).shape.slice(1))
  const [layer, options] = layers[one.op]!(one, shapes, arrays.get(`${one.name}.weight`)?.shape ?? [])
  const { program, inputs, output, flow, parameters, gradientOf } = entryProgram(
    entryOf(catalogue.get(layer)!, options, shapes),
  )
  const machine = createMachineNow(program, samples)
  const nameOf = (name: string) => name.slice('it.'.length)
  for (const parameter of parameters) machine.write(parameter, toFloat32(get(nameOf(parameter.name))))
  own.forEach((at) => {
    machine.input(inputs[at]!).set(toFloat32(get(`x${at}`)))
  })
  machine.input(flow).set(toFloat32(get('dy')))
  runOnce(machine, samples)
  const compare = (ours: Float32Array, theirs: string) =>
    expect(difference(ours, toFloat32(get(theirs))), theirs).toBeLessThan(tolerances.torchValue)
  compare(machine.output(output), 'y')
  for (const at of own) compare(machine.output(gradientOf(inputs[at]!)!), `dx${at}`)
  for (const parameter of parameters) compare(machine.read(gradientOf(parameter)!), `d${nameOf(parameter.name)}`)
})
