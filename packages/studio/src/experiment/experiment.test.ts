import { describeNet, zoo } from 'lenet'
import { expect, test } from 'vitest'
import { readLink, writeLink } from './link.ts'
import { netOf } from './net-of.ts'
import { commandOf, type Preset, presetNames, presetOf, type Setup, usual, withPreset } from './setup.ts'

test('a link holds the whole set-up', () => {
  const setup: Setup = {
    ...usual,
    activation: 'tanh',
    pooling: 'average',
    width: 2,
    lr: 0.002,
    seed: 42,
    augment: true,
  }
  expect(readLink(writeLink({ setup, hash: 'a'.repeat(64) }))).toEqual({ setup, hash: 'a'.repeat(16) })
})

test('what a link cannot say is as usual, and a fragment without an experiment is none', () => {
  expect(readLink('#train?data=mnist&batch=-3&activation=swish&hash=zzz')).toEqual({ setup: usual })
  expect(readLink('#draw')).toBeUndefined()
})

test('a preset that the library has by name is the same network', () => {
  for (const [name, make] of Object.entries(zoo)) {
    if (!presetNames.includes(name as Preset)) continue
    const setup = withPreset(usual, name as Preset)
    expect(presetOf(setup)).toBe(name)
    expect(describeNet(netOf(setup, { channels: 1, classes: 10 })), name).toEqual(
      describeNet(make({ channels: 1, classes: 10 })),
    )
  }
})

test('the command says what differs from the usual', () => {
  expect(commandOf({ ...usual, epochs: 5, images: 60_000 })).toBe('npx lenet train mnist --limit 60000')
  expect(commandOf({ ...withPreset(usual, 'lenet-tanh'), optimizer: 'adam', lr: 0.001, augment: true })).toBe(
    'npx lenet train mnist --model lenet-tanh --limit 10000 --epochs 8 --optimizer adam --augment',
  )
  expect(commandOf({ ...usual, width: 2 })).toBeUndefined()
  expect(commandOf(withPreset(usual, 'lenet5'))).toBe('npx lenet train mnist --model lenet5 --limit 10000 --epochs 3')
})
