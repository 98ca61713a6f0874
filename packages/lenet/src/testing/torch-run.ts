// Replays a training run that PyTorch recorded: its first weights, its batches, its optimizer.
import { createMachineNow } from '../engine/create-machine.ts'
import { type Machine, type Program, sizeOf } from '../engine/program.ts'
import { referenceMachine } from '../engine/reference.ts'
import { toFloat32 } from '../formats/arrays.ts'
import { readSafetensors } from '../formats/safetensors.ts'
import { crossEntropy } from '../layers/index.ts'
import { type Net, parametersOf } from '../model/model.ts'
import { planTraining, writeWeights } from '../model/plan.ts'
import { type Optimizer, planUpdate } from '../optimizers/optimizer.ts'

/** Largest differences from the record, each relative to the largest value of its array (losses: to each value). */
export interface Differences {
  readonly logits: number
  readonly gradients: number
  readonly losses: number
  readonly weights: number
}

type MachineOf = (program: Program, batch: number) => Machine

export function replayTorchRun(
  bytes: Uint8Array,
  net: Net,
  optimizer: Optimizer,
  machineOf: MachineOf = createMachineNow,
): Differences & { readonly final: ReadonlyMap<string, Float32Array> } {
  const { arrays, metadata } = readSafetensors(bytes)
  const get = (name: string) => toFloat32(arrays.get(name)!)
  const [steps, batch] = [Number(metadata.steps), Number(metadata.batch)]
  const parameters = parametersOf(net)
  const size = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const update = planUpdate(optimizer, size)
  const plan = planTraining(net, 'float32', { loss: crossEntropy(), labelSmoothing: 0, update })
  const machine = machineOf(plan.program, batch)
  writeWeights(machine, plan, new Map(parameters.map(({ name }) => [name, get(`init.${name}`)])))
  const channels = net.input[0]!
  machine.write(plan.scale, new Float32Array(channels).fill(1))
  machine.write(plan.shift, new Float32Array(channels))
  machine.write(plan.weight, [1 / batch])
  const [x, target, recorded] = [get('x'), get('target'), get('losses')]
  const memory = [...optimizer.memory]
  let [logits, gradients, losses] = [0, 0, 0]
  for (let step = 0; step < steps; step++) {
    const row = batch * sizeOf(net.input)
    machine.input(plan.pixels).set(x.subarray(step * row, (step + 1) * row))
    machine.input(plan.label).set(target.subarray(step * batch, (step + 1) * batch))
    for (const [name, value] of Object.entries(optimizer.settings(optimizer.lr, memory)))
      machine.write(update.settings.get(name)!, [value])
    machine.start(batch)
    machine.finish()
    const loss =
      machine
        .output(plan.loss)
        .subarray(0, batch)
        .reduce((sum, one) => sum + one, 0) / batch
    losses = Math.max(losses, Math.abs(loss / recorded[step]! - 1))
    if (step > 0) continue
    logits = difference(machine.output(plan.scores).slice(0, get('logits0').length), get('logits0'))
    gradients = Math.max(
      ...parameters.map(({ name }) => difference(machine.read(plan.gradients.get(name)!), get(`grad0.${name}`))),
    )
  }
  const final = new Map(parameters.map(({ name }) => [name, machine.read(plan.parameters.get(name)!)]))
  const weights = Math.max(...[...final].map(([name, values]) => difference(values, get(`final.${name}`))))
  return { logits, gradients, losses, weights, final }
}

/** How far the final weights are from those of the same run in float64, of each parameter: ours, and PyTorch's. */
export function distancesToFloat64(bytes: Uint8Array, net: Net, optimizer: Optimizer) {
  const { arrays } = readSafetensors(bytes)
  const ours = replayTorchRun(bytes, net, optimizer).final
  const exact = replayTorchRun(bytes, net, optimizer, (program, batch) => referenceMachine(program, batch, 'float64'))
  return [...exact.final].map(([name, values]) => ({
    name,
    ours: difference(ours.get(name)!, values),
    theirs: difference(toFloat32(arrays.get(`final.${name}`)!), values),
  }))
}

/** The largest difference, relative to the largest value. */
export function difference(ours: Float32Array, theirs: Float32Array): number {
  let [largest, furthest] = [0, 0]
  for (const [index, value] of theirs.entries()) {
    largest = Math.max(largest, Math.abs(value))
    furthest = Math.max(furthest, Math.abs(value - ours[index]!))
  }
  return furthest / largest
}
