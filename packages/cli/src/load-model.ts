// A MODEL of the command line: a run folder, or a model file of any format.
import { open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Companion,
  FormatError,
  isWasm,
  type OpenOptions,
  openModel,
  readWasm,
  type ShippedModel,
  type TrainedModel,
  trainedModel,
  UsageError,
} from 'lenet'
import { readFileOrExplain } from 'lenet/node'
import type { Context } from './context.ts'
import type { Messages } from './messages.ts'
import { count } from './numbers.ts'
import type { RunConfig } from './run-config.ts'
import { exists, files, readConfig } from './run-folder.ts'
import { withTimeLimit } from './time-limit.ts'

/** What a bare file of weights lacks, as the command line gives it. */
export interface ModelFlags {
  readonly as?: string
  readonly mean?: string
  readonly std?: string
  readonly labels?: string
  readonly map?: string
}

export interface LoadedModel {
  readonly model: TrainedModel
  /** What the run says that the model was trained in, where it is one. */
  readonly run?: RunFacts
}

/** Of a run's config.json. */
export type RunFacts = Pick<RunConfig, 'dataset' | 'holdOut'>

/** @throws UsageError for a path that is no model, FormatError for a damaged file. */
export async function loadModel(
  context: Context,
  verb: string,
  path: string,
  flags: ModelFlags = {},
): Promise<LoadedModel> {
  const { errors } = context.messages
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new UsageError(errors.notAModel(verb, path), errors.trainFirst)
  if (!found.isDirectory()) return { model: await openFile(context, verb, path, flags) }
  const file = join(path, files.model)
  if (!(await exists(file))) {
    if (!(await exists(join(path, files.config)))) throw new UsageError(errors.notAModel(verb, path), errors.trainFirst)
    const { goOn } = context.messages.train
    throw new UsageError(errors.unfinished(verb, path), goOn(`npx lenet train --resume --out ${path}`))
  }
  const run = await readConfig(path)
  const { dataset, holdOut } = run
  return {
    model: await openFile(context, verb, file, flags),
    ...(dataset !== undefined && { run: { dataset, ...(holdOut && { holdOut }) } }),
  }
}

/** What only has to answer: any model, or a shipped one. */
export async function loadPredictor(
  context: Context,
  verb: string,
  path: string,
  flags: ModelFlags = {},
): Promise<ShippedModel> {
  if (await isShipped(path)) {
    const given = (['as', 'mean', 'std', 'labels', 'map'] as const).find((flag) => flags[flag] !== undefined)
    if (given !== undefined) throw new UsageError(context.messages.errors.together(verb, `--${given}`, path))
    return withTimeLimit(await readWasm(await readFileOrExplain(path), path), path)
  }
  const { model } = await loadModel(context, verb, path, flags)
  return { ...model, input: model.net.input }
}

/** By its first bytes; what cannot be read is explained by whoever reads it. */
async function isShipped(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined)
  try {
    return file !== undefined && isWasm((await file.read(new Uint8Array(8), 0, 8, 0)).buffer)
  } catch {
    return false
  } finally {
    await file?.close()
  }
}

/** Where the facts about a bare file of weights are kept. */
export const companionOf = (path: string): string => `${path.replace(/\.[^./\\]+$/, '')}.json`

async function openFile(context: Context, verb: string, path: string, flags: ModelFlags): Promise<TrainedModel> {
  const opened = openModel(await readFileOrExplain(path), path, {
    ...(await readCompanion(path)),
    ...readFlags(context.messages, verb, flags),
  })
  const { messages, say } = context
  if (opened.renamed.size > 0) {
    say(messages.import.renamed(count(opened.renamed.size)))
    for (const [name, from] of opened.renamed) say(`  ${from} → ${name}`)
  }
  if (opened.recognised && opened.alsoFits.length > 0)
    say(messages.import.alsoFits(opened.recognised, opened.alsoFits.join(', ')))
  if (opened.guessed.includes('normalisation')) say(messages.import.guessed)
  return trainedModel(opened)
}

async function readCompanion(path: string): Promise<OpenOptions> {
  const beside = companionOf(path)
  const text = await readFile(beside, 'utf8').catch(() => undefined)
  if (text === undefined || beside === path) return {}
  try {
    return { companion: JSON.parse(text) as Companion }
  } catch (error) {
    throw new FormatError(beside, `is not JSON: ${(error as Error).message}`)
  }
}

/** Of --mean and --std the one that is given, and the one that lacks. */
const needed = (mean: string | undefined): [string, string] =>
  mean === undefined ? ['--std', '--mean'] : ['--mean', '--std']

function readFlags({ errors }: Messages, verb: string, { as, mean, std, labels, map }: ModelFlags): OpenOptions {
  const numbers = (option: string, text: string) =>
    text.split(',').map((part) => {
      const value = Number(part)
      if (part.trim() === '' || !Number.isFinite(value)) throw new UsageError(errors.numbers(verb, option, text))
      return value
    })
  if ((mean === undefined) !== (std === undefined)) throw new UsageError(errors.needs(verb, ...needed(mean)))
  const classes = labels?.split(',')
  return {
    ...(as !== undefined && { model: as }),
    ...(map !== undefined && { map: readMap(errors, verb, map) }),
    facts: {
      ...(classes && { classes }),
      ...(mean !== undefined &&
        std !== undefined && { normalisation: { mean: numbers('--mean', mean), std: numbers('--std', std) } }),
    },
  }
}

/** `conv1.weight=features.0.weight,…` */
const readMap = (errors: Messages['errors'], verb: string, text: string): Map<string, string> =>
  new Map(
    text.split(',').map((part) => {
      const [name, from] = part.split('=')
      if (!name || !from) throw new UsageError(errors.pairs(verb, '--map', text))
      return [name, from]
    }),
  )
