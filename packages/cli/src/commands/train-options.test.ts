import { expect, test } from 'vitest'
import { createContext } from '../context.ts'
import { resolveFlags, type TrainFlags, toTrainOptions } from './train-options.ts'

const resolve = (flags: TrainFlags) => resolveFlags(createContext({ lang: 'en' }), undefined, flags)

test('a recipe sets what belongs together, and an option changes one setting of it', () => {
  const usual = resolve({})
  const fast = resolve({ recipe: 'speedrun', epochs: '3' })
  expect(usual).toMatchObject({ dataset: 'mnist', model: 'lenet', epochs: 5, lr: 0.03 })
  expect(usual).not.toHaveProperty('nesterov')
  expect(fast).toMatchObject({ model: 'lenet', epochs: 3, nesterov: true, labelSmoothing: 0.05, augment: { shift: 1 } })
  expect(toTrainOptions(fast)).toMatchObject({
    epochs: 3,
    labelSmoothing: 0.05,
    augment: { shift: 1 },
    optimizer: { name: 'sgd', options: { nesterov: true } },
  })
})

test('with another optimizer than the recipe has, the rate is what suits that one', () => {
  expect(resolve({ recipe: 'speedrun', optimizer: 'adam' })).toMatchObject({ lr: 0.001, momentum: 0, weightDecay: 0 })
  expect(resolve({ recipe: 'speedrun', optimizer: 'adam' })).not.toHaveProperty('nesterov')
})

test('the networks of 1998 are trained as in 1998, each with rates for its loss', () => {
  expect(resolve({ model: 'lenet5' })).toMatchObject({ optimizer: 'sdlm', batch: 1, order: 'constant', damping: 0.1 })
  const small = resolve({ model: 'lenet1' })
  expect(small).toMatchObject({ model: 'lenet1', optimizer: 'sdlm', schedule: 'lecun1998' })
  expect(toTrainOptions(small).optimizer!.curvature!.damping).toBe(small.damping)
  expect(small.damping).not.toBe(0.1)
  expect(resolve({ model: 'lenet5', optimizer: 'adam' })).not.toHaveProperty('damping')
})

test('what an optimizer has no place for is refused, not passed over', () => {
  for (const optimizer of ['adam', 'adamw', 'sdlm'])
    expect(() => resolve({ optimizer, momentum: '0.9' })).toThrow(
      `--momentum and --optimizer ${optimizer} do not go together`,
    )
  expect(() => resolve({ model: 'lenet5', weightDecay: '0.1' })).toThrow(
    '--weight-decay and --optimizer sdlm do not go together',
  )
  expect(resolve({ optimizer: 'adam', weightDecay: '0.1' })).toMatchObject({ weightDecay: 0.1 })
})

test('an augmentation is a name with a number, and flip is a name alone', () => {
  expect(resolve({ augment: 'shift=2,flip' })).toMatchObject({ augment: { shift: 2, flip: true } })
  for (const augment of ['flip=0', 'shift', 'shift=2=3', 'turn=2'])
    expect(() => resolve({ augment }), augment).toThrow(/^lenet train: --augment/)
})

test('a recipe that is not there is named, with those that are', () => {
  expect(() => resolve({ recipe: 'slow' })).toThrow("lenet train: --recipe is 'slow'; give one of default, speedrun")
})
