// Outputs, gradients and whole training runs against PyTorch's (fixtures/record-torch.py).
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createMachineNow } from '../engine/create-machine.ts'
import { sizeOf } from '../engine/program.ts'
import { gradientOf } from '../equation/differentiate.ts'
import { toFloat32 } from '../formats/arrays.ts'
import { readSafetensors } from '../formats/safetensors.ts'
import { avgPool2d, catalogue, conv2d, linear, maxPool2d, relu, tanh, view } from '../layers/index.ts'
import { completeOptions } from '../layers/options.ts'
import { outputOf } from '../model/bind-entry.ts'
import { Draft } from '../model/draft.ts'
import { model } from '../model/model.ts'
import { adam, adamw } from '../optimizers/adam.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import { tolerances } from './tolerances.ts'
import { difference, distancesToFloat64, replayTorchRun } from './torch-run.ts'

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}.safetensors`, import.meta.url)))

/** The narrow LeNet of the recordings. */
const narrow = (channels: number, smooth: boolean) => {
  const [act, pool] = smooth ? [tanh, avgPool2d] : [relu, maxPool2d]
  return model([channels, 14, 14], {
    conv1: conv2d({ out: 3, kernel: 3 }),
    act1: act(),
    pool1: pool(2),
    conv2: conv2d({ out: 4, kernel: 3 }),
    act2: act(),
    pool2: pool(2),
    flat: view(-1, 16),
    fc1: linear(9),
    act3: act(),
    fc2: linear(5),
  })
}

const runs = [
  ['sgd', narrow(1, false), sgd({ lr: 0.05, momentum: 0 })],
  ['sgd-momentum', narrow(2, false), sgd({ lr: 0.02, momentum: 0.9 })],
  ['sgd-nesterov-decay', narrow(1, true), sgd({ lr: 0.02, momentum: 0.8, nesterov: true, weightDecay: 0.01 })],
  ['adam', narrow(1, true), adam({ lr: 0.003, weightDecay: 0.01 })],
  ['adamw', narrow(1, true), adamw({ lr: 0.003, weightDecay: 0.05 })],
] as const

describe('a training run of PyTorch is reproduced', () => {
  test.each(runs)('%s', (name, net, optimizer) => {
    const found = replayTorchRun(fixture(`run-${name}`), net, optimizer)
    expect(found.logits).toBeLessThan(tolerances.torchValue)
    expect(found.gradients).toBeLessThan(tolerances.torchValue)
    expect(found.losses).toBeLessThan(tolerances.torchLoss)
    expect(found.weights).toBeLessThan(tolerances.torchWeights)
  })
})

// Adam divides a gradient by its own size: where that is near 0, both sides' rounding is magnified, and comparing the two
// says little. Float64 takes the same steps without it.
describe("the weights that a run in float32 ends with are as near to float64 as PyTorch's", () => {
  test.each(runs)('%s', (name, net, optimizer) => {
    for (const { name: parameter, ours, theirs } of distancesToFloat64(fixture(`run-${name}`), net, optimizer))
      expect(ours, parameter).toBeLessThan(tolerances.torchFactor * theirs + tolerances.torchFloor)
  })
})

const ops = readSafetensors(fixture('ops'))
interface Case {
  readonly name: string
  readonly layer: string
  readonly options: Record<string, unknown>
}

test.each(JSON.parse(ops.metadata.cases!) as Case[])(
  '$name computes and differentiates as PyTorch does',
  ({ name, layer, options: given }) => {
    const get = (part: string) => ops.arrays.get(`${name}.${part}`)!
    const definition = catalogue.get(layer)!
    const options = completeOptions(layer, definition.options, given)
    const [samples, ...input] = get('x').shape
    const output = definition.output(input, options as never)
    const specs = Object.entries(definition.parameters?.(input, options as never) ?? {})
    const parameters = specs.map(([own, { shape, fan }]) => ({ name: `it.${own}`, shape, fan }))
    const draft = new Draft('train')
    draft.input(outputOf('in'), input, 'float32')
    draft.entry({
      name: 'it',
      layer: { definition, given, options },
      inputs: ['in'],
      inputShapes: [input],
      output,
      parameters,
    })
    draft.input('dy', output, 'float32')
    const trained = parameters.map((parameter) => parameter.name)
    draft.differentiate(outputOf('it'), 'dy', new Set([...trained, outputOf('in')]))
    const size = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    const update = size > 0 ? planUpdate(sgd({ lr: 0.1, momentum: 0 }), size) : undefined
    const machine = createMachineNow(
      draft.program([outputOf('it'), gradientOf(outputOf('in'))], trained, update),
      samples!,
    )
    for (const [own] of specs) machine.write(`it.${own}`, toFloat32(get(own)))
    machine.input(outputOf('in')).set(toFloat32(get('x')))
    machine.input('dy').set(toFloat32(get('dy')))
    machine.start(samples!)
    machine.finish()
    expect(difference(machine.output(outputOf('it')), toFloat32(get('y')))).toBeLessThan(tolerances.torchValue)
    expect(difference(machine.output(gradientOf(outputOf('in'))), toFloat32(get('dx')))).toBeLessThan(
      tolerances.torchValue,
    )
    for (const [own] of specs)
      expect(difference(machine.read(gradientOf(`it.${own}`)), toFloat32(get(`d${own}`)))).toBeLessThan(
        tolerances.torchValue,
      )
  },
)
