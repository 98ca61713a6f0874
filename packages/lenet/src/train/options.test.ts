// What training, prediction and evaluation are given is checked before anything is computed.
import { describe, expect, test } from 'vitest'
import type { Dataset } from '../data/dataset.ts'
import { FormatError, ShapeError, UsageError } from '../errors.ts'
import { linear, view } from '../layers/index.ts'
import { initialise } from '../model/initialise.ts'
import { model } from '../model/model.ts'
import { adam, adamw } from '../optimizers/adam.ts'
import { sdlm } from '../optimizers/sdlm.ts'
import { sgd } from '../optimizers/sgd.ts'
import { trainedModel } from '../predict/trained-model.ts'
import { Tensor } from '../tensor.ts'
import type { StepResult } from './events.ts'
import type { TrainOptions } from './options.ts'
import { oneCycle, scheduleNamed, stepwise } from './schedule.ts'
import { train } from './train.ts'

const any = (value: unknown) => value as never
const net = model([1, 2, 3], { flat: view(-1, 6), fc: linear(2) })
const data: Dataset = {
  name: 'four',
  shape: [1, 2, 3],
  pixels: new Uint8Array(24).map((_, at) => at * 9),
  labels: Uint8Array.of(0, 1, 0, 1),
  classes: ['a', 'b'],
}
const trained = trainedModel({
  net,
  weights: initialise(net, 1),
  classes: ['a', 'b'],
  normalisation: { mean: [0], std: [1] },
  preparation: 'digit',
})

const settings: [string, () => unknown, string][] = [
  ['momentum beyond 1', () => sgd({ momentum: 2 }), 'sgd: momentum is 2; give a number from 0 to 1'],
  ['a rate below 0', () => sgd({ lr: -1 }), 'sgd: lr is -1; give a number from 0'],
  ['a rate that is no number', () => adam({ lr: Number.NaN }), 'adam: lr is NaN; give a number from 0'],
  ['decay without end', () => adamw({ weightDecay: Infinity }), 'adamw: weightDecay is Infinity'],
  ['a decay rate of 1', () => adam({ beta1: 1 }), 'adam: beta1 is 1; give a number from 0, below 1'],
  ['a second decay rate of 2', () => adamw({ beta2: 2 }), 'adamw: beta2 is 2'],
  ['eps below 0', () => adam({ eps: -1e-8 }), 'adam: eps is -1e-8; give a number from 0'],
  [
    'a name of PyTorch',
    () => adam(any({ betas: [0.9, 0.99] })),
    "adam: options: there is no field 'betas'; there is lr, beta1",
  ],
  ['nesterov as a number', () => sgd(any({ nesterov: 1 })), 'sgd: nesterov is 1; give true or false'],
  ['nesterov without momentum', () => sgd({ nesterov: true, momentum: 0 }), 'sgd: nesterov needs momentum'],
  ['no damping', () => sdlm({ damping: 0 }), 'sdlm: damping is 0; give a number above 0'],
  ['half a pattern', () => sdlm({ patterns: 0.5 }), 'sdlm: patterns is 0.5; give a whole number from 1'],
  ['null', () => sgd(any(null)), 'sgd: options is null; an object is wanted'],
  ['a step of no epochs', () => stepwise({ every: 0 }), 'stepwise: every is 0; give a whole number from 1'],
  ['a warm-up longer than the run', () => oneCycle({ warm: 1.5 }), 'oneCycle: warm is 1.5; give a number from 0 to 1'],
  ['a schedule that every object has', () => scheduleNamed('constructor'), "there is no schedule 'constructor'"],
  ['first weights that every object has', () => initialise(net, 1, any('toString')), "there is no scheme 'toString'"],
]

test.each(settings)('%s is refused as a setting', (_, make, message) => {
  expect(make).toThrow(UsageError)
  expect(make).toThrow(message)
})

const options: [string, object, string][] = [
  ['unknown', { epoch: 3 }, "train: options: there is no field 'epoch'; there is engine"],
  [
    'frozen, of another net',
    { frozen: new Set(['nope']) },
    'train: frozen holds "nope"; the parameters are fc.weight, fc.bias',
  ],
  ['frozen, in a list', { frozen: ['fc.bias'] }, 'a Set of names of parameters is wanted'],
  [
    'a mean too many',
    { normalisation: { mean: [0, 1], std: [1] } },
    'train: mean is [0,1]; one number in a list is wanted',
  ],
  ['a deviation of 0', { normalisation: { mean: [0], std: [0] } }, 'train: std holds 0; a number above 0 is wanted'],
  ['an optimizer by name', { optimizer: 'sgd' }, 'train: optimizer is "sgd"; an object is wanted'],
  ['an optimizer that was not made', { optimizer: {} }, 'give one as sgd(), adam()'],
  ['a schedule by name', { schedule: 'cosine' }, 'train: schedule is "cosine"'],
  ['a loss that was not made', { loss: {} }, 'train: loss is {}; give one as crossEntropy() makes it'],
  ['an order', { order: 'random' }, 'train: order is "random"; one of shuffled, constant is wanted'],
  [
    'a preparation',
    { preparation: 'photo' },
    'train: preparation is "photo"; one of digit, picture, fit, crop is wanted',
  ],
  ['smoothing as a text', { labelSmoothing: '0.1x' }, 'train: labelSmoothing is "0.1x"'],
  ['more threads than there can be', { threads: 65 }, 'engine: threads is 65; give a whole number from 1 to 64'],
  ['a listener that is none', { onStep: 'print' }, 'train: onStep is "print"; give a function'],
  ['epochs as a text', { epochs: '3' }, 'train: epochs is "3"; give a whole number from 1'],
  ['a distortion of another name', { augment: { shifts: 2 } }, "augmentation: options: there is no field 'shifts'"],
]

test.each(options)('an option of training that is %s is refused at once', (_, given, message) => {
  expect(() => train(net, data, given as TrainOptions)).toThrow(UsageError)
  expect(() => train(net, data, given as TrainOptions)).toThrow(message)
})

test('an option that is undefined is one that was not given', () => {
  expect(() => train(net, data, any({ epochs: undefined, frozen: undefined, normalisation: undefined }))).not.toThrow()
})

test('every step is told of, whatever the beat, and an epoch is their mean', async () => {
  const steps: StepResult[] = []
  let means: readonly number[] = []
  for await (const event of train(net, data, { epochs: 2, batch: 3, beat: 1e6, onStep: (step) => steps.push(step) }))
    if (event.event === 'epoch') means = [...means, event.trainLoss, event.trainAccuracy]
  expect(steps.map(({ epoch, step, samples }) => [epoch, step, samples])).toEqual([
    [1, 1, 3],
    [1, 2, 1],
    [2, 1, 3],
    [2, 2, 1],
  ])
  const mean = (of: (step: StepResult) => number, epoch: number) =>
    steps.filter((step) => step.epoch === epoch).reduce((sum, step) => sum + of(step), 0) / 4
  for (const epoch of [1, 2]) {
    expect(means[2 * epoch - 2]).toBeCloseTo(
      mean(({ loss, samples }) => loss * samples, epoch),
      12,
    )
    expect(means[2 * epoch - 1]).toBe(mean(({ right }) => right, epoch))
  }
})

describe('data', () => {
  const wrong: [string, Partial<Dataset>, string][] = [
    [
      'labels in a list',
      { labels: any([0, 1, 0, 1]) },
      'four: labels is Array; a Uint8Array or a Uint16Array is wanted',
    ],
    ['clamped bytes', { pixels: any(new Uint8ClampedArray(24)) }, 'four: pixels is Uint8ClampedArray'],
    ['classes that are numbers', { classes: any([0, 1]) }, 'four: classes is [0,1]; a list of names is wanted'],
    ['no shape', { shape: any(undefined) }, 'four: shape is undefined'],
  ]
  test.each(wrong)('with %s is refused by training and by evaluation', async (_, part, message) => {
    expect(() => train(net, { ...data, ...part })).toThrow(message)
    expect(() => train(net, { train: data, test: { ...data, ...part } })).toThrow(message)
    await expect(trained.evaluate({ ...data, ...part })).rejects.toThrow(ShapeError)
  })

  test('with a label beyond the classes, other classes or no image is not evaluated', async () => {
    await expect(trained.evaluate({ ...data, labels: Uint8Array.of(0, 1, 2, 1) })).rejects.toThrow(FormatError)
    await expect(trained.evaluate({ ...data, classes: ['a', 'b', 'c'] })).rejects.toThrow(
      'evaluate: the model gives 2 scores but four has 3 classes',
    )
    await expect(trained.evaluate({ ...data, labels: new Uint8Array(0), pixels: new Uint8Array(0) })).rejects.toThrow(
      'four: has no images',
    )
  })

  test('for the test at the end is checked before training begins', () => {
    const test = { ...data, labels: Uint8Array.of(0, 1, 2, 1) }
    expect(() => train(net, { train: data, test })).toThrow('image 2 has label 2; labels go from 0 to 1')
    expect(() => train(net, any(null))).toThrow('train: data is null; an object is wanted')
  })
})

test('what is no image is refused, and a tensor whose axes are others than the model’s', () => {
  for (const image of [null, undefined, 5, 'seven.png', {}, [0, 1, 2]])
    expect(() => trained.predict(any(image)), JSON.stringify(image)).toThrow(UsageError)
  const numbers = new Float32Array(6).map((_, at) => at / 6)
  const { label } = trained.predict(numbers)
  expect(trained.predict(new Tensor([1, 2, 3], numbers)).label).toBe(label)
  expect(trained.predict(new Tensor([2, 3], numbers)).label).toBe(label)
  expect(() => trained.predict(new Tensor([3, 2], numbers))).toThrow(
    new ShapeError('predict: the tensor is [3,2] but the model takes [1,2,3]', 'view() gives it another shape'),
  )
})
