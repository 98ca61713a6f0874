// lenet export: a model in another format, read back and compared before success is told.
import { RunError, saveModel, type TrainedModel } from 'lenet'
import { writeFileAtomic } from 'lenet/node'
import type { Context } from '../context.ts'
import { companionOf, loadModel, type ModelFlags } from '../load-model.ts'
import { bytes as bytesText, count } from '../numbers.ts'

const IMAGES = 64

export async function exportCommand(context: Context, path: string, output: string, flags: ModelFlags): Promise<void> {
  const { model } = await loadModel(context, 'export', path, flags)
  const { bytes, companion } = saveModel(model, output)
  await writeFileAtomic(output, bytes)
  const beside = companionOf(output)
  if (companion) await writeFileAtomic(beside, `${JSON.stringify(companion, null, 2)}\n`)
  const again = await loadModel(context, 'export', output)
  compare(model, again.model, output)
  context.emit({ file: output, bytes: bytes.length, images: IMAGES, equal: true, ...(companion && { beside }) })
  const { export: texts } = context.messages
  context.say(texts.written(output, bytesText(bytes.length)))
  if (companion) context.say(texts.beside(beside))
  context.say(texts.equal(count(IMAGES)))
}

/** Every score of every image, to the last bit. @throws RunError where one differs. */
function compare(model: TrainedModel, again: TrainedModel, file: string): void {
  const size = model.net.input.reduce((product, extent) => product * extent, 1)
  for (let image = 0; image < IMAGES; image++) {
    // Blocks of brightness that differ from image to image: every unit has something to answer.
    const pixels = Uint8Array.from({ length: size }, (_, at) => (((at >> 2) * 37 + image * 101) ^ (at * image)) & 255)
    const [ours, theirs] = [model.predict(pixels), again.predict(pixels)]
    if (ours.label !== theirs.label || ours.scores.some((score, index) => score !== theirs.scores[index]))
      throw new RunError(`${file}: read back, it answers '${theirs.label}' where the model answers '${ours.label}'`)
  }
}
