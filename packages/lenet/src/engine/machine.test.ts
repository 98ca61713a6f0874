// What a machine promises beside its results: memory that does not grow, and nothing written where it does not belong.
import { expect, test } from 'vitest'
import { conv2d, crossEntropy, linear, maxPool2d, relu, view } from '../layers/index.ts'
import { model, parametersOf } from '../model/model.ts'
import { planTraining } from '../model/plan.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import { sizeOf } from './program.ts'
import { compile } from './wasm/compile.ts'
import { control } from './wasm/driver.ts'
import { wasmMachine } from './wasm/machine.ts'

const net = model([1, 8, 8], {
  conv1: conv2d({ out: 3, kernel: 3, padding: 1 }),
  relu1: relu(),
  pool1: maxPool2d(2),
  flat: view(-1, -1),
  fc: linear(3),
})
const size = parametersOf(net).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
const plan = planTraining(net, 'uint8', { loss: crossEntropy(), labelSmoothing: 0, update: planUpdate(sgd(), size) })

test('ten thousand training steps run at constant memory', () => {
  const machine = wasmMachine(plan.program, 4)
  machine.write(plan.weight, [0.25])
  machine.write(plan.scale, [1 / 255])
  for (const [name, value] of Object.entries(sgd().settings(1e-4, [])))
    machine.write(plan.program.update!.settings.get(name)!, [value])
  const step = () => {
    machine.start(4)
    machine.finish()
  }
  for (let warm = 0; warm < 500; warm++) step()
  const before = process.memoryUsage()
  for (let n = 0; n < 10_000; n++) step()
  const after = process.memoryUsage()
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThanOrEqual(0)
  expect(after.external - before.external).toBeLessThan(100_000)
  // The collector's own rhythm moves the heap by a few megabytes; 10,000 leaks of one batch would be more.
  expect(after.heapUsed - before.heapUsed).toBeLessThan(16e6)
})

test('nothing is written outside the places that a step may change', () => {
  const { code, pages, fixed, inputs, outputs, scratch } = compile(plan.program, 5)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const exports = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } }).exports as unknown as {
    work(thread: number, sleep: number): void
  }
  const bytes = new Uint8Array(memory.buffer)
  const words = new Int32Array(memory.buffer)
  const mayChange = new Uint8Array(bytes.length)
  const open = (from: number, to: number) => mayChange.fill(1, from, to)
  open(0, control.bytes)
  const { parameters, gradients, state } = plan.program.update!
  for (const row of [parameters, gradients, ...state.values()])
    open(fixed.get(row)!.address, fixed.get(row)!.address + Math.ceil(size / 16) * 64)
  for (const { address, size: elements } of outputs.values()) open(address, address + 16 * elements * 4)
  const firstInput = Math.min(...[...inputs.values()].map(({ address }) => address))
  // The shares lie between the settings and the inputs.
  const lastSetting = Math.max(...[...fixed.values()].map(({ address }) => address))
  open(lastSetting + 64, firstInput)
  open(scratch, bytes.length)
  const sentinel = 0x5a
  for (let at = control.bytes; at < bytes.length; at++) if (mayChange[at] === 0) bytes[at] = sentinel
  words[control.samples / 4] = 5
  words[control.threads / 4] = 1
  exports.work(0, 0)
  const broken = bytes.findIndex((byte, at) => at >= control.bytes && mayChange[at] === 0 && byte !== sentinel)
  expect(broken).toBe(-1)
})
