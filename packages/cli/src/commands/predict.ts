// lenet predict: what is on pictures of one's own. A picture that cannot be read does not stop the others.
import { type Prediction, prepareImage, type ShippedModel } from 'lenet'
import { readImage } from 'lenet/node'
import type { Context } from '../context.ts'
import { digitText } from '../digit-text.ts'
import { loadPredictor, type ModelFlags } from '../load-model.ts'
import { percent } from '../numbers.ts'

/** Gives whether every picture was answered. */
export async function predictCommand(
  context: Context,
  path: string,
  images: readonly string[],
  flags: ModelFlags,
): Promise<boolean> {
  const model = await loadPredictor(context, 'predict', path, flags)
  let answered = true
  for (const file of images)
    try {
      await predictFile(context, model, file, images.length > 1)
    } catch (error) {
      answered = false
      const [reason] = (error as Error).message.split('\n')
      process.stderr.write(
        `${reason!.startsWith(file) ? reason : context.messages.predict.unreadable(file, reason!)}\n`,
      )
    }
  return answered
}

async function predictFile(context: Context, model: ShippedModel, file: string, several: boolean): Promise<void> {
  const { say, emit, messages, paint, depth } = context
  const pixels = prepareImage(await readImage(file), model.input, model.preparation)
  const prediction = model.predict(pixels)
  emit({ file, ...prediction })
  if (depth > 0)
    say(`${messages.predict.prepared}\n${digitText({ shape: model.input as [number, number, number], pixels, depth })}`)
  const answer = paint('bold', messages.predict.answer(prediction.label, percent(prediction.probability, 1)))
  say(several ? `${file}: ${answer}` : answer)
  if (depth > 0) say(othersText(model.classes, prediction, messages.predict.answer))
}

/** The next two guesses. */
function othersText(
  classes: readonly string[],
  { label, scores }: Prediction,
  answer: (label: string, probability: string) => string,
): string {
  const others = classes.map((name, at) => ({ name, score: scores[at]! })).filter(({ name }) => name !== label)
  return others
    .sort((a, b) => b.score - a.score)
    .slice(0, 2)
    .map(({ name, score }) => answer(name, percent(score, 1)))
    .join('  ')
}
