// Which types can be reached from what a package exports, and which of them it exports no name for. Reads the emitted
// declarations: a statement's capitalised words that are imported or declared beside it are the types it mentions.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

interface Module {
  /** Name → text of the declaration, of types and values. */
  readonly declared: ReadonlyMap<string, string>
  /** Local name → where it comes from. */
  readonly imported: ReadonlyMap<string, Origin>
  /** Exported name → where it comes from. */
  readonly exported: ReadonlyMap<string, Origin>
}

interface Origin {
  readonly file: string
  readonly name: string
}

const modules = new Map<string, Module>()

/** Types that are reached from the entries' exports and exported by none, as `Name (file)`. */
export function unnamedTypes(entries: readonly string[]): string[] {
  const named = new Set(
    entries.flatMap((entry) => [...readModule(entry).exported.values()].map((origin) => keyOf(settled(origin)))),
  )
  const reached = new Set<string>()
  const visit = (origin: Origin): void => {
    const key = keyOf(origin)
    if (reached.has(key)) return
    reached.add(key)
    const { declared, imported } = readModule(origin.file)
    const text = declared.get(origin.name)
    if (text === undefined) throw new Error(`${origin.file} does not declare ${origin.name}`)
    for (const [word] of text.matchAll(/\b[A-Za-z_]\w*/g)) {
      const from = imported.get(word)
      if (from !== undefined) visit(settled(from))
      else if (/^[A-Z]/.test(word) && declared.has(word)) visit({ file: origin.file, name: word })
    }
  }
  for (const entry of entries) for (const origin of readModule(entry).exported.values()) visit(settled(origin))
  return [...reached].filter((key) => !named.has(key)).sort()
}

const keyOf = ({ file, name }: Origin): string => `${name} (${file.replace(/.*\/dist\//, '')})`

/** Follows re-exports to the declaration. */
function settled(origin: Origin): Origin {
  const { declared, exported } = readModule(origin.file)
  if (declared.has(origin.name)) return origin
  const next = exported.get(origin.name)
  if (next === undefined) throw new Error(`${origin.file} does not export ${origin.name}`)
  return settled(next)
}

function readModule(file: string): Module {
  const known = modules.get(file)
  if (known !== undefined) return known
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  const declared = new Map<string, string>()
  const imported = new Map<string, Origin>()
  const exported = new Map<string, Origin>()
  const fileOf = (target: string): string => resolve(dirname(file), target.replace(/\.[jt]s$/, '.d.ts'))
  for (const statement of text.split(/\n(?=(?:export|import|declare|interface|type)\b)/)) {
    const [, all] = /^export \* from '(.+)'/.exec(statement) ?? []
    const [, kind, list, target] = /^(import|export)(?: type)? \{([^}]*)\}(?: from '(.+)')?/.exec(statement) ?? []
    const [, own] = /^(?:export )?(?:declare )?(?:interface|type|class|function|const) (\w+)/.exec(statement) ?? []
    if (all !== undefined)
      for (const [name] of readModule(fileOf(all)).exported) exported.set(name, { file: fileOf(all), name })
    else if (list !== undefined) {
      if (target !== undefined && !target.startsWith('.')) continue
      for (const item of list.split(',').filter((part) => part.trim())) {
        const [name, as = name] = item
          .trim()
          .replace(/^type /, '')
          .split(' as ') as [string, string]
        const origin = target === undefined ? (imported.get(name) ?? { file, name }) : { file: fileOf(target), name }
        ;(kind === 'import' ? imported : exported).set(as, origin)
      }
    } else if (own !== undefined) {
      declared.set(own, `${declared.get(own) ?? ''}${withoutNames(statement)}`)
      if (statement.startsWith('export')) exported.set(own, { file, name: own })
    }
  }
  const read = { declared, imported, exported }
  modules.set(file, read)
  return read
}

/** Without texts, and without what is a property's name or a member's. */
const withoutNames = (statement: string): string => statement.replace(/'[^']*'|\.\w+|\b\w+\??:(?!:)/g, '')
