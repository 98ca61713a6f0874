// Second derivatives from the equations against brute force, and the learning rates that the paper starts with.
import { expect, test } from 'vitest'
import type { Dataset } from '../data/dataset.ts'
import { referenceMachine } from '../engine/reference.ts'
import { glyphCode } from '../layers/glyphs.ts'
import { linear, maximumLikelihood, rbf, scaledTanh, view } from '../layers/index.ts'
import { fanIn, layer } from '../layers/layer.ts'
import { initialise, type Weights } from '../model/initialise.ts'
import { model, type Net, parametersOf } from '../model/model.ts'
import { planCurvature, writeWeights } from '../model/plan.ts'
import { lenet5 } from '../model/zoo/lecun1998.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sdlm } from '../optimizers/sdlm.ts'
import { fitDataset } from '../pictures/fit-to-model.ts'
import { createRandom } from '../random/random.ts'
import { createCurvatureMeter } from './curvature.ts'
import { completeTrainOptions } from './options.ts'
import { lecun1998Pixels } from './recipe.ts'
import { prepareSetting } from './setting.ts'

const net = model([1, 1, 3], {
  flat: view(-1, 3),
  hidden: linear(4),
  squash: scaledTanh(),
  features: linear(84),
  output: rbf({ codes: '07' }),
})
const x = [0.3, -0.7, 0.9]

function curvatureOf(weights: Weights): Map<string, Float64Array> {
  const size = parametersOf(net).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
  const plan = planCurvature(net, 'float32', { loss: maximumLikelihood(), update: planUpdate(sdlm(), size) })
  const machine = referenceMachine(plan.program, 1, 'float64')
  writeWeights(machine, plan, weights)
  machine.write(plan.scale, [1])
  machine.write(plan.shift, [0])
  machine.input(plan.pixels).set(x)
  machine.start(1)
  machine.finish()
  return new Map(
    parametersOf(net).map(({ name }) => [name, Float64Array.from(machine.read(plan.gradients.get(name)!))]),
  )
}

const parts = (weights: Weights) => ({
  hidden: weights.get('hidden.weight')!,
  hiddenBias: weights.get('hidden.bias')!,
  features: weights.get('features.weight')!,
  featuresBias: weights.get('features.bias')!,
})
const squashed = (a: number) => 1.7159 * Math.tanh((2 / 3) * a)

/** Eq. 8 for the class 7. */
function lossOf(weights: Weights): number {
  const w = parts(weights)
  const z = Array.from({ length: 4 }, (_, j) =>
    squashed(w.hiddenBias[j]! + x.reduce((sum, value, i) => sum + w.hidden[j * 3 + i]! * value, 0)),
  )
  const code = glyphCode('7')
  return Array.from(code, (pixel, k) => {
    const feature = w.featuresBias[k]! + z.reduce((sum, value, j) => sum + w.features[k * 4 + j]! * value, 0)
    return (feature - pixel) ** 2
  }).reduce((a, b) => a + b)
}

test('before the codes, where the loss is quadratic, it is the second difference of the loss', () => {
  const weights = new Map([...initialise(net, 3)].map(([name, values]) => [name, Float64Array.from(values)]))
  const curvature = curvatureOf(weights as unknown as Weights)
  for (const [name, at] of [
    ['features.weight', 5],
    ['features.weight', 300],
    ['features.bias', 17],
  ] as const) {
    const moved = (by: number) =>
      lossOf(
        new Map(
          [...weights].map(([own, values]) => [
            own,
            own === name ? values.map((v, n) => (n === at ? v + by : v)) : values,
          ]),
        ) as unknown as Weights,
      )
    const step = 1e-3
    const measured = (moved(step) - 2 * moved(0) + moved(-step)) / step ** 2
    expect(curvature.get(name)![at]!).toBeCloseTo(measured, 5)
  }
})

test('below the squashing it is Eq. 25 and 27, computed by hand', () => {
  const weights = initialise(net, 3)
  const w = parts(weights)
  const curvature = curvatureOf(weights)
  for (let j = 0; j < 4; j++) {
    const a = w.hiddenBias[j]! + x.reduce((sum, value, i) => sum + w.hidden[j * 3 + i]! * value, 0)
    const slope = 1.7159 * (2 / 3) * (1 - Math.tanh((2 / 3) * a) ** 2)
    let above = 0
    for (let k = 0; k < 84; k++) above += 2 * w.features[k * 4 + j]! ** 2
    x.forEach((value, i) => {
      const byHand = slope ** 2 * above * value ** 2
      expect(curvature.get('hidden.weight')![j * 3 + i]! / byHand).toBeCloseTo(1, 5)
    })
    expect(curvature.get('hidden.bias')![j]! / (slope ** 2 * above)).toBeCloseTo(1, 5)
  }
})

const weighted = layer({
  name: 'weighted',
  summary: 'Only here.',
  options: {},
  output: ([size]) => [size!],
  parameters: ([size]) => ({ weight: fanIn([size!], 1) }),
  equations: ['y[k] = weight[k] * x[k]'],
  training: ['y[k] = mask[k] * x[k]'],
  noise: ([size]) => ({ mask: { shape: [size!], value: (uniform) => uniform } }),
  curvature: ['h[k] = 2 * weight[k] * y[k]'],
  examples: [],
})

test('where it begins may depend on weights and on what is predicted', () => {
  const own = model([2], { fc: linear(2), out: weighted() })
  const options = { loss: maximumLikelihood(), update: planUpdate(sdlm(), 6) }
  const plan = planCurvature(own, 'float32', { ...options, frozen: new Set(['out.weight']) })
  const machine = referenceMachine(plan.program, 1)
  writeWeights(machine, plan, new Map([...initialise(own, 3)].map(([name, values]) => [name, values.fill(3)])))
  machine.start(1)
  machine.finish()
  expect([...plan.gradients.keys()]).toEqual(['fc.weight', 'fc.bias'])
  expect([...machine.read(plan.gradients.get('fc.bias')!)]).toEqual([54, 54])
})

test('weights behind the place where it begins are not trained by it', () => {
  const learned = model([2], { fc: linear(2), out: rbf(3) })
  const loss = maximumLikelihood()
  expect(() => planCurvature(learned, 'float32', { loss })).toThrow('it begins before out.weight, which gets none')
  expect(() => planCurvature(learned, 'float32', { loss, frozen: new Set(['out.weight']) })).not.toThrow()
})

/** Strokes on a field of 32x32: enough like digits for the size of curvatures. */
function strokes(count: number) {
  const random = createRandom(4, 'noise')
  const pixels = new Uint8Array(count * 1024)
  for (let n = 0; n < count; n++) {
    let [row, column] = [16, 16]
    for (let step = 0; step < 60; step++) {
      row = Math.min(24, Math.max(7, row + Math.round(random() * 3 - 1.5)))
      column = Math.min(24, Math.max(7, column + Math.round(random() * 3 - 1.5)))
      for (const [i, j] of [
        [0, 0],
        [0, 1],
        [1, 0],
      ] as const)
        pixels[n * 1024 + (row + i) * 32 + column + j] = 255
    }
  }
  return pixels
}

async function firstRates(start: Net, scheme: 'lecun1998' | 'lecun1998sqrt'): Promise<number[]> {
  const count = 100
  const data = {
    name: 'strokes',
    shape: [1, 32, 32] as const,
    pixels: strokes(count),
    labels: Uint8Array.from({ length: count }, (_, n) => n % 10),
    classes: [...'0123456789'],
  }
  const options = completeTrainOptions(
    { optimizer: sdlm({ patterns: 100, damping: 0.02 }), normalisation: lecun1998Pixels, batch: 1 },
    start,
  )
  const meter = await createCurvatureMeter(prepareSetting(start, { train: data }, options), options, { engine: 'wasm' })
  const scale = meter.scale(initialise(start, 1, scheme), 0)
  meter.close()
  // A weight that no link of the table has stays without curvature.
  return Array.from(scale, (value) => 0.0005 * value).filter((rate) => rate < 0.0005 / 0.02 - 1e-9)
}

test("LeNet-5's first rates lie about where the paper says: from 7e-5 to 0.016", async () => {
  const rates = await firstRates(lenet5(), 'lecun1998sqrt')
  const [least, most] = [Math.min(...rates), rates.toSorted((a, b) => a - b)[Math.floor(rates.length * 0.999)]!]
  expect(least).toBeGreaterThan(2e-5)
  expect(least).toBeLessThan(3e-4)
  expect(most).toBeGreaterThan(0.005)
  expect(most).toBeLessThan(0.025)
})

test('images that are framed as they are fed have the curvature of those that were framed before', async () => {
  const start = lenet5()
  const small = {
    name: 'strokes',
    shape: [1, 28, 28] as const,
    pixels: Uint8Array.from({ length: 20 * 784 }, (_, at) => (at * 7919) % 256),
    labels: Uint8Array.from({ length: 20 }, (_, n) => n % 10),
    classes: [...'0123456789'],
  }
  const options = completeTrainOptions({ optimizer: sdlm({ patterns: 16 }), normalisation: lecun1998Pixels }, start)
  const scaleOf = async (train: Dataset) => {
    const meter = await createCurvatureMeter(prepareSetting(start, { train }, options), options, { engine: 'wasm' })
    const scale = meter.scale(initialise(start, 1), 0)
    meter.close()
    return scale
  }
  expect(await scaleOf(small)).toEqual(await scaleOf(fitDataset(small, [1, 32, 32])))
})
