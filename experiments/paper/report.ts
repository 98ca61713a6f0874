// docs/paper.md and its pictures, from what the experiments kept.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keep, type Result, readResult } from './line.ts'
import { curvePicture, invariancePictures } from './pictures.ts'
import { seeds } from './settings.ts'

const RESULTS = join(import.meta.dirname, '../results')
const DOCS = join(import.meta.dirname, '../../docs')

interface Row {
  readonly name: string
  readonly title: string
  readonly paper: number
  readonly seeds: readonly number[]
}

const rows: readonly Row[] = [
  { name: 'paper-lenet5', title: 'LeNet-5', paper: 0.95, seeds },
  { name: 'paper-lenet5-distorted', title: 'LeNet-5, distortions', paper: 0.8, seeds },
  { name: 'paper-lenet4', title: 'LeNet-4', paper: 1.1, seeds },
  { name: 'paper-boosted-lenet4', title: 'Boosted LeNet-4, distortions', paper: 0.7, seeds: [1] },
  { name: 'paper-lenet1', title: 'LeNet-1', paper: 1.7, seeds },
  { name: 'paper-15k', title: 'LeNet-5, 15,000 images', paper: 1.69, seeds },
  { name: 'paper-30k', title: 'LeNet-5, 30,000 images', paper: 1.14, seeds },
]

const resultsOf = ({ name, seeds: wanted }: Row): Result[] =>
  wanted.map((seed) => readResult(name, seed)).filter((result) => result !== undefined)
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const percentOf = ({ testErrors }: Result): number => testErrors / 100

function tableRow(row: Row): string {
  const results = resultsOf(row)
  if (results.length === 0)
    return `| ${row.title} | ${row.paper} | not run: \`npx lenet experiment ${row.name}\` | | | |`
  const errors = results.map(percentOf)
  const rejected = results.map((result) => result.rejected.toFixed(1)).join(', ')
  const hashes = results.map(({ weightsHash }) => `\`${weightsHash.slice(0, 8)}\``).join(' ')
  return `| ${row.title} | ${row.paper} | **${mean(errors).toFixed(2)}** | ${errors.map((error) => error.toFixed(2)).join(', ')} | ${rejected} | ${hashes} |`
}

interface Trial {
  readonly change: string
  readonly error: number
}

const trials = (): readonly Trial[] => JSON.parse(readFileSync(join(RESULTS, 'trials.json'), 'utf8'))

/** As read off the paper's Fig. 5, in percent, pass by pass. */
const figure5 = {
  train: [
    4.95, 3.07, 1.77, 1.48, 1.21, 0.89, 0.76, 0.68, 0.55, 0.47, 0.44, 0.42, 0.39, 0.36, 0.36, 0.36, 0.36, 0.34, 0.34,
    0.34,
  ],
  test: [
    2.67, 2.25, 1.48, 1.42, 1.42, 1.08, 1.03, 1.05, 0.97, 0.95, 0.95, 0.97, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95,
    0.95,
  ],
} as const

/** The 82 errors of Fig. 8: truth, then answer. */
const figure8 =
  '4>6 3>5 8>2 2>1 5>3 4>8 2>8 3>5 6>5 7>3 9>4 8>0 7>8 5>3 8>7 0>6 3>7 2>7 8>3 9>4 8>2 5>3 4>8 3>9 6>0 9>8 4>9 6>1 9>4 9>1 9>4 2>0 6>1 3>5 3>2 9>5 6>0 6>0 6>0 6>8 4>6 7>3 9>4 4>6 2>7 9>7 4>3 9>4 9>4 9>4 8>7 4>2 8>4 3>5 8>4 6>5 8>5 3>8 3>8 9>8 1>5 9>8 6>3 0>2 6>5 9>5 0>7 1>6 4>9 2>1 2>8 8>5 4>9 7>2 7>2 6>5 9>7 6>1 5>6 5>0 4>9 2>8'.split(
    ' ',
  )

function overlap({ confusions }: Result): number {
  const left = [...figure8]
  return confusions.filter((pair) => {
    const at = left.indexOf(pair)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  }).length
}

const averagePasses = (results: readonly Result[]) =>
  figure5.train.map((_, pass) => ({
    train: mean(results.map(({ passes }) => passes[pass]!.train)),
    test: mean(results.map(({ passes }) => passes[pass]!.test)),
  }))

function curveSection(): string[] {
  const results = resultsOf(rows[0]!)
  if (results.length === 0) return []
  const ours = averagePasses(results)
  keep(join(DOCS, 'pictures/paper-curve.svg'), curvePicture(ours, figure5))
  const line = (title: string, values: readonly number[]) =>
    `| ${title} | ${values.map((value) => value.toFixed(2)).join(' | ')} |`
  return [
    '## The learning curve',
    '',
    "Errors in percent after each pass: the mean of our seeds beside the paper's Fig. 5. Errors on training patterns are counted before each update.",
    '',
    '![Errors over passes](pictures/paper-curve.svg)',
    '',
    `| pass | ${ours.map((_, pass) => pass + 1).join(' | ')} |`,
    `|---|${ours.map(() => '---').join('|')}|`,
    line('train, paper', figure5.train),
    line(
      'train, ours',
      ours.map(({ train }) => train),
    ),
    line('test, paper', figure5.test),
    line(
      'test, ours',
      ours.map(({ test }) => test),
    ),
    '',
  ]
}

function errorsSection(): string[] {
  const [result] = resultsOf(rows[1]!).length > 0 ? resultsOf(rows[1]!) : resultsOf(rows[0]!)
  if (result === undefined) return []
  return [
    '## The errors themselves',
    '',
    `Fig. 8 shows the 82 test images that the paper's network with distortions got wrong, without their numbers in the data set: only pairs of truth and answer can be compared. Of the ${result.confusions.length} errors of \`${result.line}\`, seed ${result.seed}, **${overlap(result)}** have a partner of the same truth and answer among the 82.`,
    '',
    `Ours, truth>answer: ${result.confusions.join(' ')}.`,
    '',
  ]
}

function boostingSection(): string[] {
  const [result] = resultsOf(rows[3]!)
  if (result === undefined) return []
  const { alone, patterns, earlyExit } = result
  return [
    '## Boosting',
    '',
    `Three LeNet-4 learned from ${patterns!.map((count) => count.toLocaleString('en-US')).join(', ')} patterns. Alone they make ${alone!.join(', ')} errors, together ${result.testErrors}. Where the first is as sure as the images that its own rejection keeps (${(100 * earlyExit!.sure).toFixed(1)} % of the test images) the other two can be skipped: ${(1 + 2 * (1 - earlyExit!.sure)).toFixed(2)} networks an image on average (1.75 in the paper), ${earlyExit!.errors} errors.`,
    '',
  ]
}

interface Invariance {
  readonly model: string
  readonly change: string
  readonly amounts: readonly number[]
  readonly accuracies: readonly number[]
}

function invarianceSection(): string[] {
  const path = join(RESULTS, 'paper-invariance.json')
  if (!existsSync(path)) return []
  const curves: readonly Invariance[] = JSON.parse(readFileSync(path, 'utf8'))
  keep(join(DOCS, 'pictures/paper-invariance.svg'), invariancePictures(curves))
  const cell = (values: readonly number[]) => values.map((value) => (100 * value).toFixed(1)).join(', ')
  return [
    '## Invariance and noise',
    '',
    'The paper estimates (p. 15) that LeNet-5 bears changes of scale up to about 2, vertical shifts of half a character, and rotations up to 30 degrees, and trained one network with a tenth of the pixels inverted. Measured here, on networks that were trained without distortions or noise: test images turned or moved either way, accuracy in percent.',
    '',
    '![Accuracy over the amount of change](pictures/paper-invariance.svg)',
    '',
    '| change | amounts | lenet5 | lenet |',
    '|---|---|---|---|',
    ...[...new Set(curves.map(({ change }) => change))].map((change) => {
      const of = (model: string) => curves.find((curve) => curve.model === model && curve.change === change)!
      return `| ${change} | ${of('lenet5').amounts.join(', ')} | ${cell(of('lenet5').accuracies)} | ${cell(of('lenet').accuracies)} |`
    }),
    '',
  ]
}

export function writeReport(decisions: readonly string[]): void {
  const [first] = resultsOf(rows[0]!)
  const text = [
    '# The paper of 1998, run again',
    '',
    '"Gradient-Based Learning Applied to Document Recognition" (LeCun, Bottou, Bengio, Haffner 1998) with its drawn output codes, trainable subsampling, connection table and stochastic diagonal Levenberg-Marquardt, one pattern an update. Every figure below is of a run of `npx lenet experiment NAME`; this page is written by `npx lenet experiment paper-report`.',
    '',
    '## Errors on the 10,000 test images of MNIST, in percent',
    '',
    '| network | paper | ours, mean | seeds | set aside for 0.5 % on the rest, % | weights |',
    '|---|---|---|---|---|---|',
    ...rows.map(tableRow),
    '',
    `The paper calls its own uncertainty about 0.1 %. The last pass counts, not the best. A seed takes ${first ? `${Math.round(first.seconds / 60)} minutes` : 'minutes'} on one core of a machine that had other work (${first?.machine ?? ''}); the paper's took two to three days.`,
    '',
    ...decisions,
    '## What was tried',
    '',
    'LeNet-5 unless said otherwise, 12 passes over 50,000 images, error on the 10,000 validation images that were taken from the training set, one seed. The test images had no part in this.',
    '',
    '| variant | validation error, % |',
    '|---|---|',
    ...trials().map(({ change, error }) => `| ${change} | ${error.toFixed(2)} |`),
    '',
    ...curveSection(),
    ...errorsSection(),
    ...boostingSection(),
    ...invarianceSection(),
  ]
  keep(join(DOCS, 'paper.md'), `${text.join('\n').trimEnd()}\n`)
}
