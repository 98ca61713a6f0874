// Which images a model is measured on, and whether it was trained on them.
import { realpath } from 'node:fs/promises'
import { type Dataset, holdOut, type Splits, UsageError } from 'lenet'
import { heldFiles } from './held-files.ts'
import type { LoadedModel } from './load-model.ts'
import type { Messages } from './messages.ts'
import { isNamed } from './read-data.ts'

/** `held out`: what the run kept from training. `pictures`: of a folder without splits that the model, as far as it is known, was not trained on. */
export type MeasuredOn = 'test' | 'held out' | 'training' | 'pictures'

export interface Measured {
  readonly data: Dataset
  readonly on: MeasuredOn
}

/** @throws UsageError where the folder has changed, so that what was held back is not known any more. */
export async function measured(
  { errors }: Messages,
  splits: Splits,
  dataset: string,
  { run }: LoadedModel,
): Promise<Measured> {
  if (splits.test !== undefined) return { data: splits.test, on: 'test' }
  const isOwn = run !== undefined && !isNamed(dataset) && (await areOne(dataset, run.dataset))
  if (!isOwn) return { data: splits.train, on: 'pictures' }
  const [now, then] = [splits.train.labels.length, run.holdOut?.of]
  if (then !== undefined && then !== now)
    throw new UsageError(errors.folderChanged(dataset, now, then), errors.newFolder)
  const held = run.holdOut && holdOut(splits.train, run.holdOut).test
  const files = run.holdOut?.files
  if (held && files !== undefined && files !== heldFiles(dataset, held))
    throw new UsageError(errors.folderReplaced(dataset), errors.newFolder)
  return held === undefined ? { data: splits.train, on: 'training' } : { data: held, on: 'held out' }
}

const areOne = async (one: string, other: string): Promise<boolean> => {
  const [first, second] = await Promise.all([one, other].map((path) => realpath(path).catch(() => path)))
  return first === second
}
