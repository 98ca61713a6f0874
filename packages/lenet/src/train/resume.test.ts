// A run goes on only from a checkpoint that is its own and whole.
import { beforeAll, describe, expect, test } from 'vitest'
import type { Dataset } from '../data/dataset.ts'
import { FormatError, UsageError } from '../errors.ts'
import type { NamedArrays } from '../formats/arrays.ts'
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts'
import { conv2d, linear, relu, view } from '../layers/index.ts'
import { initialise } from '../model/initialise.ts'
import { model } from '../model/model.ts'
import { adam } from '../optimizers/adam.ts'
import { sgd } from '../optimizers/sgd.ts'
import { createRandom } from '../random/random.ts'
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import type { TrainOptions } from './options.ts'
import { train } from './train.ts'

const random = createRandom(7, 'noise')
/** Light or dark images of 6x6 with noise. */
function shades(count: number, lift = 0): Dataset {
  const labels = Uint8Array.from({ length: count }, (_, n) => n % 2)
  const pixels = Uint8Array.from(
    { length: count * 36 },
    (_, at) => labels[Math.floor(at / 36)]! * 90 + random() * 99 + lift,
  )
  return { name: 'shades', shape: [1, 6, 6], pixels, labels, classes: ['dark', 'light'] }
}

const net = model([1, 6, 6], { conv: conv2d({ out: 2, kernel: 3 }), relu: relu(), flat: view(-1, 32), fc: linear(2) })
const data = shades(40)
const options: TrainOptions = { epochs: 3, batch: 8, optimizer: adam(), validation: 8, seed: 5, beat: 0 }

/** The checkpoint after some steps, and the hash at the end. */
async function runTo(steps: number, more: TrainOptions = {}, set = data) {
  const run = train(net, set, { ...options, ...more })
  let [kept, hash, step]: [Checkpoint | undefined, string, number] = [undefined, '', 0]
  for await (const event of run) {
    if (event.event === 'step' && ++step === steps) kept = run.checkpoint()
    if (event.event === 'done') hash = event.weightsHash
  }
  return { checkpoint: kept!, hash }
}

let whole: { checkpoint: Checkpoint; hash: string }
beforeAll(async () => {
  whole = await runTo(6)
})

test('a run goes on from its checkpoint, by way of a file, to the same weights', async () => {
  const resume = readCheckpoint(net, writeCheckpoint(net, whole.checkpoint), 'c')
  expect((await runTo(1, { resume, threads: 2, beat: 1 })).hash).toBe(whole.hash)
})

describe('another recipe, network or data set is refused, and the difference is named', () => {
  test.each<[string, TrainOptions, Dataset?]>([
    ['the checkpoint has seed 5, not 6', { seed: 6 }],
    ['epochs: 3, not 4', { epochs: 4 }],
    ['batch: 8, not 10', { batch: 10 }],
    ['order: shuffled, not constant', { order: 'constant' }],
    ['optimizer: adam, not sgd', { optimizer: sgd() }],
    ['adam lr: 0.001, not 0.002', { optimizer: adam({ lr: 0.002 }) }],
    ['label smoothing: 0, not 0.1', { labelSmoothing: 0.1 }],
    ['augmentation: none, not [["shift",1]]', { augment: { shift: 1 } }],
    ['patience: none, not 2', { patience: 2 }],
    ['frozen: none, not conv.weight', { frozen: new Set(['conv.weight']) }],
    ['first weights: pytorch by the seed, not he by the seed', { initialisation: 'he' }],
    ['first weights: pytorch by the seed, not', { weights: initialise(net, 6) }],
    ['fast arithmetic: none, not of wasm', { fast: true, engine: 'wasm' }],
    ['validation images: 8, not 10', { validation: 10 }],
    ['training images: 32, not 30', {}, shades(38)],
    ['training data', { normalisation: { mean: [0.4], std: [0.2] } }, shades(40, 1)],
  ])('%s', async (difference, more, set = data) => {
    const first = more.normalisation
      ? (await runTo(6, { normalisation: more.normalisation })).checkpoint
      : whole.checkpoint
    const again = () => train(net, set, { ...options, ...more, resume: first })
    expect(again).toThrow(UsageError)
    expect(again).toThrow(difference)
  })

  test('an entry with other options', () => {
    const other = model([1, 6, 6], {
      conv: conv2d({ out: 2, kernel: 3 }),
      relu: relu(),
      flat: view(-1, 32),
      fc: linear(2),
      relu2: relu(),
    })
    expect(() => train(other, data, { ...options, resume: whole.checkpoint })).toThrow('entry relu2: not set, not relu')
  })
})

describe('a checkpoint that cannot be is refused', () => {
  const old = ({ fingerprint: _, ...rest }: Checkpoint): Checkpoint => rest
  const state = (change: (state: Map<string, Float32Array>) => void) => (checkpoint: Checkpoint) => {
    const copy = new Map(checkpoint.state)
    change(copy)
    return { ...checkpoint, state: copy }
  }
  test.each<[string, string, (checkpoint: Checkpoint) => object]>([
    ['epoch −1', 'stands at epoch -1', (c) => ({ ...c, epoch: -1 })],
    ['an epoch in the middle', 'stands at epoch 1.5', (c) => ({ ...c, epoch: 1.5 })],
    ['an epoch beyond the last', 'stands at epoch 1000000000', (c) => ({ ...c, epoch: 1e9 })],
    ['a step beyond the epoch', 'step 1000000; the run has', (c) => ({ ...c, step: 1e6 })],
    ['a step that the sums do not tell of', 'right of 16 samples at epoch 1, step 3', (c) => ({ ...c, step: 3 })],
    ['no state', "state of adam have no numbers for 'mean'", (c) => ({ ...c, state: new Map() })],
    ['a state cut off', 'have 3 numbers', state((all) => all.set('mean', new Float32Array(3)))],
    ['a state of another optimizer', "hold 'velocity'", state((all) => all.set('velocity', new Float32Array(3)))],
    ['memory too long', 'remembers [1,2,3,4,5]', (c) => ({ ...c, memory: [1, 2, 3, 4, 5] })],
    ['memory of null', 'remembers', (c) => ({ ...c, memory: [null, null] })],
    ['a weight missing', "no numbers for 'conv.weight'", (c) => ({ ...c, weights: new Map([...c.weights].slice(1)) })],
    ['no best epoch', 'best epoch is missing', (c) => ({ ...c, best: undefined })],
  ])('%s', (_, message, change) => {
    for (const made of [whole.checkpoint, old(whole.checkpoint)]) {
      const again = () => train(net, data, { ...options, resume: change(made) as Checkpoint })
      expect(again).toThrow(UsageError)
      expect(again).toThrow(message)
    }
  })
})

describe('as a file', () => {
  const damaged = (change: (parts: { arrays: NamedArrays; metadata: Record<string, string> }) => void) => {
    const parts = readSafetensors(writeCheckpoint(net, whole.checkpoint), 'c')
    change(parts)
    return () => readCheckpoint(net, writeSafetensors(parts.arrays, parts.metadata), 'c')
  }

  test('another position or recipe than was written is refused', () => {
    for (const part of ['position', 'fingerprint'])
      expect(
        damaged(({ metadata }) => {
          metadata[part] = metadata[part]!.replace('"seed":5', '"seed":6')
        }),
      ).toThrow('c: its checksum is not that of its contents')
  })

  test('a changed weight, a lost state and a state as integers are FormatErrors', () => {
    const weight = damaged(({ arrays }) => {
      ;(arrays.get('weights.fc.bias')!.data as Float32Array)[0] = 1
    })
    const lost = damaged(({ arrays }) => void arrays.delete('state.mean'))
    const integers = damaged(({ arrays }) => {
      arrays.set('state.mean', { dtype: 'int32', shape: [1], data: new Int32Array(1) })
    })
    for (const read of [weight, lost]) {
      expect(read).toThrow(FormatError)
      expect(read).toThrow('c: its checksum is not that of its contents')
    }
    expect(integers).toThrow("tensor 'state.mean' is int32")
  })

  test('one that says to be of version 0.1.0 and has a checksum is damaged', () => {
    const read = damaged(({ metadata }) => {
      metadata.format = 'lenet checkpoint 1'
    })
    expect(read).toThrow('c: its checksum is not that of its contents')
  })

  test.each([
    '{}',
    'null',
    '[]',
    '{"epoch":1}',
    '{"epoch":0,"step":0,"seed":5,"seconds":1,"memory":[],"running":null}',
  ])('the position %s is damaged', (position) => {
    const read = damaged(({ metadata }) => {
      metadata.position = position
    })
    expect(read).toThrow('c: its position is missing or damaged')
  })

  test('one of version 0.1.0, which says nothing of what it began with, goes on', async () => {
    const parts = readSafetensors(writeCheckpoint(net, whole.checkpoint), 'c')
    const { position } = parts.metadata
    const bytes = writeSafetensors(parts.arrays, { format: 'lenet checkpoint 1', position: position! })
    const resume = readCheckpoint(net, bytes, 'c')
    expect(resume).not.toHaveProperty('fingerprint')
    expect((await runTo(1, { resume })).hash).toBe(whole.hash)
  })
})
