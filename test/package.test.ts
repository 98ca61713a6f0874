// The library as a user installs it: packed, installed into an empty project, imported, typed, bundled for a browser.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unnamedTypes } from './public-types.ts'

const ROOT = resolve(import.meta.dirname, '..')
const project = mkdtempSync(join(tmpdir(), 'lenet-installed-'))
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** The oldest Node on this machine; the package promises 20.19. */
const nodes = ['/usr/local/bin/node', '/usr/bin/node'].filter((path) => existsSync(path))
const node = nodes[0] ?? process.execPath
const run = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

beforeAll(() => {
  const packed = execFileSync('npm', ['pack', '--pack-destination', project, '--silent'], {
    cwd: join(ROOT, 'packages/lenet'),
    encoding: 'utf8',
  }).trim()
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty', version: '1.0.0', type: 'module', private: true }),
  )
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--omit=peer', `./${packed.split('\n').at(-1)}`])
}, 60_000)

const program = `
import { model, conv2d, relu, view, linear, train, sgd, writeModel, readModel, trainedModel } from 'lenet'
const pixels = Uint8Array.from({ length: 40 * 64 }, (_, at) => (at * 7919) % 256)
const data = { name: 'noise', shape: [1, 8, 8], pixels, labels: Uint8Array.from({ length: 40 }, (_, at) => at % 2), classes: ['even', 'odd'] }
const net = model([1, 8, 8], { conv1: conv2d({ out: 2, kernel: 3 }), relu1: relu(), flat: view(-1, 72), fc: linear(2) })
const run = train(net, data, { epochs: 1, optimizer: sgd({ lr: 0.01 }), threads: 2 })
for await (const event of run) if (event.event === 'done') console.log(event.weightsHash.length)
console.log(trainedModel(readModel(writeModel(run.trained))).predict(pixels.slice(0, 64)).label)
`

test(`the installed package trains, saves and predicts (${node === process.execPath ? process.version : run(node, ['--version']).trim()})`, () => {
  writeFileSync(join(project, 'use.js'), program)
  expect(run(node, ['use.js'])).toMatch(/^64\n(even|odd)\n$/)
})

test('the installed package has its types, and no sources of tests', () => {
  writeFileSync(join(project, 'use.ts'), program.replace('const data = {', 'const data: import("lenet").Dataset = {'))
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2022',
        strict: true,
        noEmit: true,
        lib: ['es2022', 'dom'],
        types: [],
      },
      files: ['use.ts'],
    }),
  )
  run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'])
  expect(existsSync(join(project, 'node_modules/lenet/dist/testing'))).toBe(false)
})

test('a layer of one’s own is written, trained, saved and opened from outside the package', () => {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs/layers.md'), 'utf8'))!
  writeFileSync(join(project, 'use.ts'), code!)
  run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'])
  writeFileSync(join(project, 'own.js'), stripTypeScriptTypes(code!))
  expect(run(node, ['own.js'])).toBe('413\n64\nown.safetensors true\nown.onnx true\n')
})

test('every type that the package exports something of has a name that it exports', () => {
  const { exports } = JSON.parse(readFileSync(join(project, 'node_modules/lenet/package.json'), 'utf8'))
  const entries = Object.values<{ readonly types?: string }>(exports).flatMap(({ types }) => types ?? [])
  expect(entries.length).toBeGreaterThan(3)
  const files = entries.map((path) => join(project, 'node_modules/lenet', path))
  expect(unnamedTypes(files)).toEqual([])
  // What one entry alone does not name is found.
  expect(unnamedTypes(files.filter((file) => file.endsWith('dist/index.d.ts')))).toContain(
    'OnnxReading (layers/onnx.d.ts)',
  )
})

test('the command without its package says how to install it', () => {
  try {
    run(node, ['node_modules/lenet/bin/lenet.js'])
    expect.unreachable()
  } catch (error) {
    expect(String((error as { stderr: string }).stderr)).toContain('npm install @lenet/cli')
  }
})

test('a bundle for the browser needs nothing of Node', async () => {
  const bundle = await rolldown({ input: join(project, 'node_modules/lenet/dist/index.js'), platform: 'browser' })
  const { output } = await bundle.generate({ format: 'esm' })
  await bundle.close()
  expect(output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n')).not.toMatch(/['"]node:|from ['"]sharp/)
  expect(
    JSON.parse(readFileSync(join(project, 'node_modules/lenet/package.json'), 'utf8')).dependencies,
  ).toBeUndefined()
})
