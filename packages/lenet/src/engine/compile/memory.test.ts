// What a machine asks for: no more than its batch needs, and nothing that cannot be.
import { expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { conv2d, crossEntropy, linear, view } from '../../layers/index.ts'
import { model, parametersOf } from '../../model/model.ts'
import { planPrediction, planTraining } from '../../model/plan.ts'
import { modelNamed } from '../../model/zoo/index.ts'
import { planUpdate } from '../../optimizers/optimizer.ts'
import { sgd } from '../../optimizers/sgd.ts'
import { resnet20 } from '../../testing/resnet20.ts'
import { createMachine, createMachineNow } from '../create-machine.ts'
import { nativeMemory } from '../native/machine.ts'
import { printSource } from '../native/source.ts'
import { type Program, sizeOf } from '../program.ts'
import { compile, compileAlone } from '../wasm/compile.ts'
import type { Lanes } from './storage.ts'

const { program } = planPrediction(modelNamed('lenet', { channels: 1 }), 'uint8')
const message = /^engine wasm: it wants [\d,]+ MiB of memory; there are 4,096\nhint: give a smaller batch/

test.each([
  [1, 1],
  [3, 1],
  [5, 2],
  [16, 4],
  [17, 12],
])('a batch of %i has %i blocks on three threads', (capacity, blocks) => {
  expect(compile(program, capacity, { threads: 3, shared: true }).blocks).toBe(blocks)
})

// A gradient's kernel turns sixteen elements at once, and reads that many of what has one.
test('behind the last block there is memory for all that is read beyond its tensors', () => {
  const source = printSource(program, { samples: 16, across: 1 })
  const { bytes, scratch, blocks, blockBytes } = nativeMemory(program, source, { capacity: 64, threads: 2 })
  expect(bytes - (scratch + blocks * blockBytes)).toBeGreaterThanOrEqual(15 * 16 * 4)
})

test('one image of LeNet takes less than 300 KiB, of which 242 are weights', () => {
  expect(compile(program, 1).bytes).toBeLessThan(300 * 1024)
})

const MEBIBYTE = 2 ** 20
const deep = resnet20()
const training = planTraining(deep, 'uint8', {
  loss: crossEntropy(),
  labelSmoothing: 0,
  update: planUpdate(
    sgd({ lr: 0.1 }),
    parametersOf(deep).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  ),
}).program

test('a sample of ResNet-20 takes 0.22 MiB to predict and 1 MiB to train', () => {
  const ofSample = (of: Program, lanes: Lanes): number => {
    const { storage } = printSource(of, lanes)
    return storage.blockBytes / lanes.samples
  }
  const predicting = planPrediction(deep, 'uint8').program
  for (const lanes of [
    { samples: 1, across: 4 },
    { samples: 16, across: 1 },
  ]) {
    expect(ofSample(predicting, lanes)).toBeLessThan(0.22 * MEBIBYTE)
    expect(ofSample(training, lanes)).toBeLessThan(1 * MEBIBYTE)
  }
})

test('a module that predicts has room for one image, and for no batch', () => {
  const module = compileAlone(planPrediction(deep, 'uint8').program, () => {}, { name: 'note', text: '' })
  const { memory } = new WebAssembly.Instance(new WebAssembly.Module(module)).exports
  const weights = parametersOf(deep).reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0)
  const room = (memory as WebAssembly.Memory).buffer.byteLength - weights
  expect(room).toBeLessThan(0.3 * MEBIBYTE)
})

test('what is beyond the addresses of wasm is refused with its size', async () => {
  const large = planPrediction(model([3, 150, 150], { flat: view(-1, -1), fc: linear(60_000) }), 'uint8').program
  expect(() => createMachineNow(large, 1)).toThrow(UsageError)
  expect(() => createMachineNow(large, 1)).toThrow(message)
  await expect(createMachine(program, 1e9, { engine: 'wasm' })).rejects.toThrow(message)
  await expect(createMachine(program, 1e9, { engine: 'wasm', threads: 2 })).rejects.toThrow(message)
  await expect(createMachine(program, 1e9, { engine: 'auto' })).rejects.toThrow(message)
})

test('the reference refuses what no array holds', () => {
  const { program: small } = planPrediction(
    model([1, 8, 8], { c: conv2d({ out: 2, kernel: 3 }), flat: view(-1, -1), fc: linear(2) }),
    'uint8',
  )
  expect(() => createMachineNow(small, 1e12, { engine: 'reference' })).toThrow(
    /^engine reference: it wants [\d,]+ MiB of memory; there is less/,
  )
})
