// From a folder of one's own to answers, as a user goes: no option on the way.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { drawShapes, shapeNames } from './testing/shapes.ts'
import { userNamed } from './testing/user.ts'

const { path, lenet } = userNamed('folder')
const jsonOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line))

await drawShapes(path('shapes'), { seed: 1, count: 120, size: 64 })
await drawShapes(path('fresh'), { seed: 101, count: 50, size: 64 })
const trained = lenet('train', 'shapes', '--out', 'run')

test('480 pictures of four shapes are enough to know 95 of 100 fresh ones', () => {
  expect(trained.stdout).toContain('Pictures of each class of shapes: circle 120, cross 120, square 120, triangle 120')
  expect(trained.stdout).toContain('384 pictures are few: they are gone through 80 times (--epochs)')
  expect(trained.stdout).toContain('Pictures are made 32x32, in colour, stretched')
  const answers = jsonOf(lenet('predict', 'run', ...shapeNames.map((name) => `fresh/${name}`), '--json').lines)
  const right = answers.filter(({ file, label }) => file.startsWith(`fresh/${label}/`)).length
  expect(answers).toHaveLength(200)
  expect(right).toBeGreaterThanOrEqual(190)
})

test('what was settled is in config.json, and --resume keeps to it', () => {
  const config = JSON.parse(readFileSync(path('run/config.json'), 'utf8'))
  expect(config).toMatchObject({ epochs: 80, channels: 3, augment: { shift: 2 } })
  expect(lenet('train', '--resume', '--out', 'run').status).toBe(0)
  const plain = lenet('train', 'shapes', '--epochs', '1', '--augment', 'none', '--out', 'plain')
  expect(plain.stdout).not.toContain('are few')
  expect(JSON.parse(readFileSync(path('plain/config.json'), 'utf8')).augment).toBeUndefined()
})

test('grey pictures train a network of one channel, of the size and preparation that were said', async () => {
  for (const [name, background] of [
    ['dark', '#333'],
    ['light', '#ccc'],
  ]) {
    mkdirSync(path('grey', name!), { recursive: true })
    for (let n = 0; n < 5; n++)
      await sharp({ create: { width: 60, height: 30, channels: 3, background: background! } })
        .png()
        .toFile(path('grey', name!, `${n}.png`))
  }
  const { stdout } = lenet('train', 'grey', '--epochs', '1', '--size', '48', '--prepare', 'fit', '--out', 'small')
  expect(stdout).toContain('Pictures are made 48x48, grey, whole, with their proportions')
  expect(lenet('summary', 'small').stdout).toContain('1×48×48')
  const model = readFileSync(path('small/model.safetensors'), 'latin1')
  expect(model).toContain('fit')
  expect(lenet('predict', 'small', 'grey/dark/0.png').status).toBe(0)
  for (const options of [
    ['--from', 'run'],
    ['--prepare', 'digit'],
    ['--model', 'lenet5'],
  ])
    expect(lenet('train', 'grey', '--size', '48', ...options, '--out', 'no').status).toBe(2)
})

test('predict tells the best, writes a table, and says where it is not sure', () => {
  writeFileSync(path('bad, too.png'), 'no picture')
  const pictures = ['fresh/circle', 'fresh/cross', 'bad, too.png']
  const answers = jsonOf(lenet('predict', 'run', ...pictures, '--top', '2', '--unsure', '0.9', '--json').lines)
  expect(answers).toHaveLength(101)
  for (const { label, probability, top, unsure } of answers.slice(0, 100)) {
    expect(top).toHaveLength(2)
    expect(top[0]).toEqual({ label, probability })
    expect(unsure).toBe(probability < 0.9)
  }
  const written = lenet('predict', 'run', ...pictures, '--top', '2', '--unsure', '0.9', '--csv', 'answers.csv')
  const sure = answers.slice(0, 100).filter(({ unsure }) => !unsure).length
  expect(written.status).toBe(1)
  expect(written.lines).toEqual([
    'Wrote answers.csv (101 pictures)',
    `Sure of ${sure} of 100 pictures (coverage ${sure}.0 %)`,
  ])
  const rows = readFileSync(path('answers.csv'), 'utf8').trimEnd().split('\n')
  expect(rows[0]).toBe('file,answer,label,probability,label_2,probability_2,error')
  expect(rows.slice(0, -1).filter((row) => row.split(',')[1] === '')).toHaveLength(100 - sure)
  expect(rows.at(-1)).toMatch(/^"bad, too\.png",,,,,,"?is no picture that can be decoded/)
  const all = lenet('predict', 'run', 'fresh/cross/0.png', 'fresh/cross/1.png', '--unsure', '1', '--show')
  expect(all.stdout.match(/not sure: /g)).toHaveLength(2)
  expect(all.stdout.match(/What the network sees:/g)).toHaveLength(2)
  expect(lenet('predict', 'run', 'fresh', '--unsure', '2').status).toBe(2)
})

test('a share of the training pictures chooses the epoch; a folder with val has its own', async () => {
  const { stdout } = lenet('train', 'shapes', '--epochs', '2', '--validation', '25%', '--out', 'share')
  expect(stdout).toContain('288 training images, 96 for validation, 96 test images')
  const config = JSON.parse(readFileSync(path('share/config.json'), 'utf8'))
  expect([config.validation, config.validationShare]).toEqual([96, undefined])
  for (const [name, seed] of [
    ['train', 2],
    ['VALID', 3],
  ] as const)
    await drawShapes(path('split', name), { seed, count: 5, size: 32 })
  const told = lenet('train', 'split', '--epochs', '2', '--early-stop', '1', '--out', 'split-run')
  expect(told.stdout).toContain('16 training images, 20 for validation, 4 test images')
  expect(told.stdout).toMatch(/The model is that of epoch \d, the best by validation/)
  for (const value of ['5', '20%', '0%', 'x%'])
    expect(lenet('train', 'split', '--validation', value, '--out', 'no').status).toBe(2)
})

test('a class of one picture is said', () => {
  writeFileSync(path('one.csv'), 'path,label\ngrey/dark/0.png,a\ngrey/dark/1.png,a\ngrey/light/0.png,b\n')
  const { stderr } = lenet('train', 'one.csv', '--epochs', '1', '--out', 'one')
  expect(stderr).toContain('One picture each: b. It is trained on, and nothing measures these classes')
})

test('runs are listed, the best first', () => {
  for (const [name, epochs] of [
    ['short', '1'],
    ['long', '12'],
  ])
    lenet('train', 'shapes', '--epochs', epochs!, '--out', `kept/${name}`)
  mkdirSync(path('kept/broken'))
  writeFileSync(path('kept/broken/config.json'), '{}')
  const { lines, stderr } = lenet('runs', 'kept', '--json')
  const runs = jsonOf(lines)
  expect(runs).toHaveLength(2)
  expect(runs[0].testAccuracy).toBeGreaterThanOrEqual(runs[1].testAccuracy)
  expect(runs[0]).toMatchObject({ data: 'shapes', model: 'lenet', state: 'done' })
  expect(stderr).toContain('kept/broken/config.json')
  expect(lenet('runs', 'kept').stdout).toContain(runs[0].weightsHash.slice(0, 12))
  expect(lenet('runs', 'nowhere').status).toBe(2)
})
