// A MODEL of the command line: a run folder, or a model file.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readModel, type TrainedModel, trainedModel, UsageError } from 'lenet'
import { readFileOrExplain } from 'lenet/node'
import type { Context } from './context.ts'
import { exists, files, readConfig } from './run-folder.ts'

export interface LoadedModel {
  readonly model: TrainedModel
  /** The data set that a run was trained on. */
  readonly dataset?: string
}

/** @throws UsageError for a path that is no model, FormatError for a damaged file. */
export async function loadModel(context: Context, verb: string, path: string): Promise<LoadedModel> {
  const { errors } = context.messages
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new UsageError(errors.notAModel(verb, path), errors.trainFirst)
  if (!found.isDirectory()) return { model: trainedModel(readModel(await readFileOrExplain(path), path)) }
  const file = join(path, files.model)
  if (!(await exists(file))) throw new UsageError(errors.notAModel(verb, path), errors.trainFirst)
  const { dataset } = await readConfig<{ dataset?: string }>(path)
  return { model: trainedModel(readModel(await readFileOrExplain(file), file)), ...(dataset && { dataset }) }
}
