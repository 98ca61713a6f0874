// What the command says of one's own pictures, as a user runs it: nothing is left out or measured without a word.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mnist } from 'lenet/node'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { userNamed } from './testing/user.ts'

const { path, ...user } = userNamed('pictures')

function lenet(...args: string[]) {
  const answer = user.lenet(...args)
  return { ...answer, json: () => answer.lines.map((line) => JSON.parse(line)) }
}

/** Digits of MNIST as scans: large, dark on white paper, with a margin. */
async function scan(count: number): Promise<void> {
  const { pixels, labels, classes } = (await mnist()).test!
  for (let n = 0; n < count; n++) {
    const ink = Uint8Array.from(pixels.subarray(n * 784, (n + 1) * 784), (value) => 255 - value)
    const place = path('scans', classes[labels[n]!]!)
    mkdirSync(place, { recursive: true })
    await sharp(ink, { raw: { width: 28, height: 28, channels: 1 } })
      .resize(84, 84)
      .extend({ top: 9, bottom: 20, left: 15, right: 15, background: '#fff' })
      .png()
      .toFile(join(place, `${n}.png`))
  }
}

await scan(70)
lenet('train', '--limit', '4000', '--epochs', '2', '--out', 'run')
const evaluated = lenet('eval', 'run', 'scans', '--json')
const [report] = evaluated.json()

test('eval prepares the pictures of a folder exactly as predict does', () => {
  const answers = lenet('predict', 'run', ...'0123456789'.split('').map((name) => `scans/${name}`), '--json').json()
  const right = answers.filter(({ file, label }) => file.startsWith(`scans/${label}/`)).length
  expect(answers).toHaveLength(70)
  expect(report.errors).toBe(70 - right)
  expect(report.accuracy).toBeGreaterThan(0.8)
  const stretched = lenet('eval', 'run', 'scans', '--prepare', 'picture', '--json').json()[0]
  expect(stretched.accuracy).toBeLessThan(0.5)
})

test('train prepares the pictures of a folder as the model says that it starts from', () => {
  const { json } = lenet('train', 'scans', '--from', 'run', '--lr', '1e-9', '--epochs', '1', '--out', 'tuned', '--json')
  const { testAccuracy } = json().at(-1)
  expect(testAccuracy).toBeGreaterThan(0.7)
  const [tuned] = lenet('eval', 'tuned', '--json').json()
  expect(tuned).toMatchObject({ accuracy: testAccuracy, on: 'held out' })
  expect(lenet('train', 'scans', '--prepare', 'none', '--out', 'no').stderr).toContain('give one of digit, picture')
  expect(lenet('train', '--prepare', 'digit', '--out', 'no').stderr).toContain('--prepare and mnist do not go together')
})

test('eval names its classes, what it measures on, and every mistake with its file', () => {
  expect(report).toMatchObject({ data: 'scans', on: 'pictures', samples: 70, classes: [...'0123456789'], leftOut: [] })
  expect(report.mistakes).toHaveLength(report.errors)
  for (const { file, index, truth, answer, probability } of report.mistakes) {
    expect(file).toMatch(new RegExp(`^scans/${truth}/\\d+\\.png$`))
    expect(answer).not.toBe(truth)
    expect(index).toBeLessThan(70)
    expect(probability).toBeGreaterThan(0)
  }
  const told = lenet('eval', 'run', 'scans').stdout
  expect(told).toContain('Measured on the pictures of scans')
  expect(told).toContain(report.mistakes[0].file)
  expect(lenet('eval', 'run').stdout).toMatch(/Measured on the test images of mnist[\s\S]+image \d+: \d read as \d/)
})

test('eval says how good the answers are, class by class, and leaves a page of mistakes', () => {
  const { measures, interval, top, calibration, macroF1, confusion, accuracy } = report
  expect(measures.map(({ name }: { name: string }) => name)).toEqual([...'0123456789'])
  const column = (k: number) => confusion.reduce((sum: number, row: number[]) => sum + row[k]!, 0)
  expect(measures[3].precision).toBeCloseTo(confusion[3][3] / column(3), 12)
  expect(measures[3].support).toBe(confusion[3].reduce((a: number, b: number) => a + b, 0))
  expect(interval[0]).toBeLessThan(accuracy)
  expect(interval[1]).toBeGreaterThan(accuracy)
  expect(top[3]).toBeGreaterThanOrEqual(accuracy)
  expect(top[5]).toBeGreaterThanOrEqual(top[3])
  expect(calibration.bins.reduce((sum: number, bin: { samples: number }) => sum + bin.samples, 0)).toBe(70)
  const { stdout } = lenet('eval', 'run', 'scans', '--report', 'figures')
  expect(stdout).toMatch(new RegExp(`^mean +${macroF1.toFixed(3)} +70$`, 'm'))
  expect(stdout).toMatch(/The true accuracy lies between \d+\.\d\d % and \d+\.\d\d %/)
  expect(stdout).toContain('Wrote figures/mistakes.html, figures/confusion.svg, figures/reliability.svg')
  const page = readFileSync(path('figures/mistakes.html'), 'utf8')
  for (const { file } of report.mistakes) expect(page).toContain(file)
  expect(page.match(/<figure>/g)).toHaveLength(report.errors)
})

test('data sets that are prepared already are not prepared again', () => {
  const { status, stderr } = lenet('eval', 'run', '--prepare', 'digit')
  expect(stderr).toBe('lenet eval: --prepare and mnist do not go together\n')
  expect(status).toBe(2)
  expect(lenet('predict', 'run', 'scans/7/0.png', '--prepare', 'none').stderr).toContain(
    'scans/7/0.png: is 114x113 but the model takes 32x32',
  )
  // Of a folder of which nothing can be read, the reason is said of its pictures.
  const none = lenet('eval', 'run', 'scans', '--prepare', 'none').stderr
  expect(none).toMatch(/^scans\/\d\/\d+\.png: left out: is 114x113 but the model takes 32x32\n/)
  expect(none).toContain("\nscans: none of the pictures of class '0' can be read\n")
})

test('predict gives a line for every picture, also for one that failed', () => {
  writeFileSync(path('broken.png'), 'no picture')
  const { status, stderr, json } = lenet('predict', 'run', 'none.png', 'scans/7/0.png', 'broken.png', '--json')
  expect(status).toBe(1)
  expect(json()).toEqual([
    { file: 'none.png', error: 'does not exist' },
    expect.objectContaining({ file: 'scans/7/0.png', label: expect.any(String) }),
    { file: 'broken.png', error: expect.stringContaining('is no picture that can be decoded') },
  ])
  expect(stderr).toContain('none.png: does not exist')
})

test('predict takes a folder for all pictures in it, and one without any is explained', () => {
  expect(lenet('predict', 'run', 'scans/7', '--json').json().length).toBeGreaterThan(3)
  expect(lenet('predict', 'run', 'scans', '--json').json()).toHaveLength(70)
  mkdirSync(path('nothing'))
  const { status, stderr } = lenet('predict', 'run', 'nothing')
  expect(stderr).toContain('nothing: has no pictures; lenet reads .png')
  expect(status).toBe(2)
})

/** What the run of the folder says that it kept from training. */
function holdBack(holdOut: object | undefined): void {
  const file = path('own/config.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), holdOut }))
}

test('what a folder holds and eval does not count is said', async () => {
  const [green, red] = ['#0a0', '#a00'].map((background) =>
    sharp({ create: { width: 20, height: 20, channels: 3, background } }).png(),
  )
  for (const place of ['shapes/green', 'shapes/red/deep', 'shapes/__MACOSX'])
    mkdirSync(path(place), { recursive: true })
  for (let n = 0; n < 6; n++) {
    await green!.clone().toFile(path('shapes/green', `${n}.png`))
    await red!.clone().toFile(path('shapes/red', `${n}.png`))
  }
  await red!.clone().toFile(path('shapes/red/deep/7.png'))
  lenet('train', 'shapes', '--epochs', '1', '--batch', '4', '--out', 'own')
  holdBack(undefined)
  writeFileSync(path('shapes/red/8.png'), 'no picture')
  const { stdout, stderr } = lenet('eval', 'own', 'shapes')
  expect(stdout).toContain('Pictures of each class of shapes: green 6, red 7')
  expect(stdout).toContain('1 picture was left out: no answer, not counted')
  expect(stderr.split('\n').sort()).toEqual([
    '',
    'shapes/red/8.png: left out: is no picture that can be decoded: Input buffer contains unsupported image format',
  ])
  const { leftOut, samples, on } = lenet('eval', 'own', 'shapes', '--json').json()[0]
  expect(leftOut.map(({ file }: { file: string }) => file)).toEqual(['shapes/red/8.png'])
  expect([samples, on]).toEqual([13, 'training'])
  const refused = lenet('eval', 'own', 'shapes', '--strict')
  expect(refused.stderr).toContain('shapes/red/8.png: is no picture that can be decoded')
  expect(refused.status).toBe(3)
})

test('a run on a folder is measured on what it held back', () => {
  rmSync(path('shapes/red/8.png'))
  holdBack({ share: 0.34, seed: 5 })
  const told = lenet('eval', 'own').stdout
  expect(told).toContain('Measured on the images of shapes that were held back from training')
  expect(told).toContain('of 4 wrong')
  // Pictures that came later would change what is drawn, and training images would be measured.
  holdBack({ share: 0.34, seed: 5, of: 14 })
  const { status, stderr } = lenet('eval', 'own')
  expect(stderr).toContain('lenet eval: shapes has 13 pictures, and had 14 when the run began')
  expect(status).toBe(2)
})

test('a picture in the place of another is noticed, where others would be measured than were held back', () => {
  rmSync(path('own'), { recursive: true })
  lenet('train', 'shapes', '--epochs', '1', '--batch', '4', '--out', 'own')
  expect(lenet('eval', 'own').stdout).toContain('that were held back from training')
  renameSync(path('shapes/red/0.png'), path('shapes/red/9.png'))
  const { status, stderr } = lenet('eval', 'own')
  expect(stderr).toContain('lenet eval: shapes holds other pictures than when the run began')
  expect(status).toBe(2)
})

test('a folder of data that is not there, or holds no such data set, is said', () => {
  expect(lenet('eval', 'run', '--data-dir', 'nowhere').stderr).toBe(
    "lenet eval: --data-dir 'nowhere' is no folder; give one that exists\n",
  )
  expect(lenet('eval', 'run', '--data-dir', 'scans').stderr).toMatch(/^scans holds no mnist; it is read from /)
})
