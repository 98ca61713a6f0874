// Opens model files: of any known format, or of a run folder. What a file does not say is tried out on the images that are
// here, and can be chosen otherwise.
import { signal } from '@preact/signals'
import { type Companion, modelEndings } from 'lenet'
import { type FileChoice, normalisationNamed, presetsFor } from '../engine/file-choice.ts'
import type { Opened } from '../engine/seer.ts'
import { loadManifest, sourceOf } from './data.ts'
import { problem, seer, showModel } from './looking.ts'
import { classesOf, setsWith } from './measuring.ts'
import { view } from './route.ts'
import { leaveRuns } from './runs.ts'

/** A file that is open, and what was chosen about it. */
export interface OpenFile extends Opened {
  readonly file: string
  readonly bytes: Uint8Array
  readonly companion: Companion | undefined
  readonly choice: FileChoice
  /** The models that have its shapes, where nobody says which it is. */
  readonly candidates: readonly string[]
}

/** How candidates do under the usual normalisations: a row for each candidate. */
export interface Trial {
  readonly data: string
  readonly images: number
  readonly accuracies: readonly (readonly number[])[]
}

export const opened = signal<OpenFile | undefined>(undefined)
export const trial = signal<Trial | 'running' | undefined>(undefined)

const isModelFile = ({ name }: File): boolean => modelEndings.some((ending) => name.toLowerCase().endsWith(ending))

/** A run folder holds several; its model is the one that is called so. A single file is taken for what it is. */
function pick(files: readonly File[]): File | undefined {
  if (files.length === 1) return files[0]
  const models = files.filter(isModelFile)
  const named = (fits: (name: string) => boolean) => models.find(({ name }) => fits(name))
  const model = named((name) => name === 'model.safetensors') ?? named((name) => !name.startsWith('checkpoint'))
  return model ?? models[0] ?? files[0]
}

export async function openFiles(files: readonly File[]): Promise<void> {
  const file = pick(files)
  if (file === undefined) return
  try {
    problem.value = undefined
    const bytes = new Uint8Array(await file.arrayBuffer())
    const stem = file.name.replace(/\.[^.]+$/, '')
    const beside = files.find(({ name }) => name === `${stem}.json`)
    const companion = beside && (JSON.parse(await beside.text()) as Companion)
    const found = await seer.ask('open', bytes, file.name, companion)
    const candidates = found.recognised === undefined ? [] : [found.recognised, ...found.alsoFits]
    trial.value = undefined
    show({ ...found, file: file.name, bytes, companion, choice: {}, candidates })
    if (!isOpenQuestion(opened.value!)) return
    view.value = 'model'
    await tryOut()
  } catch (error) {
    problem.value = (error as Error).message
  }
}

function show(next: OpenFile): void {
  leaveRuns()
  opened.value = next
  void showModel(next.file, next.model)
}

/** Whether something that decides the answers was guessed. */
export const isOpenQuestion = ({ candidates, guessed, renamed }: OpenFile): boolean =>
  candidates.length > 1 || guessed.includes('normalisation') || guessed.includes('classes') || renamed.size > 0

/** Opens the file again, with something chosen. */
export async function choose(part: FileChoice): Promise<void> {
  const now = opened.value
  if (now === undefined) return
  try {
    problem.value = undefined
    const choice = { ...now.choice, ...part }
    const { model, renamed } = await seer.ask('open', now.bytes, now.file, now.companion, choice)
    show({ ...now, model, renamed, choice })
  } catch (error) {
    problem.value = (error as Error).message
  }
}

/** Test images that candidates are tried on: of every set a few, and more of the one that suits best. */
const FEW = 200
const MORE = 1000

/** Measures every candidate under every usual normalisation, and chooses what does best. */
export async function tryOut(data?: string): Promise<void> {
  const now = opened.value!
  await loadManifest()
  const sets = data === undefined ? setsWith(now.model.classes.length) : [data]
  if (sets.length === 0) return
  trial.value = 'running'
  const tries: Trial[] = []
  for (const name of sets) tries.push(await tryOn(now, name, sets.length > 1 ? FEW : MORE))
  const best = tries.reduce((one, other) => (bestOf(other).accuracy > bestOf(one).accuracy ? other : one))
  const last = best.images === MORE ? best : await tryOn(now, best.data, MORE)
  // Another file may have been opened meanwhile.
  if (opened.value?.bytes !== now.bytes) return
  trial.value = last
  const { row, column } = bestOf(last)
  await choose({
    ...choiceAt(now, row, column),
    ...(now.guessed.includes('classes') && { classes: classesOf(last.data) }),
  })
}

async function tryOn(
  { bytes, file, companion, candidates, choice }: OpenFile,
  data: string,
  most: number,
): Promise<Trial> {
  const { map } = choice
  const choices = (candidates.length === 0 ? [undefined] : candidates).map((model) => ({
    ...(model !== undefined && { model }),
    ...(map && { map }),
  }))
  const accuracies = await seer.ask('tryOut', bytes, file, companion, choices, { source: sourceOf(data)!, most })
  return { data, images: most, accuracies }
}

/** What a cell of a trial stands for. */
export function choiceAt({ candidates, model }: OpenFile, row: number, column: number): FileChoice {
  const channels = model.net.input[0]!
  const normalisation = normalisationNamed(presetsFor(channels)[column]!, channels)
  return { normalisation, ...(candidates[row] !== undefined && { model: candidates[row] }) }
}

function bestOf({ accuracies }: Trial): { readonly row: number; readonly column: number; readonly accuracy: number } {
  let best = { row: 0, column: 0, accuracy: -1 }
  for (const [row, cells] of accuracies.entries())
    for (const [column, accuracy] of cells.entries()) if (accuracy > best.accuracy) best = { row, column, accuracy }
  return best
}
