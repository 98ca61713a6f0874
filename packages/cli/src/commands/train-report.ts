// What `lenet train` tells people: what is about to be trained, and how it ended.
import {
  type Checkpoint,
  type DoneEvent,
  type EpochEvent,
  recipeFor,
  type Splits,
  summarise,
  trainingEngine,
  wilsonInterval,
} from 'lenet'
import type { Context } from '../context.ts'
import { curveText } from '../curve-text.ts'
import { count, duration, percent } from '../numbers.ts'
import type { TrainFlags } from './train-options.ts'
import type { RunSetup } from './train-setup.ts'

/** Where an option brings a whole recipe with it, another network and other rates than the usual, that is said. */
export function tellRecipe({ say, messages }: Context, flags: TrainFlags, model: string): void {
  const name = recipeFor(flags.model, flags.optimizer)
  if (flags.recipe !== undefined || name === 'default') return
  const cause = flags.model === undefined ? `--optimizer ${flags.optimizer}` : `--model ${flags.model}`
  say(messages.train.recipe(name, model, cause))
}

export function describe(
  { say, messages }: Context,
  { config, net, data: { train, validation, test } }: RunSetup,
  checkpoint: Checkpoint | undefined,
): void {
  const texts = messages.train
  say(
    texts.data(
      count(train.labels.length - config.validation),
      config.validation > 0 ? count(config.validation) : validation && count(validation.labels.length),
      test && count(test.labels.length),
    ),
  )
  const { files, preparation, shape } = train
  if (files && preparation !== 'digit')
    say(
      texts.pictures(
        `${shape[2]}x${shape[1]}`,
        texts.colours[shape[0] === 1 ? 'grey' : 'rgb'],
        texts.ways[preparation ?? 'picture'],
      ),
    )
  if (config.holdOut) say(texts.heldOut(percent(config.holdOut.share, 0)))
  say(texts.model(config.model, count(summarise(net).parameters)))
  const engine = trainingEngine(config.engine)
  say(texts.engine(config.fast ? texts.fastEngine(engine) : engine, config.threads, config.seed))
  if (checkpoint) say(texts.resumed(checkpoint.epoch + 1, checkpoint.step))
  say()
}

export interface Ending {
  readonly folder: string
  readonly data: Splits
  readonly epochs: readonly EpochEvent[]
  readonly done: DoneEvent
}

export function conclude(context: Context, { folder, data, epochs, done }: Ending): void {
  const { say, messages, paint, stdout } = context
  const texts = messages.train
  const curves = curveText({
    epochs,
    messages,
    paint,
    ...(stdout.columns !== undefined && { columns: stdout.columns }),
  })
  if (curves !== '') say(`\n${curves}`)
  say()
  if (done.noBetterFor !== undefined) say(texts.stoppedEarly(done.epochs, done.noBetterFor))
  if (done.bestEpoch !== undefined) say(texts.best(done.bestEpoch, percent(done.validationAccuracy!)))
  if (done.testAccuracy !== undefined) {
    const samples = data.test!.labels.length
    const [low, high] = wilsonInterval(samples - done.testErrors!, samples)
    say(paint('bold', texts.test(percent(done.testAccuracy), count(done.testErrors!), count(samples))))
    say(messages.evaluation.interval(percent(low), percent(high)))
  } else say(done.bestEpoch === undefined ? texts.noTest : texts.onlyValidation)
  say(texts.weights(done.weightsHash))
  say(texts.took(duration(done.seconds)))
  say(texts.saved(folder))
  tellNext(context, folder, data)
}

function tellNext({ say, messages: { train: texts }, paint }: Context, folder: string, { train }: Splits): void {
  const [file, what] =
    train.preparation === 'digit' ? ['digit.png', texts.nextPredict] : ['picture.png', texts.nextPredictPicture]
  say(`\n${texts.next}`)
  const next = [
    [`npx lenet predict ${folder} ${file}`, what],
    [`npx lenet eval ${folder}`, texts.nextEval],
    [`npx lenet summary ${folder}`, texts.nextSummary],
  ] as const
  const width = Math.max(...next.map(([command]) => command.length))
  for (const [command, why] of next) say(`  ${paint('cyan', command.padEnd(width))}  ${paint('dim', why)}`)
}
