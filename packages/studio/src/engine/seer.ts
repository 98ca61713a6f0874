// The worker that looks: at one image through every layer, at test images, and into model files.
import {
  type Answers,
  type Companion,
  createObserver,
  type Dataset,
  fitDataset,
  isFramed,
  type ModelFile,
  type Observation,
  type Observer,
  openModel,
  patterns,
  readWasm,
  saveModel,
  trainedModel,
  type Weights,
  writeWasm,
} from 'lenet'
import { type DataSource, loadSplit } from '../data/source.ts'
import { type FileChoice, openChosen, tryPresets } from './file-choice.ts'
import { serve } from './line.ts'
import { measure, slice } from './measure.ts'
import { moved } from './moved.ts'
import { fromPlain, type PlainModel, toPlain } from './plain-model.ts'
import { type Prepared, prepare, type Sight } from './prepare.ts'

export interface Activity extends Observation, Prepared {}

/** What was found out about a model file. */
export interface Opened {
  readonly model: PlainModel
  /** Parameter → array of the file, where the names differ. */
  readonly renamed: ReadonlyMap<string, string>
  readonly recognised?: string
  readonly alsoFits: readonly string[]
  readonly guessed: readonly string[]
}

export interface Saved {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly companion?: Companion
  /** Images on which the file, read back, gave equal scores to the last bit. */
  readonly equalOn: number
}

export interface Measured {
  /** Where a set of one's own holds nothing back: the images that it was trained on. */
  readonly isOnTraining: boolean
  readonly answers: Answers
  readonly labels: Uint8Array | Uint16Array
}

let model: ModelFile | undefined
let observer: Observer | undefined
/** What the observer was made for: everything of a model but its weights. */
let observed = ''
/** The model that the page opens with. */
let first: Promise<Opened> | undefined
let test: { readonly key: string; readonly data: Dataset; readonly isOnTraining: boolean } | undefined
/** The measurement that was asked for last; an older one gives up. */
let wanted = 0

async function testSet(source: DataSource): Promise<typeof test> {
  const key = source.kind === 'own' ? `own ${source.version}` : source.entry.name
  if (test?.key === key) return test
  const held = await loadSplit(source, 'test')
  const data = held ?? (await loadSplit(source, 'train'))
  if (data === undefined) return undefined
  test = { key, data, isOnTraining: held === undefined }
  return test
}

const testImages = async (source: DataSource): Promise<Dataset | undefined> => (await testSet(source))?.data

const offer = {
  /** Prepares a drawing for nobody, so that the first one to be looked at finds the code compiled. */
  warm(sight: Sight): void {
    prepare(sight, { net: { input: [1, 32, 32], entries: [] }, preparation: 'digit' })
  },

  /** The model that the page opens with, ready to be looked at: asked for in the page's head, and again by the page. */
  first(address: string, file: string): Promise<Opened> {
    first ??= openAt(address, file).catch((error) => {
      first = undefined
      throw error
    })
    return first
  },

  show(plain: PlainModel): void {
    const { weights, ...rest } = plain
    const now = JSON.stringify(rest)
    model = fromPlain(plain)
    if (observer !== undefined && now === observed) {
      observer.learn(weights)
      return
    }
    observer?.close()
    observer = createObserver(model)
    observed = now
  },

  learn(weights: Weights): void {
    if (model !== undefined) model = { ...model, weights }
    observer?.learn(weights)
  },

  /** Undefined for a blank drawing. */
  look(sight: Sight): Activity | undefined {
    if (model === undefined || observer === undefined) return undefined
    const prepared = prepare(sight, model)
    return prepared && { ...observer.look(prepared.pixels), ...prepared }
  },

  /** Undefined where another measurement was asked for meanwhile, or the images do not fit the model. */
  async measure(source: DataSource, most: number): Promise<Measured | undefined> {
    const mine = ++wanted
    const parts = model
    const set = await testSet(source)
    const images = set?.data
    if (parts === undefined || images === undefined || images.classes.length !== parts.classes.length) return undefined
    const count = Math.min(most, images.labels.length)
    const shape = parts.net.input as [number, number, number]
    const some = slice(images, 0, count)
    const data = isFramed(some.shape, shape) ? some : fitDataset(some, shape)
    const answers = await measure(parts, data, { most, isStale: () => wanted !== mine })
    return answers && { answers, labels: data.labels.slice(), isOnTraining: set!.isOnTraining }
  },

  /** Accuracies on test images that are moved to the right by so many pixels. */
  async underMoves(source: DataSource, most: number, moves: readonly number[]): Promise<number[]> {
    const parts = model
    const images = await testImages(source)
    if (parts === undefined || images === undefined || images.classes.length !== parts.classes.length) return []
    const shape = parts.net.input as [number, number, number]
    const some = slice(images, 0, Math.min(most, images.labels.length))
    const data = fitDataset(some, shape)
    const accuracies: number[] = []
    for (const by of moves) {
      const pixels = moved(data.pixels as Uint8Array, shape, by)
      const answers = await measure(parts, { ...data, pixels }, { most, isStale: () => model !== parts })
      if (answers === undefined) return []
      accuracies.push(answers.evaluation.accuracy)
    }
    return accuracies
  },

  /** Pixels of some test images, as they are stored. */
  async images(
    source: DataSource,
    indices: readonly number[],
  ): Promise<{ readonly shape: Dataset['shape']; readonly pixels: readonly Uint8Array[]; readonly labels: number[] }> {
    const data = await testImages(source)
    if (data === undefined) return { shape: [1, 1, 1], pixels: [], labels: [] }
    const size = data.pixels.length / data.labels.length
    const cut = (index: number) => Uint8Array.from(data.pixels.subarray(index * size, (index + 1) * size))
    return { shape: data.shape, pixels: indices.map(cut), labels: indices.map((index) => data.labels[index]!) }
  },

  open(bytes: Uint8Array, file: string, companion?: Companion, choice?: FileChoice): Opened {
    const { renamed, recognised, alsoFits, guessed, ...opened } = openChosen(bytes, file, companion, choice)
    return { model: toPlain(opened), renamed, alsoFits, guessed, ...(recognised !== undefined && { recognised }) }
  },

  /** For each choice the accuracies on some test images under every usual normalisation. */
  async tryOut(
    bytes: Uint8Array,
    file: string,
    companion: Companion | undefined,
    choices: readonly FileChoice[],
    { source, most }: { readonly source: DataSource; readonly most: number },
  ): Promise<number[][]> {
    const images = await testImages(source)
    const some = images && slice(images, 0, Math.min(most, images.labels.length))
    const rows: number[][] = []
    for (const choice of choices) {
      const opened = openChosen(bytes, file, companion, choice)
      rows.push(some ? await tryPresets(opened, some) : [])
    }
    return rows
  },

  async save(plain: PlainModel, file: string): Promise<Saved> {
    const whole = fromPlain(plain)
    if (file.endsWith('.wasm')) return ship(whole, file)
    const { bytes, companion } = saveModel(whole, file)
    const again = openModel(bytes, file, companion ? { companion } : {})
    return {
      bytes: bytes as Uint8Array<ArrayBuffer>,
      equalOn: equalImages(whole, again, file),
      ...(companion && { companion }),
    }
  },
}

export type SeerOffer = typeof offer

async function openAt(address: string, file: string): Promise<Opened> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${file}: the host answers ${response.status} ${response.statusText}`)
  const opened = offer.open(new Uint8Array(await response.arrayBuffer()), file)
  offer.show(opened.model)
  return opened
}

/** As a module of its own, whose code has to answer as the model does. */
async function ship(whole: ModelFile, file: string): Promise<Saved> {
  const bytes = writeWasm(whole)
  const [ours, theirs] = [trainedModel(whole), await readWasm(bytes, file)]
  const images = patterns(whole.net.input)
  for (const [image, pixels] of images.entries()) {
    const again = theirs.predict(pixels).scores
    if (ours.predict(pixels).scores.some((score, index) => score !== again[index])) throw differs(file, image)
  }
  return { bytes, equalOn: images.length }
}

const differs = (file: string, image: number): Error =>
  new Error(`${file}: read back, it gives other scores on image ${image}`)

/** Compares scores to the last bit. */
function equalImages(ours: ModelFile, theirs: ModelFile, file: string): number {
  const [one, other] = [createObserver(ours), createObserver(theirs)]
  const last = (of: ModelFile) => of.net.entries.at(-1)!.name
  const images = patterns(ours.net.input)
  for (const [image, pixels] of images.entries()) {
    const scores = one.look(pixels).values.get(last(ours))!
    const again = other.look(pixels).values.get(last(theirs))!
    if (scores.some((score, index) => score !== again[index])) throw differs(file, image)
  }
  one.close()
  other.close()
  return images.length
}

serve(offer)
