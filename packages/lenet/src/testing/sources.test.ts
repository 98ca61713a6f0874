// What the sources may contain: imports go one way, and nothing that differs between JavaScript engines computes weights.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
/** A folder imports only from those before it. */
const ORDER = [
  'errors.ts',
  'tensor.ts',
  'random',
  'equation',
  'formats',
  'engine',
  'layers',
  'model',
  'pictures',
  'files',
  'explain',
  'optimizers',
  'data',
  'predict',
  'train',
  'measure',
  'ship',
  'draw',
  'zh',
  'node',
  'index.ts',
]

const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('testing'))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

/** What a source names: `import … from`, `export … from`, `import '…'`, and `import('…')`, of a value or of a type. */
const importsOf = (text: string): string[] =>
  [
    ...text.matchAll(/^(?:import|export)\b[^'"`]*?\bfrom\s+'([^']+)'/gm),
    ...text.matchAll(/^\s*import\s+'([^']+)'/gm),
    ...text.matchAll(/\bimport\(\s*['"`]([^'"`]+)['"`]/g),
  ].map(([, target]) => target!)

const roomOf = (path: string): number => ORDER.indexOf(path.split('/')[0]!)

test('every source lies in a room of the house', () => {
  expect(sources.filter(({ path }) => roomOf(path) < 0).map(({ path }) => path)).toEqual([])
})

test('a folder imports only from those above it', () => {
  const wrong = sources.flatMap(({ path, text }) =>
    importsOf(text)
      .filter((target) => target.startsWith('.'))
      .map((target) => relative(ROOT, resolve(ROOT, dirname(path), target)))
      .filter((target) => roomOf(target) > roomOf(path))
      .map((target) => `${path} imports ${target}`),
  )
  expect(wrong).toEqual([])
})

test('no file imports itself, on any way round', () => {
  const targets = new Map(
    sources.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter((target) => target.startsWith('.'))
        .map((target) => relative(ROOT, resolve(ROOT, dirname(path), target))),
    ]),
  )
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' → '))
    else if (!done.has(path)) for (const target of targets.get(path) ?? []) visit(target, [...way, path])
    done.add(path)
  }
  for (const { path } of sources) visit(path, [])
  expect(cycles).toEqual([])
})

test('only the node folder knows Node, and nothing needs a package', () => {
  const foreign = sources.flatMap(({ path, text }) =>
    importsOf(text)
      .filter((target) => !target.startsWith('.'))
      .filter((target) => !path.startsWith('node/') || !(target.startsWith('node:') || target === 'sharp'))
      .map((target) => `${path} imports ${target}`),
  )
  expect(foreign).toEqual([])
})

test('every kind of import is seen, and no sentence that speaks of one', () => {
  const text = `
import { a } from './a.ts'
import type {
  B,
} from './b.ts'
export * from './c.ts'
export { type D } from './d.ts'
import './e.ts'
const f = await import('./f.ts')
type G = typeof import('./g.ts')['default']
throw new UsageError("import 'lenet/node' first")
// the weights come from './nowhere'`
  expect(importsOf(text).sort()).toEqual('abcdefg'.split('').map((name) => `./${name}.ts`))
})

test('no function that differs between JavaScript engines stands on the path to a weight', () => {
  const differing =
    /Math\.(pow|exp|expm1|log|log1p|log2|log10|sin|cos|tan|tanh|sinh|cosh|atan|asin|acos|cbrt|hypot|random)\b|[\w)] \*\* /
  // Exact functions of float64 check gradients; probabilities are shown, not learned from; figures are looked at.
  const elsewhere = ['equation/scalar.ts', 'predict/scores.ts', 'draw/', 'node/']
  const found = sources
    .filter(({ path }) => !elsewhere.some((start) => path.startsWith(start)))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, at) => {
        const code = line.replace(/\/\/.*|^\s*\*.*|'[^']*'|`[^`]*`/g, '').replace(/2 \*\* -?\d+/g, '')
        return differing.test(code) ? [`${path}:${at + 1}: ${line.trim()}`] : []
      }),
    )
  expect(found).toEqual([])
})
