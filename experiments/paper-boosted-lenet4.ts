// Boosted LeNet-4 with distortions: 0.7 % in the paper. The second network learns from patterns of which the first gets half
// wrong, the third from patterns about which the two disagree; their outputs are added. Patterns come from a stream of
// distorted images.
import { createAugmenter, createRandom, type Dataset, type TrainedModel, writeModel } from 'lenet'
import {
  judge,
  keep,
  keepResult,
  measured,
  readMnist,
  readResult,
  type Tools,
  trainAsIn1998,
  weightsPath,
} from './paper/line.ts'
import { distortions, squashed } from './paper/settings.ts'

const NAME = 'paper-boosted-lenet4'
const SEED = 1
/** Times that the training set is distorted anew to find patterns. */
const ROUNDS = 24

export async function run(tools: Tools): Promise<void> {
  if (readResult(NAME, SEED)) return tools.say('Boosted LeNet-4: done before')
  const began = performance.now()
  const { train, test } = await readMnist([1, 32, 32], tools)
  const learn = (data: Dataset, at: number) =>
    trainAsIn1998(
      { model: 'lenet4', ...squashed, ...(at === 1 && { augment: distortions }) },
      data,
      { seed: SEED + at - 1 },
      async (_, error) => tools.say(`Boosted LeNet-4, network ${at}: train ${error.toFixed(2)} %`),
    )
  const first = await learn(train, 1)
  const halfWrong = await filter(train, [first], 1, tools)
  const second = await learn(halfWrong, 2)
  const disputed = await filter(train, [first, second], 2, tools)
  const third = await learn(disputed, 3)
  const models = [first, second, third]
  for (const [at, model] of models.entries()) keep(weightsPath(`${NAME}-${at + 1}`, SEED), writeModel(model))
  const answers = await Promise.all(models.map((model) => model.evaluate(test)))
  const together = answers[0]!.scores.map((score, at) => score + answers[1]!.scores[at]! + answers[2]!.scores[at]!)
  const verdict = judge(together, false, test)
  keepResult({
    line: NAME,
    seed: SEED,
    command: `npx lenet experiment ${NAME}`,
    passes: [],
    ...(await measured(first, answers[0]!, test)),
    ...verdict,
    testErrors: verdict.wrong.length,
    alone: answers.map(({ evaluation }) => evaluation.errors),
    patterns: [train, halfWrong, disputed].map(({ labels }) => labels.length),
    ...earlyExit(answers[0]!.scores, together, test),
    seconds: (performance.now() - began) / 1000,
    machine: process.version,
    date: new Date().toISOString().slice(0, 10),
  })
  tools.say(`Boosted LeNet-4: ${verdict.wrong.length} errors`)
}

/** Distorted patterns that one network gets wrong, with as many that it gets right; or those about which two disagree. */
async function filter(
  train: Dataset,
  models: readonly TrainedModel[],
  purpose: number,
  { say }: Tools,
): Promise<Dataset> {
  const size = train.pixels.length / train.labels.length
  const distort = createAugmenter({ ...distortions, share: 1 }, train.shape)
  const chosen: { pixels: Uint8Array; label: number }[] = []
  let wanted = 0
  for (let round = 0; round < ROUNDS; round++) {
    const pixels = new Uint8Array(train.pixels.length)
    for (let n = 0; n < train.labels.length; n++) {
      const random = createRandom(SEED, 'augment', 1000 * purpose + round, n)
      distort(train.pixels as Uint8Array, n * size, pixels, n * size, random)
    }
    const stream: Dataset = { ...train, pixels }
    const answers = await Promise.all(models.map(async (model) => (await model.evaluate(stream)).answers))
    train.labels.forEach((label, n) => {
      const [a, b] = answers.map((each) => each[n]!)
      const isHard = b === undefined ? a !== label : a !== b
      if (isHard && models.length === 1) wanted++
      if (!isHard && (models.length > 1 || wanted === 0)) return
      if (!isHard) wanted--
      chosen.push({ pixels: pixels.slice(n * size, (n + 1) * size), label })
    })
    say(`Boosted LeNet-4: ${chosen.length} patterns after ${(round + 1) * train.labels.length}`)
  }
  const all = new Uint8Array(chosen.length * size)
  for (const [n, { pixels }] of chosen.entries()) all.set(pixels, n * size)
  return { ...train, pixels: all, labels: Uint8Array.from(chosen, ({ label }) => label) }
}

/** The share of images on which the first network is sure enough that the other two change nothing, and the errors then. */
function earlyExit(first: Float32Array, together: Float32Array, test: Dataset) {
  const alone = judge(first, false, test)
  const all = judge(together, false, test)
  const margins = Array.from(test.labels, (_, n) => {
    const row = first.slice(n * 10, n * 10 + 10).sort()
    return row[9]! - row[8]!
  })
  // Sure enough: as sure as what the paper's rejection keeps.
  const threshold = margins.toSorted((a, b) => a - b)[Math.floor((alone.rejected / 100) * margins.length)] ?? 0
  const wrongAlone = new Set(alone.wrong)
  const wrongTogether = new Set(all.wrong)
  let errors = 0
  let sure = 0
  margins.forEach((margin, n) => {
    if (margin >= threshold) sure++
    if (margin >= threshold ? wrongAlone.has(n) : wrongTogether.has(n)) errors++
  })
  return { earlyExit: { sure: sure / margins.length, errors } }
}
