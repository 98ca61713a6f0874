// Outputs, gradients and whole training runs against PyTorch's (fixtures/record-torch.py).
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createMachineNow } from '../engine/create-machine.ts'
import { toFloat32 } from '../formats/arrays.ts'
import { readSafetensors } from '../formats/safetensors.ts'
import { avgPool2d, catalogue, conv2d, linear, maxPool2d, relu, tanh, view } from '../layers/index.ts'
import { model } from '../model/model.ts'
import { adam, adamw } from '../optimizers/adam.ts'
import { sgd } from '../optimizers/sgd.ts'
import { entryOf, entryProgram, runOnce } from './entry-program.ts'
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
    const [samples, ...input] = get('x').shape
    const entry = entryOf(catalogue.get(layer)!, given, [input])
    const { program, inputs, output, flow, parameters, gradientOf } = entryProgram(entry)
    const machine = createMachineNow(program, samples!)
    const own = (name: string) => name.slice('it.'.length)
    for (const parameter of parameters) machine.write(parameter, toFloat32(get(own(parameter.name))))
    machine.input(inputs[0]!).set(toFloat32(get('x')))
    machine.input(flow).set(toFloat32(get('dy')))
    runOnce(machine, samples!)
    const compare = (ours: Float32Array, theirs: string) =>
      expect(difference(ours, toFloat32(get(theirs)))).toBeLessThan(tolerances.torchValue)
    compare(machine.output(output), 'y')
    compare(machine.output(gradientOf(inputs[0]!)!), 'dx')
    for (const parameter of parameters) compare(machine.read(gradientOf(parameter)!), `d${own(parameter.name)}`)
  },
)
