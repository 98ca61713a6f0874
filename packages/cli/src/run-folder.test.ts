// What a run folder may hold: whatever else stands in its files is refused, and said.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FormatError } from 'lenet'
import { afterAll, expect, test } from 'vitest'
import { resolveFlags } from './commands/train-options.ts'
import { createContext } from './context.ts'
import { readConfig, readMetrics, writeConfig, writeMetrics } from './run-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'lenet-folder-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const epoch = (number: number) =>
  ({
    event: 'epoch',
    epoch: number,
    epochs: 3,
    trainLoss: 0.5,
    trainAccuracy: 0.9,
    learningRate: 0.1,
    imagesPerSecond: 1,
    seconds: 1,
  }) as const
const line = (value: unknown) => `${JSON.stringify(value)}\n`

test('epochs and how a run ended are read as they were written', async () => {
  const metrics = [epoch(1), epoch(2), { event: 'diverged', message: 'train: the loss is NaN' }] as const
  await writeMetrics(folder, metrics)
  expect(await readMetrics(folder)).toEqual(metrics)
})

test.each([
  ['line 1: is no event of a run: null', line(null)],
  ['line 1: is no event of a run: {"event":"epoch"}', line({ event: 'epoch' })],
  ['line 1: is no event of a run: {"event":"diverged"}', line({ event: 'diverged' })],
  ['line 2: is not JSON: {"event"', `${line(epoch(1))}{"event"`],
  ['line 2: tells of epoch 1 where epoch 2 is wanted', line(epoch(1)) + line(epoch(1))],
  ['line 1: tells of epoch 2 where epoch 1 is wanted', line(epoch(2))],
  ["line 1: says 'diverged', and more lines follow", line({ event: 'diverged', message: '' }) + line(epoch(2))],
])('metrics: %s', async (message, text) => {
  writeFileSync(join(folder, 'metrics.jsonl'), text)
  await expect(readMetrics(folder)).rejects.toThrow(FormatError)
  await expect(readMetrics(folder)).rejects.toThrow(message)
})

const config = resolveFlags(createContext({ lang: 'en' }), 'pictures', {
  recipe: 'speedrun',
  from: 'a.pth',
  as: 'lenet',
})

test('a configuration is read as it was written, also one of a model of 1998', async () => {
  for (const one of [config, resolveFlags(createContext({ lang: 'en' }), undefined, { model: 'lenet5' })]) {
    await writeConfig(folder, { ...one, versions: { lenet: '0.1.0' } })
    expect(await readConfig(folder)).toEqual({ ...one, versions: { lenet: '0.1.0' } })
  }
})

test.each<[string, object]>([
  ['its epochs is missing; it is a whole number from 0', { epochs: undefined }],
  ['its batch is "64"; it is a whole number from 0', { batch: '64' }],
  ['its validation is null; it is a whole number from 0', { validation: null }],
  ['its fast is "yes"; it is true or false', { fast: 'yes' }],
  ['its lr is null; it is a number', { lr: Number.NaN }],
  ['its augment is 3; it is an object of plain values', { augment: 3 }],
  ["has 'momentun', which no run of this version has", { momentun: 0.9 }],
])('config: %s', async (message, change) => {
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, ...change }))
  await expect(readConfig(folder)).rejects.toThrow(FormatError)
  await expect(readConfig(folder)).rejects.toThrow(`config.json: ${message}`)
})

test.each(['', 'null', '[]', '3'])('config: %s is none', async (text) => {
  writeFileSync(join(folder, 'config.json'), text)
  await expect(readConfig(folder)).rejects.toThrow(/config.json: is (not JSON|no JSON object)/)
})
