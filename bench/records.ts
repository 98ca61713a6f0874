// docs/records.md: what a part of the bench found stands between two marks of its name.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { findCompiler } from '../packages/lenet/src/node/compiler.ts'

const ROOT = join(import.meta.dirname, '..')
const PATH = join(ROOT, 'docs/records.md')

/** Date, commit, machine and versions. */
export function circumstances(versions: ReadonlyMap<string, string>): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
  const changed = git('status', '--porcelain', '--', 'packages') === '' ? '' : ' with changes'
  return [
    new Date().toISOString().slice(0, 10),
    `commit ${git('rev-parse', '--short', 'HEAD')}${changed}`,
    `${cpus().length} × ${cpus()[0]!.model.trim()}`,
    `Node ${process.versions.node}`,
    compiler(),
    ...[...versions].map(([name, version]) => `${name} ${version}`),
  ].join(', ')
}

function compiler(): string {
  try {
    return findCompiler().version
  } catch {
    return 'no C compiler'
  }
}

/** Replaces what stands between `<!-- bench NAME -->` and `<!-- /bench NAME -->`. */
export function writeRecord(name: string, text: string): void {
  const [start, end] = [`<!-- bench ${name} -->`, `<!-- /bench ${name} -->`]
  const records = readFileSync(PATH, 'utf8')
  const [from, to] = [records.indexOf(start), records.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${PATH}: there is no place ${start} … ${end}`)
  writeFileSync(PATH, `${records.slice(0, from + start.length)}\n${text}\n${records.slice(to)}`)
}
