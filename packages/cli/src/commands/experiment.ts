// lenet experiment: runs one of the repository's experiments, a TypeScript file of experiments/ that exports `run`.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from 'lenet'
import type { Context } from '../context.ts'
import { checkDataDir } from '../read-data.ts'

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
  const { errors } = context.messages
  if (names.length === 0) throw new UsageError(errors.noExperiments)
  if (name === undefined) return list(context, names)
  await checkDataDir(context, 'experiment', dataDir)
  if (!names.includes(name)) throw new UsageError(errors.noExperiment(name, names.join(', ')))
  const { run } = (await import(pathToFileURL(resolve(join(FOLDER, `${name}.ts`))).href)) as Experiment
  const say = (text: string): void => {
    context.emit({ experiment: name, text })
    context.say(text)
  }
  await run({ say, ...(dataDir !== undefined && { dataDir }) })
}

/** Each with the first sentence of its file, which says what it repeats. */
function list({ say, emit, paint }: Context, names: readonly string[]): void {
  const width = Math.max(...names.map(({ length }) => length))
  for (const name of names) {
    const summary = firstSentence(readFileSync(join(FOLDER, `${name}.ts`), 'utf8'))
    emit({ name, summary })
    say(`${name.padEnd(width)}  ${paint('dim', summary)}`)
  }
}

/** Of the comment that opens a file, over as many lines as it has. */
function firstSentence(source: string): string {
  const [comment = ''] = /^(\/\/.*\n)*/.exec(source)!
  const [sentence = ''] = comment.replace(/^\/\/ ?/gm, '').split(/(?<=\.)\s+(?=[A-Z]|$)/)
  return sentence.replaceAll('\n', ' ').trim()
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
