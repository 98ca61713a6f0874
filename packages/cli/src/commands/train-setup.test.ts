// What is trained on, and from what: the data set's parts, and the model to start from.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import {
  conv2d,
  globalAvgPool2d,
  initialise,
  linear,
  model,
  modelNamed,
  readModel,
  relu,
  saveModel,
  trainedModel,
} from 'lenet'
import { beforeAll, describe, expect, test } from 'vitest'
import { makePictures, userNamed } from '../testing/user.ts'

const { lenet, path } = userNamed('setup')
const WASM = ['--engine', 'wasm', '--threads', '1']
const SMALL = ['train', 'shades', '--epochs', '3', '--batch', '4', ...WASM]

beforeAll(async () => {
  await makePictures(path('shades'), { count: 12, size: 8 }, { dark: () => 20, light: () => 200 })
})

describe('what is trained on, and from what', () => {
  test('with --validation the run is the best epoch, and says so', () => {
    const { stdout, status } = lenet(
      ...['train', '--limit', '1200', '--validation', '200', '--epochs', '9', '--early-stop', '1'],
      ...['--lr', '0.2', '--schedule', 'constant', '--out', 'best', ...WASM],
    )
    expect(status).toBe(0)
    const [, stopped, patience] = /Stopped after epoch (\d+): no better validation for (\d+) epoch/.exec(stdout)!
    expect(stdout).toContain(`The model is that of epoch ${Number(stopped) - Number(patience)}, the best by validation`)
    const done = JSON.parse(readFileSync(path('best/metrics.jsonl'), 'utf8').trim().split('\n').at(-1)!)
    expect(done).toMatchObject({
      bestEpoch: Number(stopped) - 1,
      noBetterFor: 1,
      validationAccuracy: expect.any(Number),
    })
    expect(JSON.parse(lenet('eval', 'best', '--json').stdout).accuracy).toBe(done.testAccuracy)
    expect(readdirSync(path('best'))).not.toContain('best.safetensors')
  })

  test('--limit takes of every class of a folder; fewer than classes are refused', () => {
    const { status, stdout } = lenet(...SMALL, '--limit', '6', '--hold-out', '0', '--out', 'limited')
    expect(status).toBe(0)
    expect(stdout).toContain('6 training images\n')
    // One class alone would be refused as such.
    expect(lenet(...SMALL, '--limit', '1', '--out', 'x').stderr).toContain('1 images are to be taken of 2 classes')
  })

  test('a folder without test images is measured on a fifth that was held back, unless none is', () => {
    const { stdout } = lenet(...SMALL, '--out', 'held')
    expect(stdout).toContain('20 training images, 4 test images')
    expect(stdout).toContain('20 % of every class are held back')
    expect(stdout).toContain('of 4 wrong')
    expect(stdout).toContain('predict held picture.png')
    const { stdout: all } = lenet(...SMALL, '--hold-out', '0', '--out', 'unheld')
    expect(all).toContain('24 training images\n')
    expect(all).toContain('nothing tells how it does on new ones')
    expect(JSON.parse(readFileSync(path('unheld/config.json'), 'utf8'))).not.toHaveProperty('holdOut')
    const { stdout: few, stderr } = lenet(...SMALL, '--hold-out', '0.01', '--out', 'few')
    expect(stderr).toBe('No class has enough pictures for --hold-out 0.01: there are no test images\n')
    expect(few).toContain('24 training images\n')
    expect(lenet(...SMALL, '--hold-out', '0.95', '--out', 'x').stderr).toContain('from 0 to 0.9')
    expect(lenet('train', '--hold-out', '0.1', '--out', 'x').stderr).toContain(
      "--hold-out does not go with 'mnist', which has 10000 test images of its own",
    )
  })

  test('a folder is read at the size of the model to start from', async () => {
    // At half the size a board of single pixels is grey.
    await makePictures(
      path('boards'),
      { count: 10, size: 64 },
      {
        board: (at) => ((at + Math.floor(at / 64)) % 2) * 200,
        grey: () => 100,
      },
    )
    const net = model([3, 64, 64], {
      conv: conv2d({ out: 4, kernel: 3 }),
      relu: relu(),
      pool: globalAvgPool2d(),
      fc: linear(2),
    })
    const begun = trainedModel({
      net,
      weights: initialise(net, 1),
      classes: ['board', 'grey'],
      normalisation: { mean: [0.4, 0.4, 0.4], std: [0.3, 0.3, 0.3] },
      preparation: 'picture',
    })
    writeFileSync(path('begun.safetensors'), saveModel(begun, 'begun.safetensors').bytes)
    const { lines, status } = lenet(
      ...['train', 'boards', '--from', 'begun.safetensors', '--epochs', '12', '--batch', '4', '--lr', '0.05'],
      ...[...WASM, '--json'],
    )
    expect(status).toBe(0)
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ testAccuracy: 1 })
  })

  test('--from takes what a bare file of weights does not say, and refuses what it says otherwise', () => {
    const net = modelNamed('lenet', { channels: 1 })
    const normalisation = { mean: [0.1], std: [0.3] }
    const classes = [...'0123456789']
    const bare = { net, weights: initialise(net, 1), classes, normalisation, preparation: 'digit' } as const
    writeFileSync(path('bare.pth'), saveModel(bare, 'bare.pth').bytes)
    writeFileSync(path('told.safetensors'), saveModel(bare, 'told.safetensors').bytes)
    const short = ['train', '--limit', '200', '--epochs', '1', ...WASM]
    const { status } = lenet(
      ...[...short, '--from', 'bare.pth', '--as', 'lenet-tanh', '--mean', '0.2', '--std', '0.4', '--out', 'tanh'],
    )
    expect(status).toBe(0)
    const made = readModel(new Uint8Array(readFileSync(path('tanh/model.safetensors'))))
    expect(made.normalisation).toEqual({ mean: [0.2], std: [0.4] })
    expect(made.net.entries[1]!.layer.definition.name).toBe('tanh')
    const refused = (...args: string[]) => {
      const { stderr, status } = lenet(...short, '--out', 'x', ...args)
      expect(status).toBe(2)
      return stderr
    }
    expect(refused('--from', 'told.safetensors', '--as', 'lenet-tanh')).toContain(
      'told.safetensors: the file says which layers it has, but a model was given as well',
    )
    expect(refused('--from', 'bare.pth', '--model', 'lenet')).toContain(
      '--from and --model do not go together\nhint: --as',
    )
    expect(refused('--as', 'lenet')).toContain('--as needs --from')
  })

  test('an optimizer that brings another network with it says so', () => {
    const { stdout } = lenet('train', '--optimizer', 'sdlm', '--limit', '60', '--epochs', '1', '--out', 'sdlm', ...WASM)
    expect(stdout).toContain('Recipe lecun1998, model lenet5: --optimizer sdlm calls for it')
    expect(lenet(...SMALL, '--out', 'usual').stdout).not.toContain('Recipe')
  })
})
