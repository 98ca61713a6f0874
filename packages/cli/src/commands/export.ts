// lenet export: a model in another format, read back and compared before success is told.
import { readFile } from 'node:fs/promises'
import {
  fitDataset,
  modelEndings,
  patterns,
  RunError,
  type ShippedModel,
  saveModel,
  type TrainedModel,
  takeFirst,
  UsageError,
  type WrittenModel,
  writeWasm,
} from 'lenet'
import { loadDataset, writeFileAtomic } from 'lenet/node'
import type { Context } from '../context.ts'
import { companionOf, loadModel, loadPredictor, type ModelFlags } from '../load-model.ts'
import { bytes as bytesText, count } from '../numbers.ts'
import { exists } from '../run-folder.ts'

const IMAGES = 64
const ENDINGS = [...modelEndings, '.wasm']

export async function exportCommand(context: Context, path: string, output: string, flags: ModelFlags): Promise<void> {
  const { model, run } = await loadModel(context, 'export', path, flags)
  const { bytes, companion } = written(context, model, output)
  const beside = companionOf(output)
  const text = companion && `${JSON.stringify(companion, null, 2)}\n`
  if (text !== undefined) await checkBeside(context, output, text)
  await writeFileAtomic(output, bytes)
  if (text !== undefined) await writeFileAtomic(beside, text)
  const images = (await realImages(model, run?.dataset)) ?? patterns(model.net.input, IMAGES)
  compare(context, model, await loadPredictor(context, 'export', output), images, output)
  context.emit({ file: output, bytes: bytes.length, images: images.length, equal: true, ...(companion && { beside }) })
  const { export: texts } = context.messages
  context.say(texts.written(output, bytesText(bytes.length)))
  if (companion) context.say(texts.beside(beside))
  context.say(texts.equal(count(images.length)))
}

/** @throws UsageError where the JSON that is wanted beside the file belongs to another, which could not be read any more. */
async function checkBeside({ messages }: Context, output: string, wanted: string): Promise<void> {
  const beside = companionOf(output)
  const found = await readFile(beside, 'utf8').catch(() => undefined)
  if (found === undefined || found === wanted || ((await exists(output)) && isCompanion(found))) return
  throw new UsageError(messages.errors.besideTaken(beside))
}

function isCompanion(text: string): boolean {
  try {
    return typeof JSON.parse(text).net === 'object'
  } catch {
    return false
  }
}

/** @throws UsageError for an ending that says no known format. */
function written({ messages }: Context, model: TrainedModel, file: string): WrittenModel {
  const ending = ENDINGS.find((known) => file.toLowerCase().endsWith(known))
  if (ending === undefined) throw new UsageError(messages.errors.noFormat(file, ENDINGS.join(', ')))
  return ending === '.wasm' ? { bytes: writeWasm(model) } : saveModel(model, file)
}

/** Images of the data set that the model was trained on, where it is at hand. */
async function realImages(model: TrainedModel, dataset: string | undefined): Promise<Uint8Array[] | undefined> {
  if (dataset === undefined) return undefined
  const shape = model.net.input as [number, number, number]
  const splits = await loadDataset(dataset, { download: false, shape }).catch(() => undefined)
  if (splits === undefined) return undefined
  const { pixels, labels } = fitDataset(takeFirst(splits.test ?? splits.train, IMAGES), shape)
  const size = pixels.length / labels.length
  return Array.from(labels, (_, at) => Uint8Array.from(pixels.subarray(at * size, (at + 1) * size)))
}

/** Every score of every image, to the last bit. @throws RunError where one differs. */
function compare(
  { messages }: Context,
  model: TrainedModel,
  again: Pick<ShippedModel, 'predict'>,
  images: readonly Uint8Array[],
  file: string,
): void {
  for (const pixels of images) {
    const [ours, theirs] = [model.predict(pixels), again.predict(pixels)]
    if (ours.label !== theirs.label || ours.scores.some((score, index) => score !== theirs.scores[index]))
      throw new RunError(messages.export.differs(file, theirs.label, ours.label))
  }
}
