// lenet experiment: runs one of the repository's experiments, a TypeScript file of experiments/ that exports `run`.
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from 'lenet'
import type { Context } from '../context.ts'

const FOLDER = 'experiments'

interface Experiment {
  run(tools: { readonly say: (text: string) => void; readonly dataDir?: string }): Promise<void>
}

export async function experimentCommand(
  context: Context,
  name: string | undefined,
  { dataDir }: { readonly dataDir?: string },
): Promise<void> {
  const names = experimentsHere()
  if (name === undefined) {
    for (const each of names) context.say(each)
    return
  }
  const { errors } = context.messages
  if (names.length === 0) throw new UsageError(errors.noExperiments)
  if (!names.includes(name)) throw new UsageError(errors.noExperiment(name, names.join(', ')))
  const { run } = (await import(pathToFileURL(resolve(join(FOLDER, `${name}.ts`))).href)) as Experiment
  await run({ say: context.say, ...(dataDir !== undefined && { dataDir }) })
}

function experimentsHere(): string[] {
  try {
    return readdirSync(FOLDER)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.slice(0, -3))
  } catch {
    return []
  }
}
