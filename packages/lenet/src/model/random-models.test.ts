// Whole training steps of random models: planner, views, padding, fusion and threads, to the last bit.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Machine, type Program, sizeOf } from '../engine/program.ts'
import { referenceMachine } from '../engine/reference.ts'
import { threadedWasmMachine, wasmMachine } from '../engine/wasm/machine.ts'
import { ShapeError } from '../errors.ts'
import {
  adaptiveAvgPool2d,
  add,
  avgPool2d,
  concat,
  conv2d,
  crossEntropy,
  dropout,
  globalAvgPool2d,
  groupNorm,
  layerNorm,
  linear,
  maxPool2d,
  multiply,
  relu,
  relu6,
  scaledTanh,
  sigmoid,
  silu,
  softplus,
  subsample,
  tanh,
  upsampleNearest2d,
  view,
} from '../layers/index.ts'
import { axesOf, fanIn, from, type Layer, layer } from '../layers/layer.ts'
import { findCompiler } from '../node/compiler.ts'
import { nativeMachine } from '../node/native-engine.ts'
import { adam } from '../optimizers/adam.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { createRandom } from '../random/random.ts'
import { hasCompiler } from '../testing/native-machines.ts'
import { model, type Net, parametersOf } from './model.ts'
import { planTraining, type TrainingPlan, writeWeights } from './plan.ts'

const window = fc.record({
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  padding: fc.integer({ min: 0, max: 1 }),
})
const spatial: fc.Arbitrary<Layer> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 6 }), window, fc.boolean(), fc.constantFrom(1, 1, 2, 3), fc.constantFrom(1, 1, 2))
    .map(([out, given, bias, groups, dilation]) => conv2d({ out, ...given, bias, groups, dilation })),
  fc
    .tuple(window, fc.boolean())
    .map(([{ kernel, stride, padding }, ceilMode]) =>
      maxPool2d({ kernel, stride, padding: Math.min(padding, Math.floor(kernel / 2)), ceilMode }),
    ),
  fc
    .tuple(window, fc.boolean(), fc.boolean())
    .map(([given, ceilMode, countIncludePad]) => avgPool2d({ ...given, ceilMode, countIncludePad })),
  window.map(({ kernel, stride }) => subsample({ kernel, stride })),
  fc.integer({ min: 1, max: 3 }).map((side) => adaptiveAvgPool2d(side)),
  fc.constantFrom(upsampleNearest2d({ factor: [1, 2] }), groupNorm({ groups: 1 }), layerNorm({ axes: 2 })),
  fc.constantFrom(relu(), tanh(), sigmoid(), scaledTanh(), dropout(0.3), relu6(), silu(), softplus()),
)

/** What a layer reads: the entry before it, or one further back; and what it is joined with where shapes agree. */
const place = fc.record({
  back: fc.constantFrom(0, 0, 0, 1, 2),
  join: fc.constantFrom(undefined, undefined, add(), multiply(), concat()),
  other: fc.integer({ min: 1, max: 4 }),
})
/** Its parameter is read by two equations, so that two gradients meet in one place. */
const twice = layer({
  name: 'twice',
  summary: 'Scales, and adds the scale.',
  options: {},
  output: (input) => [axesOf(input, 'features')[0]],
  parameters: (input) => ({ scale: fanIn([axesOf(input, 'features')[0]], 1) }),
  equations: ['h[k] = scale[k] * x[k]', 'y[k] = h[k] + scale[k]'],
  examples: [],
})
const flat: fc.Arbitrary<Layer> = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map((out) => linear(out)),
  fc.constantFrom(relu(), tanh(), dropout(0.5), twice()),
)

/** Layers that fit, one behind the other or from further back; those that do not are left out. Branches join where shapes agree. */
const nets = fc
  .record({
    input: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 5, max: 9 }), fc.integer({ min: 5, max: 9 })),
    body: fc.array(fc.tuple(spatial, place), { maxLength: 6 }),
    head: fc.constantFrom('gap', 'view', 'rows'),
    tail: fc.array(flat, { maxLength: 2 }),
    residual: fc.boolean(),
  })
  .map(({ input, body, head, tail, residual }) => {
    const layers: Record<string, Layer> = {}
    let net: Net | undefined
    const append = (layer: Layer) => {
      const name = `l${Object.keys(layers).length}`
      try {
        net = model(input, { ...layers, [name]: layer })
        layers[name] = layer
      } catch (error) {
        // Its window is larger than what is left, or shapes do not agree: this layer is not part of the model.
        if (!(error instanceof ShapeError)) throw error
      }
    }
    const last = (back: number) => Object.keys(layers).at(-1 - back)
    for (const [layer, { back, join, other }] of body) {
      const reads = last(back)
      append(reads === undefined || back === 0 ? layer : from([reads], layer))
      const [one, two] = [last(0), last(other)]
      if (join && one !== undefined && two !== undefined) append(from([one, two], join))
    }
    const before = Object.keys(layers).at(-1)
    if (residual && before) {
      const shape = net!.entries.at(-1)!.output
      append(conv2d({ out: shape[0]!, kernel: 3, padding: 1 }))
      append(from([Object.keys(layers).at(-1)!, before], add()))
    }
    const shape = net?.entries.at(-1)?.output ?? input
    const [size, width] = [sizeOf(shape), shape.at(-1)!]
    if (head === 'gap') append(globalAvgPool2d())
    else if (head === 'rows')
      for (const layer of [view(-1, size / width, width), linear(6), view(-1, -1)]) append(layer)
    else append(view(-1, size))
    for (const layer of tail) append(layer)
    append(linear(4))
    return net!
  })

function prepare(machine: Machine, net: Net, plan: TrainingPlan, samples: number): void {
  const random = createRandom(11, 'noise')
  const draw = (count: number, scale: number) => Float32Array.from({ length: count }, () => (random() * 2 - 1) * scale)
  writeWeights(machine, plan, new Map(parametersOf(net).map(({ name, shape }) => [name, draw(sizeOf(shape), 0.5)])))
  machine.write(plan.scale, new Float32Array(net.input[0]!).fill(1 / 100))
  machine.write(plan.shift, new Float32Array(net.input[0]!).fill(-1))
  machine.write(plan.weight, [1 / samples])
  machine
    .input(plan.pixels)
    .set(Uint8Array.from({ length: samples * sizeOf(net.input) }, () => Math.floor(random() * 256)))
  machine.input(plan.label).set(Float32Array.from({ length: samples }, () => Math.floor(random() * 4)))
  for (const tensor of plan.noise.keys()) machine.input(tensor).set(draw(machine.input(tensor).length, 1))
}

/** Every machine trains the same random nets on the same numbers for two steps. */
async function expectSameBits(
  numRuns: number,
  machinesOf: (program: Program, samples: number) => Promise<Machine[]>,
): Promise<void> {
  const property = fc.asyncProperty(nets, fc.integer({ min: 1, max: 33 }), async (net, samples) => {
    const optimizer = adam({ lr: 0.01 })
    const size = parametersOf(net).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    const update = planUpdate(optimizer, size)
    const plan = planTraining(net, 'uint8', {
      loss: crossEntropy(),
      labelSmoothing: 0.1,
      update,
    })
    const machines = await machinesOf(plan.program, samples)
    const results = machines.map((machine) => {
      prepare(machine, net, plan, samples)
      const memory = [...optimizer.memory]
      for (let step = 0; step < 2; step++) {
        for (const [name, value] of Object.entries(optimizer.settings(0.01, memory)))
          machine.write(update.settings.get(name)!, [value])
        machine.start(samples)
        machine.finish()
      }
      const all = [
        ...machine.output(plan.scores).slice(0, samples * 4),
        ...machine.output(plan.loss).slice(0, samples),
        ...machine.read(update.gradients),
        ...machine.read(update.parameters),
      ]
      machine.close()
      return new Uint32Array(Float32Array.from(all).buffer)
    })
    for (const result of results.slice(1)) expect(result).toEqual(results[0])
  })
  await fc.assert(property, { numRuns, seed: 1 })
}

const RUNS = Number(process.env.LENET_RANDOM_MODELS ?? 20)

test(
  'random models train to the same bits on every engine and thread count',
  () =>
    expectSameBits(RUNS, async (program, samples) => [
      referenceMachine(program, samples),
      wasmMachine(program, samples),
      await threadedWasmMachine(program, samples, 2),
      await threadedWasmMachine(program, samples, 3),
      // Gradients that meet right after their layers.
      wasmMachine(program, samples, { nearBytes: 0 }),
      await threadedWasmMachine(program, samples, 2, { nearBytes: 0 }),
    ]),
  120_000,
)

test.runIf(hasCompiler)(
  'random models train to the same bits as machine code, whatever the vectors',
  () =>
    expectSameBits(Math.ceil(RUNS / 10), async (program, samples) => [
      wasmMachine(program, samples),
      ...[4, 8, 16]
        .filter((lanes) => lanes <= findCompiler().lanes)
        .map((lanes) =>
          nativeMachine(program, samples, { lanes, threads: 1 + (samples % 3), ...(lanes === 8 && { nearBytes: 0 }) }),
        ),
    ]),
  120_000,
)
