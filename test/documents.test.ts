// Code blocks in the documents run as they stand.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')

const blocks = ['README.md', 'docs/layers.md'].flatMap((file) =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code], index) => ({
    title: `${file}, block ${index + 1}`,
    code: code!,
  })),
)

test('there are code blocks to run', () => expect(blocks.length).toBeGreaterThan(1))

test.each(blocks)('$title runs', ({ code }) => {
  const folder = mkdtempSync(join(ROOT, 'packages/cli/.documents-'))
  try {
    writeFileSync(join(folder, 'block.ts'), code)
    const output = execFileSync(process.execPath, [join(folder, 'block.ts')], { cwd: folder, encoding: 'utf8' })
    // Where the text says what is printed, it is.
    for (const [, said] of code.matchAll(/\/\/ (\d+)$/gm)) expect(output).toContain(said)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('the command stands where npx finds it', () => {
  expect(execFileSync(join(ROOT, 'node_modules/.bin/lenet'), ['--version'], { encoding: 'utf8' })).toMatch(
    /^\d+\.\d+\.\d+\n$/,
  )
})

test('links between the documents lead somewhere', () => {
  const files = [
    'README.md',
    'CONTRIBUTING.md',
    'docs/architecture.md',
    'docs/equations.md',
    'docs/formats.md',
    'docs/layers.md',
    'docs/pictures.md',
    'docs/runs.md',
    'docs/studio.md',
  ]
  const dead = files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\]\(([^)#:]+)\)/g)]
      .map(([, target]) => target!)
      .filter((target) => {
        try {
          execFileSync('test', ['-e', join(ROOT, file, '..', target)])
          return false
        } catch {
          return true
        }
      })
      .map((target) => `${file}: ${target}`),
  )
  expect(dead).toEqual([])
})
